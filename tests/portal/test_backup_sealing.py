"""What is sealed opens with its key alone, and only whole."""

from pathlib import Path
from typing import IO

import pyrage
import pytest

from portal.backups import BackupError
from portal.backups.sealing import is_sealed, opened, sealed

CONTENT = bytes(range(256)) * 2_000


@pytest.fixture
def key(tmp_path: Path) -> str:
    """The public key of the file `key`."""
    found = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"# of these tests\n{found}\n")
    return str(found.to_public())


@pytest.fixture
def path(tmp_path: Path, key: str) -> Path:
    """A sealed file."""
    found = tmp_path / "sealed"
    with found.open("wb") as file, sealed(file, [key]) as target:
        target.write(CONTENT)
    return found


def read(path: Path, key_file: Path) -> bytes:
    with opened(path, str(key_file)) as source:
        return source.read()


def test_it_opens_with_its_key(path: Path, tmp_path: Path) -> None:
    assert is_sealed(path)
    assert CONTENT[:64] not in path.read_bytes()
    assert read(path, tmp_path / "key") == CONTENT


def test_what_is_not_sealed_needs_no_key(tmp_path: Path) -> None:
    with (tmp_path / "plain").open("wb") as file, sealed(file, []) as target:
        target.write(CONTENT)
    assert read(tmp_path / "plain", tmp_path / "nothing") == CONTENT


def test_another_key_and_none_are_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(BackupError, match="sealed for another key"):
        read(path, tmp_path / "other")
    with pytest.raises(BackupError, match="cannot be read"):
        read(path, tmp_path / "nothing")
    with pytest.raises(BackupError, match="name the file of its key"), opened(path, ""):
        pass


@pytest.mark.parametrize("place", [30, 300, 70_000, -1])
def test_a_changed_bit_breaks_the_seal(path: Path, tmp_path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError):
        read(path, tmp_path / "key")


def test_one_that_is_cut_off_is_refused(path: Path, tmp_path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BackupError, match="damaged"):
        read(path, tmp_path / "key")


def test_it_is_refused_even_where_nobody_reads_to_its_end(path: Path, tmp_path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(BackupError, match="damaged"), opened(path, str(tmp_path / "key")) as source:
        source.read(10)


def test_a_full_disk_is_said_to_be_full(key: str) -> None:
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        _seal(full, key)


def test_what_is_no_key_is_refused(key: str, tmp_path: Path) -> None:
    with (tmp_path / "x").open("wb") as file, pytest.raises(BackupError, match="no public key of age"):
        _seal(file, key[:-1])


def _seal(file: IO[bytes], key: str) -> None:
    with sealed(file, [key]) as target:
        target.write(CONTENT)
