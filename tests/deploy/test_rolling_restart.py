"""Readers see no error while web and worker are exchanged and everything is recomputed."""

import http.client
import itertools
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection

from config.celery import app
from tests.connections import WAITING
from tests.deploy.conftest import ROOT
from tests.deploy.instances import Instance, instance
from tests.patience import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.django_db

READERS = 3
NUMBER = 6
"""Of the Redis database that is this test's own."""
ADDRESSES = (
    "/kk/", "/ru/programmes/", "/en/programmes/almaty-2025/", "/ru/territories/almaty/",
    "/api/v1/programmes/", "/api/v1/progress/?programme=almaty-2025", "/api/v1/observations/?limit=100",
)  # fmt: skip
AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2], sys.argv[2:])
"""
"""The socket as the third descriptor, under the process's own number."""
Process = subprocess.Popen[bytes]


class Reader(threading.Thread):
    """Reads one address after another, each second time with the ETag that he knows; counts the answers."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.seen = port, Counter[str]()
        self.is_over = threading.Event()

    def run(self) -> None:
        etags: dict[str, str] = {}
        for turn, path in enumerate(itertools.cycle(ADDRESSES)):
            if self.is_over.is_set():
                return
            headers = {"If-None-Match": etags[path]} if turn % 2 and path in etags else {}
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
            try:
                asked.request("GET", path, headers=headers)
                answer = asked.getresponse()
                answer.read()
                etags[path] = answer.headers.get("ETag", "")
                self.seen[str(answer.status)] += 1
            except (OSError, http.client.HTTPException) as error:
                self.seen[repr(error)] += 1
            finally:
                asked.close()


class Portal:
    """Web and worker on an instance, started as systemd does by the units in deploy/; the socket stays."""

    def __init__(self, found: Instance, listening: socket.socket, folder: Path) -> None:
        self.found, self.listening, self.folder = found, listening, folder
        self.port: int = listening.getsockname()[1]
        path = urlsplit(settings.REDIS_URL).path
        self.broker = f"redis+socket://{path}?virtual_host={NUMBER}"
        self.env = found.env | {
            "REDIS_URL": f"unix://{path}?db={NUMBER}", "DJANGO_SETTINGS_MODULE": "tests.hosts.settings",
            "API_LIMIT_ADDRESS": "0", "WEB_CONCURRENCY": "2", "WORKER_STOP_SECONDS": "1",
        }  # fmt: skip
        self.started: list[Process] = []

    def begin(self, *words: str) -> Process:
        """A process that finds the socket where systemd puts it."""
        number = self.listening.fileno()
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", AS_SYSTEMD, str(number), sys.executable, "-m", *words],
                cwd=ROOT, env=self.env, stdout=log, stderr=log, pass_fds=[number],
            )  # fmt: skip
        self.started.append(process)
        return process

    def begin_web(self) -> Process:
        return self.begin("gunicorn", "config.wsgi", "-c", "deploy/gunicorn.conf.py")

    def begin_worker(self) -> Process:
        alone = ["--without-gossip", "--without-mingle", "--concurrency", "1"]
        return self.begin("celery", "-A", "config", "worker", *alone)

    def recompute(self) -> None:
        """Has everything recomputed."""
        with app.connection_for_write(self.broker) as opened:
            app.send_task("programmes.recompute_everything", connection=opened)

    def runs(self) -> list[tuple[object, ...]]:
        """The states of all recomputations."""
        return self.found.ask("SELECT state FROM programmes_progressrun ORDER BY id")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Recomputes everything, up to where its results are written; goes on at the end."""
        holder = psycopg2.connect(self.found.url)
        with holder.cursor() as cursor:
            cursor.execute("LOCK TABLE programmes_kpi IN EXCLUSIVE MODE")
        self.recompute()
        eventually(lambda: self.found.ask(WAITING))
        yield
        holder.close()


def workers_of(web: Process) -> set[str]:
    """The processes that answer."""
    return set(Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text().split())


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """A copy of the prepared portal, with web and a broker of its own."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with (
        instance(tmp_path / "var", "rolling", template=name) as found,
        socket.create_server(("127.0.0.1", 0), backlog=512) as listening,
        redis.Redis(unix_socket_path=urlsplit(settings.REDIS_URL).path, db=NUMBER) as client,
    ):
        client.flushdb()
        running = Portal(found, listening, tmp_path)
        yield running
        for process in running.started:
            process.terminate()
        for process in running.started:
            process.wait(PATIENCE_SECONDS)
        client.flushdb()


def test_readers_see_no_error_while_all_is_exchanged_and_recomputed(portal: Portal) -> None:
    web, worker = portal.begin_web(), portal.begin_worker()
    before, rows = portal.runs(), portal.found.ask("SELECT count(*) FROM programmes_progress")
    readers = [Reader(portal.port) for _number in range(READERS)]
    for reader in readers:
        reader.start()
    with portal.held():
        former = workers_of(web)
        web.send_signal(signal.SIGHUP)
        worker.terminate()
        eventually(lambda: len(workers_of(web)) == 2 and not former & workers_of(web))
        worker.wait(PATIENCE_SECONDS)
        portal.begin_worker()
    eventually(lambda: portal.runs() == [*before, ("done",)])
    with portal.held():
        web.terminate()
        assert web.wait(PATIENCE_SECONDS) == 0
        web = portal.begin_web()
    eventually(lambda: portal.runs() == [*before, ("done",), ("done",)])
    eventually(lambda: len(workers_of(web)) == 2)
    for reader in readers:
        reader.is_over.set()
    for reader in readers:
        reader.join(PATIENCE_SECONDS)
    seen = sum((reader.seen for reader in readers), Counter[str]())
    assert seen.keys() == {"200", "304"}, seen
    assert portal.found.ask("SELECT count(*) FROM programmes_progress") == rows
