"""The files of a back-up in the place of those that are there, once its database is."""

from pathlib import Path

import pytest

from portal.services.restoring import REPLACED, STAGED, ExchangeError, beside, exchange


def test_the_new_files_stand_in_the_place_of_the_old_ones(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "old").touch()
    with beside(tmp_path) as staged:
        (staged / "uploads").mkdir()
        (staged / "uploads" / "new").touch()
        exchange(staged, tmp_path)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")) == [
        "uploads", "uploads/new",
    ]  # fmt: skip


def bring(media: Path, *, fails: bool = False) -> None:
    """Exchanges the files, or ends before that with an error."""
    with beside(media) as staged:
        (staged / "new").touch()
        if fails:
            raise OSError("the disk is full")
        (media / staged.name.replace(STAGED, REPLACED)).touch()  # where the old ones would go
        exchange(staged, media)


def test_where_that_fails_both_are_kept_and_it_is_said_where(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    with pytest.raises(ExchangeError) as failed:
        bring(tmp_path)
    [new] = tmp_path.rglob("new")
    assert str(new.parent) in str(failed.value)
    assert (tmp_path / "old").exists()


def test_before_the_exchange_nothing_of_the_back_up_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"):
        bring(tmp_path, fails=True)
    assert list(tmp_path.iterdir()) == []
