"""Back to a moment: what was published before it is there, what was published after it is not."""

import datetime as dt
import time
from pathlib import Path

import pytest

from common.changes import CLUSTER
from deploy.embedded.errors import LaunchError
from deploy.embedded.recovery import make_base, recover
from deploy.embedded.servers import servers
from tests.deploy.test_servers import ask, query
from tests.patience import eventually


def publish(url: str, figure: str) -> None:
    with query(url) as opened:
        opened.execute("INSERT INTO published VALUES (%s)", [figure])


def test_a_figure_published_after_the_moment_is_gone_and_one_from_before_is_there(
    var: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAL_ARCHIVE", str(scratch / "archive"))
    with servers(var) as environment:
        url = environment["DATABASE_URL"]
        with query(url) as opened:
            opened.execute("CREATE TABLE published (figure text)")
        publish(url, "in the copy")
        make_base(var, scratch / "base")
        publish(url, "before the moment")
        time.sleep(0.2)
        moment = dt.datetime.now(dt.UTC)
        time.sleep(0.2)
        publish(url, "after the moment")
        before = ask(url, CLUSTER)
    # A server that stops writes out its last segment: as if it had been one minute later.
    recover(var, scratch / "base", moment.isoformat())
    with servers(var) as environment:
        url = environment["DATABASE_URL"]
        eventually(lambda: ask(url, "SELECT pg_is_in_recovery()") is False)
        with query(url) as opened:
            opened.execute("SELECT figure FROM published ORDER BY figure")
            assert opened.fetchall() == [("before the moment",), ("in the copy",)]
        assert ask(url, CLUSTER) != before, "whoever follows the lists is told to start anew"
        publish(url, "and it goes on")
        with pytest.raises(LaunchError, match="pg_basebackup failed"):
            make_base(var, scratch / "base")  # there is one already


def test_a_damaged_copy_and_a_moment_without_its_zone_are_refused(
    var: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAL_ARCHIVE", str(scratch / "archive"))
    with servers(var) as environment:
        make_base(var, scratch / "base")
        assert environment
    with pytest.raises(LaunchError, match="is no moment with its zone"):
        recover(var, scratch / "base", "2026-11-21T22:04:00")
    victim = next(path for path in (scratch / "base" / "base").rglob("*") if path.is_file())
    victim.write_bytes(victim.read_bytes()[:-1] + b"\1")
    before = (var / "postgres").stat().st_ino
    with pytest.raises(LaunchError, match="pg_verifybackup failed"):
        recover(var, scratch / "base", "2026-11-21T22:04:00+00:00")
    assert (var / "postgres").stat().st_ino == before
    with pytest.raises(LaunchError, match="is not running"):
        make_base(var, scratch / "other")
