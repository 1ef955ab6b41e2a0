"""The page on which administrators see how the portal itself is."""

import datetime as dt
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from indicators.models import Series, TouchedSeries
from indicators.services.pausing import pause_publishing
from papers.models import Paper
from portal.models import JobTally
from portal.monitoring import broker
from portal.monitoring.findings import findings
from portal.monitoring.schedule import job_label, scheduled
from portal.monitoring.servers import Replica, replica
from portal.monitoring.state import state_now
from portal.services.tallying import tally_job
from programmes.models import Kpi, TouchedKpi
from tests.patience import PATIENCE_SECONDS, eventually

pytestmark = pytest.mark.django_db
Browsers = Callable[[str], Client]


@pytest.fixture
def broker_away() -> Any:
    """Valkey does not answer."""
    settings: Any = current_app.conf
    usual, settings.broker_read_url = settings.broker_read_url, "redis+socket:///nowhere/valkey.sock"
    yield
    settings.broker_read_url = usual


@pytest.fixture
def worker() -> Iterator[None]:
    """A real worker, of a queue of its own."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "-P",
        "solo",
        "-Q",
        "tests-of-status",
    ]
    process = subprocess.Popen([*command, "-n", "tests-of-status@%h"], stderr=subprocess.DEVNULL)
    yield
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE_SECONDS)


@pytest.fixture(autouse=True)
def _only_a_worker_is_waited_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none runs, none has a second to answer."""
    if "worker" not in request.fixturenames:
        monkeypatch.setattr(broker, "WORKERS_PATIENCE_SECONDS", 0.01)


def page(client_of: Browsers, language: str = "en") -> str:
    answer = client_of("administrator").get(f"/{language}/status/")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.content.decode()


def told(**other: Any) -> list[str]:
    """What is pointed at; `other` parts of the state may be other ones."""
    with override("en"):
        return [each.what for each in findings(replace(state_now(), **other))]


def test_only_administrators_see_it(client_of: Browsers) -> None:
    assert client_of("anonymous").get("/en/status/").status_code == 302
    for role in ("analyst", "approver", "coordinator", "deputy"):
        assert client_of(role).get("/en/status/").status_code == 403


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_shows_every_part(client_of: Browsers, language: str) -> None:
    text = page(client_of, language)
    for part in ("PostgreSQL", "Valkey", "Django", "Python", "interactive"):
        assert part in text
    assert text.count("<tr>") > len(current_app.conf.beat_schedule)


def test_it_works_while_valkey_is_away_and_says_so(client_of: Browsers, broker_away: None) -> None:
    text = page(client_of)
    assert "Valkey does not answer" in text
    assert "PostgreSQL" in text


def test_it_says_that_no_worker_answers(client_of: Browsers) -> None:
    assert "No worker answers: uploads and recomputations wait." in page(client_of)


def test_it_names_the_workers_that_answer(client_of: Browsers, worker: None) -> None:
    eventually(lambda: "tests-of-status@" in page(client_of))
    text = page(client_of)
    assert "has nothing in hand" in text
    assert "No worker answers" not in text


def test_it_works_with_empty_tables(client_of: Browsers) -> None:
    Paper.objects.all().delete()
    JobTally.objects.all().delete()
    assert "has not run yet" in page(client_of)


def test_every_job_has_a_name_for_readers() -> None:
    tasks = [task for task in current_app.tasks if not task.startswith(("celery.", "tests."))]
    assert tasks
    assert [task for task in tasks if job_label(task) == task] == []


def test_a_job_that_failed_or_is_late_is_pointed_at_until_it_succeeds() -> None:
    JobTally.objects.all().delete()
    tally_job("portal.prune", "FAILURE", 0.1)
    assert "A scheduled job has failed: Forgets what has been kept long enough." in told()
    tally_job("portal.prune", "SUCCESS", 0.1)
    assert "A scheduled job has failed: Forgets what has been kept long enough." not in told()
    tally_job("programmes.drain_outbox", "SUCCESS", 0.1)
    tally_job("portal.make_snapshot", "SUCCESS", 5)
    assert not [job for job in scheduled() if job.is_late]
    JobTally.objects.filter(task="programmes.drain_outbox").update(
        last_at=timezone.now() - dt.timedelta(minutes=4)
    )
    assert [job.task for job in scheduled() if job.is_late] == ["programmes.drain_outbox"]
    night = timezone.localtime().replace(hour=2, minute=11)
    ran = night if night < timezone.localtime() else night - dt.timedelta(days=1)
    snapshots = JobTally.objects.filter(task="portal.make_snapshot")
    snapshots.update(last_at=ran)
    assert "A scheduled job is late: Makes the bulk snapshot." not in told()
    snapshots.update(last_at=ran - dt.timedelta(days=2))
    assert "A scheduled job is late: Makes the bulk snapshot." in told()


def test_scheduled_jobs_that_all_stand_still_are_one_finding() -> None:
    for entry in current_app.conf.beat_schedule.values():
        tally_job(entry["task"], "SUCCESS", 0.1)
    JobTally.objects.update(last_at=timezone.now() - dt.timedelta(days=3))
    assert told().count("Scheduled jobs have stopped.") == 1
    assert not [what for what in told() if what.startswith("A scheduled job is late")]


def test_work_that_waits_too_long_and_kpis_that_fail_are_pointed_at() -> None:
    row = TouchedSeries.objects.create(series=Series.objects.earliest("pk"))
    what = "Work waits longer than it should: series whose figures changed."
    assert what not in told()
    TouchedSeries.objects.filter(pk=row.pk).update(touched_at=timezone.now() - dt.timedelta(minutes=6))
    assert what in told()
    TouchedKpi.objects.create(kpi=Kpi.objects.earliest("pk"), attempts=5, error="x")
    assert "Some KPIs could not be recomputed; readers see their old progress." in told()


def test_a_pause_of_publishing_is_pointed_at_and_what_waits_for_it_is_not(
    user: Callable[[str], User],
) -> None:
    assert "Publishing is paused." not in told()
    pause_publishing(by=user("administrator"), reason="a test")
    assert told().count("Publishing is paused.") == 1


@pytest.mark.parametrize(
    ("noted", "what"),
    [
        (None, "No back-up is noted on this host."),
        ({"ok": False}, "The last back-up failed."),
        ({"at": "2020-01-01T00:00:00+00:00"}, "The last back-up is more than a day old."),
        ({}, None),
    ],
)
def test_back_ups_are_looked_after(
    noted: dict[str, Any] | None, what: str | None, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    if noted is not None:
        (tmp_path / "backup").mkdir()
        good = {"at": timezone.now().isoformat(), "bytes": 10**9, "ok": True, "seconds": 60}
        (tmp_path / "backup" / "last.json").write_text(json.dumps(good | noted))
    about = [each for each in told() if "back-up" in each]
    assert about == ([what] if what else [])


def test_a_replica_that_is_away_or_behind_is_pointed_at() -> None:
    assert replica("default") == Replica("default", answers=True, lag=None)

    def told_of(found: Replica) -> bool:
        return "The replica second is behind or does not answer." in told(replicas=[found])

    assert told_of(Replica("second", answers=False, lag=None))
    assert told_of(Replica("second", answers=True, lag=31))
    assert not told_of(Replica("second", answers=True, lag=1))


def test_it_asks_few_queries(
    client_of: Browsers, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("administrator")
    client.get("/en/status/")
    with django_assert_max_num_queries(30):
        client.get("/en/status/")
