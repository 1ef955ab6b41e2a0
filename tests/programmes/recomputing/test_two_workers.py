"""Two processes at one run: with transactions that each other sees."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from programmes.models import Kpi, ProgressChunk, ProgressRun
from programmes.services import recomputing, running, swapping
from programmes.services.running import start_run, work_on
from tests.connections import WAITING
from tests.patience import PATIENCE_SECONDS, eventually

State = ProgressRun.State
Part = ProgressChunk.State

WORKER = """
import django
django.setup()
from programmes.services.running import work_on
print("at work", flush=True)
work_on({run})
"""


@pytest.fixture
def lasting(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A test whose work other processes see: it must leave everything as computed as it was."""
    monkeypatch.setattr(running, "PLACES_IN_A_CHUNK", 60)
    # The browser of earlier tests leaves an event loop in this thread: Django takes it for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with django_db_blocker.unblock():
        yield
        ProgressRun.objects.filter(state=State.RUNNING).update(
            state=State.CANCELLED, finished_at=timezone.now()
        )
        swapping.discard(running.TABLES)
        connections.close_all()


def worker(run: ProgressRun) -> "subprocess.Popen[str]":
    """Another process that does one part of the run on this test's database."""
    where = {
        name: quote(str(connection.settings_dict[name]), safe="") for name in ("USER", "PASSWORD", "HOST")
    }
    port = f":{connection.settings_dict['PORT']}" if connection.settings_dict["PORT"] else ""
    name = connection.settings_dict["NAME"]
    url = f"postgres://{where['USER']}:{where['PASSWORD']}@{where['HOST']}{port}/{name}"
    return subprocess.Popen(
        [sys.executable, "-c", WORKER.format(run=run.pk)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


def waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone() is not None


@pytest.mark.usefixtures("lasting")
def test_a_worker_that_dies_leaves_its_part_to_others() -> None:
    run = start_run()
    with transaction.atomic():
        recomputing.lock(list(Kpi.objects.values_list("pk", flat=True)))
        dying = worker(run)
        eventually(waits_for_us)
        dying.kill()
        dying.wait()
    while work_on(run.pk):
        pass
    run.refresh_from_db()
    assert run.state == State.DONE
    assert not run.chunks.exclude(state=Part.DONE).exists()
    assert run.chunks.filter(attempts=2).count() == 1


@pytest.mark.usefixtures("lasting")
def test_two_workers_do_not_take_the_same_part() -> None:
    run = start_run()
    with transaction.atomic():
        recomputing.lock(run.chunks.all()[0].kpis)
        other = worker(run)
        eventually(waits_for_us)
    held = run.chunks.filter(attempts=1).count()
    while work_on(run.pk):
        pass
    other.communicate(timeout=PATIENCE_SECONDS)
    while work_on(run.pk):
        pass
    run.refresh_from_db()
    assert held == 1
    assert run.state == State.DONE
    assert set(run.chunks.values_list("attempts", flat=True)) == {1}
