"""The web server's configuration, with a real server."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from deploy.ports import free_port
from tests.deploy.slow_answer import PIECES
from tests.page_faults import CALLS
from tests.patience import PATIENCE_SECONDS, eventually


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a server listens that kills workers without a sign of life for two seconds."""
    number = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "tests.deploy.slow_answer", "-c", "deploy/gunicorn.conf.py",
        "--timeout", "2", "--workers", "1", "--bind", f"127.0.0.1:{number}",
    ]  # fmt: skip
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=log, stderr=log)
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(PATIENCE_SECONDS)


def _wait_for(port: int) -> None:
    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    eventually(listens)


def get(port: int, path: str) -> bytes:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    client.request("GET", path)
    return client.getresponse().read()


def test_an_answer_may_take_longer_than_a_worker_may_hang(port: int) -> None:
    assert get(port, "/") == b"".join(f"{number}\n".encode() for number in range(PIECES))


def test_a_worker_has_room_for_frames(port: int) -> None:
    assert int(get(port, "/faults")) < CALLS / 10
