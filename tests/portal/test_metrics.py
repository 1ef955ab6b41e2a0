"""What Prometheus is told, and who may hear it."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from common.metering import take_files
from indicators.models import PublishingPause, Series, TouchedSeries
from indicators.services.pausing import pause_publishing
from portal.services.tallying import tally_job
from programmes.models import Programme

pytestmark = pytest.mark.django_db
QUEUE = "tests-of-metrics"
Sample = Callable[..., float | None]


@pytest.fixture
def sample() -> Sample:
    """`sample("bagdar_outbox_rows", outbox="series")`: its value now, None where there is none."""

    def find(name: str, of: str = "", **labels: str) -> float | None:
        answer = Client().get("/metrics", {"of": of} if of else {})
        assert answer.status_code == 200
        for family in text_string_to_metric_families(answer.content.decode()):
            for each in family.samples:
                if each.name == name and labels.items() <= each.labels.items():
                    return each.value
        return None

    return find


def test_requests_are_counted_by_view_and_status_with_their_time_and_queries(sample: Sample) -> None:
    def counts() -> list[float]:
        view = {"view": "programmes:programme-list"}
        return [
            sample("bagdar_requests_total", status="200", method="GET", **view) or 0,
            sample("bagdar_request_seconds_count", **view) or 0,
            sample("bagdar_request_queries_sum", **view) or 0,
            sample("bagdar_requests_total", status="404", view="programmes:programme-detail") or 0,
        ]

    before = counts()
    Client().get("/en/programmes/")
    Client().get("/en/programmes/nothing/")
    after = counts()
    assert [after[i] - before[i] for i in (0, 1, 3)] == [1, 1, 1]
    assert after[2] > before[2]


def test_public_answers_are_counted_by_whether_they_were_kept(sample: Sample, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:5], "portal.caching.PublicPages", *settings.MIDDLEWARE[5:]]
    before = [sample("bagdar_kept_answers_total", result=each) or 0 for each in ("miss", "hit")]
    client = Client()
    for _ in range(3):
        client.get("/en/indicators/")
    after = [sample("bagdar_kept_answers_total", result=each) or 0 for each in ("miss", "hit")]
    assert after[1] - before[1] >= 2
    assert after[0] > before[0]


def test_processes_of_a_host_never_share_a_file_and_leave_no_more_than_there_are(tmp_path: Path) -> None:
    take_files(tmp_path)
    take_files(tmp_path)
    names = sorted(path.name for path in tmp_path.glob("*.db"))
    assert names == sorted(f"{kind}_{n}.db" for kind in ("counter", "histogram", "summary") for n in (0, 1))
    assert all(path.stat().st_blocks * 512 >= 1024 * 1024 for path in tmp_path.glob("*.db"))


def test_a_message_that_waits_is_counted_with_its_age(sample: Sample) -> None:
    with current_app.connection_for_write() as broker:
        current_app.send_task("tests.nobody", queue=QUEUE, connection=broker)
        assert sample("bagdar_queue_messages", queue=QUEUE) == 1
        age = sample("bagdar_queue_oldest_seconds", queue=QUEUE)
        assert age is not None
        assert 0 < age < 30
        channel: Any = broker.default_channel
        channel.queue_delete(QUEUE)
    assert sample("bagdar_part_answers", part="broker") == 1


def test_with_the_broker_away_the_rest_is_still_told(sample: Sample) -> None:
    settings: Any = current_app.conf
    usual = settings.broker_read_url
    settings.broker_read_url = "redis+socket:///nowhere/valkey.sock"
    try:
        assert sample("bagdar_part_answers", part="broker") == 0
        assert sample("bagdar_queue_messages") is None
        assert sample("bagdar_database_bytes", of="portal")
    finally:
        settings.broker_read_url = usual


def test_work_that_waits_is_counted_with_its_age(sample: Sample) -> None:
    TouchedSeries.objects.all().delete()
    assert sample("bagdar_outbox_rows", outbox="series") == 0
    assert sample("bagdar_outbox_oldest_seconds", outbox="series") == 0
    row = TouchedSeries.objects.create(series=Series.objects.earliest("pk"))
    TouchedSeries.objects.filter(pk=row.pk).update(touched_at=timezone.now() - dt.timedelta(hours=2))
    assert sample("bagdar_outbox_rows", outbox="series") == 1
    assert sample("bagdar_outbox_oldest_seconds", outbox="series") == pytest.approx(7200, abs=60)


def test_runs_of_jobs_are_counted_by_outcome(sample: Sample) -> None:
    for outcome, seconds in (("SUCCESS", 1.5), ("SUCCESS", 0.5), ("FAILURE", 3.0)):
        tally_job("tests.job", outcome, seconds)
    of = {"task": "tests.job", "outcome": "success"}
    assert sample("bagdar_job_seconds_count", **of) == 2
    assert sample("bagdar_job_seconds_sum", **of) == 2.0
    assert sample("bagdar_job_seconds_count", task="tests.job", outcome="failure") == 1
    ended = sample("bagdar_job_last_run_timestamp_seconds", **of)
    assert ended == pytest.approx(timezone.now().timestamp(), abs=60)


def test_each_programme_says_how_old_its_newest_figure_is(sample: Sample) -> None:
    for programme in Programme.objects.all():
        assert sample("bagdar_programme_overdue_kpis", programme=programme.code) is not None
    seconds = sample("bagdar_programme_newest_figure_seconds", programme="almaty-2025")
    assert seconds is not None
    assert 0 <= seconds < 86_400


def test_a_pause_of_publishing_is_told_with_its_length(sample: Sample, user: Callable[[str], User]) -> None:
    assert sample("bagdar_publishing_paused_seconds") == 0
    pause = pause_publishing(by=user("administrator"), reason="a test")
    PublishingPause.objects.filter(pk=pause.pk).update(began_at=timezone.now() - dt.timedelta(hours=1))
    assert sample("bagdar_publishing_paused_seconds") == pytest.approx(3600, abs=60)


def test_the_last_back_up_is_told_once_there_is_one(
    sample: Sample, settings: Settings, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    assert sample("bagdar_backup_timestamp_seconds", of="portal") is None
    (tmp_path / "backup").mkdir()
    noted = {"at": "2026-11-20T02:00:00+00:00", "bytes": 1234, "ok": True, "seconds": 9.5}
    (tmp_path / "backup" / "last.json").write_text(json.dumps(noted))
    assert sample("bagdar_backup_timestamp_seconds", of="portal") == 1_795_140_000
    assert sample("bagdar_backup_ok", of="portal") == 1
    (tmp_path / "backup" / "last.json").write_text('{"at": "yester')
    assert sample("bagdar_backup_ok", of="portal") is None


def test_a_host_and_the_portal_can_be_asked_for_apart(sample: Sample) -> None:
    assert sample("bagdar_disk_free_bytes", of="host")
    assert sample("bagdar_database_bytes", of="host") is None
    assert sample("bagdar_disk_free_bytes", of="portal") is None
    assert sample("bagdar_database_bytes", of="portal")


def test_only_named_addresses_or_the_token_may_read(settings: Settings) -> None:
    settings.METRICS_TOKEN = "long-and-secret"

    def status(address: str = "203.0.113.7", **headers: str) -> int:
        return Client(REMOTE_ADDR=address).get("/metrics", {"of": "host"}, headers=headers).status_code

    assert status() == 403
    assert status("127.0.0.1") == 200
    assert status(Authorization="Bearer long-and-secret") == 200
    assert status(Authorization="Bearer other") == 403
    assert status("127.0.0.1", Authorization="Bearer other") == 403
    settings.METRICS_TOKEN = ""
    assert status(Authorization="Bearer ") == 403


def test_a_proxy_on_this_machine_lets_nobody_in(settings: Settings) -> None:
    through = {"X-Forwarded-For": "203.0.113.7"}
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.get("/metrics", headers=through).status_code == 403
    settings.TRUSTED_PROXY = True
    assert client.get("/metrics", headers=through).status_code == 403


def test_all_is_asked_in_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    Client().get("/metrics")
    with django_assert_max_num_queries(15):
        Client().get("/metrics")
