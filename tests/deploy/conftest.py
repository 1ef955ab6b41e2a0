import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.embedded.servers import socket_directory
from tests.patience import PATIENCE_SECONDS, eventually

ROOT = Path(__file__).resolve().parents[2]
LONG_NAME = "Ұзын жол, a path with spaces " + "тереңдік" * 5


@pytest.fixture(autouse=True)
def _own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The servers and the settings of the other tests are not those of these tests."""
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BAGDAR_VAR", "PYTHON", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory of its own that every account may cross, unlike pytest's own."""
    directory = Path(tempfile.mkdtemp(prefix="bagdar-test-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    eventually(lambda: not processes_of(directory))
    for pointer in directory.rglob("servers.path"):
        shutil.rmtree(pointer.read_text())
    for lock in directory.rglob("run/lock"):
        shutil.rmtree(socket_directory(lock.parents[1]), ignore_errors=True)
    shutil.rmtree(directory)


@pytest.fixture
def var(scratch: Path) -> Path:
    """An instance directory whose path is awkward, and too long for a socket."""
    directory = scratch / LONG_NAME / "var"
    directory.parent.mkdir(mode=0o711)
    return directory


Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Start `python -m deploy.embedded WORDS...`; whatever still runs at the end is stopped."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, var: Path, repository: Path = ROOT, port: int = 0) -> "subprocess.Popen[str]":
        launcher = subprocess.Popen(
            [sys.executable, "-m", "deploy.embedded", *words],
            cwd=repository,
            env=os.environ | {"BAGDAR_VAR": str(var), "PORT": str(port or 8000), "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(launcher)
        return launcher

    yield start
    for launcher in started:
        if launcher.poll() is None:
            launcher.send_signal(signal.SIGTERM)
        launcher.communicate(timeout=PATIENCE_SECONDS)


def processes_of(var: Path) -> dict[int, str]:
    """The programs that run for the instance in `var`, by process id."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            where = os.readlink(entry / "cwd")
        except OSError:
            continue
        if where.startswith(str(var)) or f"BAGDAR_SUPERVISED={var}".encode() in words:
            found[int(entry.name)] = Path(os.readlink(entry / "exe")).name
    return found
