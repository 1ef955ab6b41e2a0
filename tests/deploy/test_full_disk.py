"""A full disk: PostgreSQL refuses what needs space, and serves again once there is some; nothing is lost."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from deploy.embedded import paths
from deploy.embedded.servers import Servers
from deploy.embedded.supervisor import Supervisor
from tests.deploy.test_servers import ask, query
from tests.patience import eventually

MEGABYTE_OF_LOG = "SELECT pg_logical_emit_message(true, 'full', repeat('x', 1000000))"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@pytest.fixture
def disk(scratch: Path) -> Iterator[Path]:
    """A disk of 400 MB."""
    found = scratch / "disk"
    found.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=711", "tmpfs", found], check=True)
    yield found
    subprocess.run(["umount", "--lazy", found], check=True)


def fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(100_000)):
            pass


def test_what_needs_space_is_refused_and_the_server_is_back_once_there_is_some(disk: Path) -> None:
    var = disk / "var"
    paths.prepare(var)
    both, said = Servers(var), list[str]()
    both.initialise()
    supervisor = Supervisor(said.append)
    try:
        for child in both.children:
            supervisor.start(child)
        both.wait()
        url = both.environment()["DATABASE_URL"]
        with query(url) as opened:
            opened.execute("CREATE TABLE kept AS SELECT 7 AS figure")
        fill(disk / "filler")
        with pytest.raises(psycopg2.errors.DiskFull), query(url) as opened:
            opened.execute("CREATE TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
        assert ask(url, "SELECT figure FROM kept") == 7

        with suppress(psycopg2.OperationalError):  # until there is no place for the log either
            for _each in range(100):
                ask(url, MEGABYTE_OF_LOG)

        def has_stopped() -> bool:
            supervisor.mend()
            return any("PostgreSQL stopped" in each for each in said)

        def is_back() -> bool:
            supervisor.mend()
            with suppress(psycopg2.Error):
                return ask(url, "SELECT figure FROM kept") == 7
            return False

        eventually(has_stopped)
        (disk / "filler").unlink()
        eventually(is_back)
        with query(url) as opened:
            opened.execute("INSERT INTO kept VALUES (8)")
    finally:
        supervisor.stop()
        both.tidy()
