"""Real workers: in which order they take what waits, and what becomes of a job when they are stopped."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.conf import settings
from django.db import connection
from psycopg2.extensions import connection as Holder  # noqa: N812 - what it is here

from config.celery import app
from programmes.services.checking_quality import LOCK
from tests.connections import WAITING
from tests.patience import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.django_db
NUMBER = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
"""Of the Redis database that is these tests' own."""
Work = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def queues() -> Iterator[redis.Redis]:
    """The queues, empty."""
    with redis.Redis(unix_socket_path=urlsplit(os.environ["REDIS_URL"]).path, db=NUMBER) as client:
        client.flushdb()
        yield client
        client.flushdb()


def send(task: str, *arguments: Any) -> None:
    """Enqueues it as the portal does."""
    url = f"redis+socket://{urlsplit(os.environ['REDIS_URL']).path}?virtual_host={NUMBER}"
    with app.connection_for_write(url) as opened:
        app.send_task(task, args=arguments, connection=opened)


@pytest.fixture
def work(queues: redis.Redis, tmp_path: Path) -> Iterator[Work]:
    """`work("-Q", "mail")`: a worker of one process; its log is `worker.log`."""
    started: list[subprocess.Popen[bytes]] = []
    url = urlsplit(os.environ["REDIS_URL"])
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    own = {
        "REDIS_URL": f"{url.scheme}://{url.netloc}{url.path}?db={NUMBER}", "DATABASE_URL": database.geturl(),
        "BAGDAR_VAR": str(tmp_path),
    }  # fmt: skip

    def start(*words: str, seconds: str = "2") -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "--loglevel", "INFO", "--without-gossip", "--without-mingle", *words],
                cwd=settings.BASE_DIR, stdout=log, stderr=log,
                env=os.environ | own | {"WORKER_STOP_SECONDS": seconds},
            )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def ended(log: Path) -> list[str]:
    """The jobs that have ended, in order."""
    return re.findall(r"Task ([a-z_.]+)\[.*(?:succeeded|raised)", log.read_text())


def test_every_job_has_one_queue(queues: redis.Redis) -> None:
    send("programmes.work_on_run", 0)
    send("indicators.preview_upload", 0)
    send("indicators.send_letters")
    send("papers.resume")
    assert {name: queues.llen(name) for name in ("interactive", "imports", "mail", "recompute")} == {
        "interactive": 1, "imports": 1, "mail": 1, "recompute": 1,
    }  # fmt: skip


def test_what_somebody_waits_for_comes_first(work: Work, queues: redis.Redis, tmp_path: Path) -> None:
    for task in ("programmes.work_on_run", "programmes.work_on_run", "indicators.preview_upload"):
        send(task, 0)
    send("papers.resume")
    work()
    eventually(lambda: len(ended(tmp_path / "worker.log")) == 4)
    assert ended(tmp_path / "worker.log") == [
        "papers.resume", "indicators.preview_upload", "programmes.work_on_run", "programmes.work_on_run",
    ]  # fmt: skip


def test_a_worker_of_one_queue_leaves_the_others_alone(
    work: Work, queues: redis.Redis, tmp_path: Path
) -> None:
    send("indicators.preview_upload", 0)
    send("papers.resume")
    work("-Q", "interactive")
    eventually(lambda: ended(tmp_path / "worker.log") == ["papers.resume"])
    assert queues.llen("imports") == 1


@pytest.fixture
def held() -> Iterator[Holder]:
    """Somebody else checks the quality: whoever is to do so waits."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    holder = psycopg2.connect(url.geturl())
    with holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    yield holder
    holder.close()


def somebody_waits(holder: Holder) -> bool:
    """Whether the job has begun, and waits for the lock."""
    with holder.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone() is not None


def test_a_job_that_outlasts_the_stop_is_handed_back(work: Work, queues: redis.Redis, held: Holder) -> None:
    worker = work()
    send("programmes.check_quality")
    eventually(lambda: somebody_waits(held))
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    worker.wait(PATIENCE_SECONDS)
    assert time.monotonic() - began > 1.5
    assert queues.llen("recompute") == 1
    assert not queues.exists("unacked")


def test_a_job_that_ends_in_time_ends(work: Work, queues: redis.Redis, tmp_path: Path, held: Holder) -> None:
    worker = work(seconds="60")
    send("programmes.check_quality")
    eventually(lambda: somebody_waits(held))
    worker.send_signal(signal.SIGTERM)
    time.sleep(1)
    held.close()
    worker.wait(PATIENCE_SECONDS)
    assert ended(tmp_path / "worker.log") == ["programmes.check_quality"]
    assert not queues.exists("recompute", "unacked")


def is_alive(broker: str) -> bool:
    """What the probe of the worker on this host says (deploy/kubernetes/workers.yaml)."""
    probe = [str(settings.BASE_DIR / "deploy/container/alive"), "3"]
    return subprocess.run(probe, env=os.environ | {"REDIS_URL": broker}, check=False).returncode == 0


def test_a_worker_is_restarted_where_it_is_silent_not_where_the_broker_is(work: Work) -> None:
    url = urlsplit(os.environ["REDIS_URL"])
    broker = f"{url.scheme}://{url.netloc}{url.path}?db={NUMBER}"
    assert not is_alive(broker)
    assert is_alive("redis+socket:///nowhere/valkey.sock")
    work()
    eventually(lambda: is_alive(broker))
