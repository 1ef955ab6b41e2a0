"""The launcher with real servers, gunicorn and Celery, and a project small enough to start at once."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from deploy.embedded.errors import LaunchError
from deploy.embedded.portal import Options
from deploy.ports import free_port
from tests.deploy.conftest import ROOT, Launch, processes_of
from tests.patience import PATIENCE_SECONDS, eventually

MANAGE = """
import os, pathlib, sys, psycopg2
var = pathlib.Path(os.environ["BAGDAR_VAR"])
if sys.argv[1] == "migrate" and (var.parent / "broken").exists():
    sys.exit("relation programmes_kpi is missing")
if sys.argv[1] == "collectstatic":
    (var / "static").mkdir(exist_ok=True)
    print("collected")
if sys.argv[1] == "prepare":
    print("The password of the analyst is shown here.")
    (var / "prepared").touch()
"""
WSGI = """
import os, pathlib
def application(environ, start_response):
    ready = environ["PATH_INFO"] == "/healthz" or pathlib.Path(os.environ["BAGDAR_VAR"], "prepared").exists()
    start_response("200 OK" if ready else "503 Service Unavailable", [("Content-Type", "text/plain")])
    return [os.environ["SECRET_KEY"].encode()]
"""
CELERY = """
import os, pathlib
from celery import Celery
broker = os.environ["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
app = Celery("config", broker=broker)
app.conf.update(task_ignore_result=True, beat_schedule={"touch": {"task": "touch", "schedule": 0.5}})
@app.task(name="touch")
def touch():
    pathlib.Path(os.environ["BAGDAR_VAR"], "worked").touch()
"""


@pytest.fixture
def repository(var: Path) -> Path:
    """A repository with this launcher and a small project."""
    directory = var.parent
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "deploy" / "embedded", directory / "deploy" / "embedded", ignore=ignored)
    for name in ("gunicorn.conf.py", "frames.py"):
        shutil.copy(ROOT / "deploy" / name, directory / "deploy")
    (directory / "config").mkdir()
    (directory / "manage.py").write_text(MANAGE)
    (directory / "config" / "wsgi.py").write_text(WSGI)
    (directory / "config" / "celery.py").write_text(CELERY)
    return directory


def read_until(launcher: "subprocess.Popen[str]", words: str) -> str:
    assert launcher.stdout
    read = ""
    while words not in read:
        line = launcher.stdout.readline()
        assert line, f"it ended after {read!r}: {launcher.communicate()[1]}"
        read += line
    return read


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_it_starts_everything_mends_what_dies_and_stops_without_a_trace(
    repository: Path, var: Path, launch: Launch
) -> None:
    port = free_port()
    first = launch("up", var=var, repository=repository, port=port)
    shown = read_until(first, f"Bağdar is ready: http://127.0.0.1:{port}/")
    assert "The password of the analyst is shown here." in shown
    assert get(port, "/readyz") == (200, (var / "secret_key").read_text())
    eventually((var / "worked").exists)

    os.kill(postmaster := postmaster_of(var), signal.SIGKILL)
    read_until(first, "PostgreSQL stopped (status -9) and starts again in 1 s")
    eventually(lambda: postmaster_of(var) not in {0, postmaster})

    second = launch("up", var=var, repository=repository, port=port)
    assert second.wait(PATIENCE_SECONDS) == 1
    refused = second.communicate()[1]
    assert refused.startswith("bagdar: Bağdar is already running in ")
    assert refused.count("\n") == 1

    first.send_signal(signal.SIGINT)
    assert first.wait(PATIENCE_SECONDS) == 0
    assert not processes_of(var)


def postmaster_of(var: Path) -> int:
    """The process that PostgreSQL's own lock file names, or 0."""
    file = var / "postgres" / "postmaster.pid"
    return int(file.read_text().partition("\n")[0]) if file.exists() else 0


def test_a_second_start_after_the_launcher_was_killed_collects_nothing_again(
    repository: Path, var: Path, launch: Launch
) -> None:
    port = free_port()
    first = launch("up", var=var, repository=repository, port=port)
    read_until(first, "Bağdar is ready")
    eventually((var / "worked").exists)
    first.kill()
    first.wait()
    eventually(lambda: not processes_of(var))
    (var / "worked").unlink()
    second = launch("up", var=var, repository=repository, port=port)
    read_until(second, "Bağdar is ready")
    eventually((var / "worked").exists)
    assert (var / "log" / "collectstatic.log").read_text().count("collected") == 1


def test_a_failing_step_is_named_with_its_cause_and_leaves_nothing_running(
    repository: Path, var: Path, launch: Launch
) -> None:
    (repository / "broken").touch()
    launcher = launch("up", var=var, repository=repository, port=free_port())
    assert launcher.wait(PATIENCE_SECONDS) == 1
    complaint = launcher.communicate()[1]
    assert "migrate failed (relation programmes_kpi is missing); see " in complaint
    assert not processes_of(var)


def test_a_port_in_use_is_reported_before_a_database_is_made(var: Path, launch: Launch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        launcher = launch("up", var=var, port=port)
        assert launcher.wait(PATIENCE_SECONDS) == 1
        assert launcher.communicate()[1].startswith(f"bagdar: Port {port} on 127.0.0.1 cannot be used (")
    assert not (var / "postgres").exists()


def test_a_directory_that_cannot_be_written_is_reported_in_one_sentence(
    scratch: Path, launch: Launch
) -> None:
    (scratch / "file").touch()
    launcher = launch("up", var=scratch / "file" / "var", port=free_port())
    assert launcher.wait(PATIENCE_SECONDS) == 1
    complaint = launcher.communicate()[1]
    assert "set BAGDAR_VAR to a directory that can be" in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("written", ["0", "65536", "http", "-1"])
def test_it_refuses_a_port_that_is_none(written: str) -> None:
    with pytest.raises(LaunchError, match=f"PORT must be a whole number from 1 to 65535, not '{written}'"):
        Options.read({"PORT": written})


def test_an_address_of_the_sixth_version_is_written_in_brackets() -> None:
    options = Options.read({"HOST": "::", "PORT": "8080"})
    assert (options.address, options.local_host) == ("[::]:8080", "::1")
