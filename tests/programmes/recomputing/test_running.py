"""Everything is recomputed in parts, by whoever is free, and swapped in at once."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from indicators.models import Series
from indicators.services.publishing import Figure, publish
from programmes.models import (
    Forecast,
    Kpi,
    KpiRollup,
    Progress,
    ProgressChunk,
    ProgressRun,
    QualityFinding,
    Standing,
    TouchedIndicator,
    TouchedKpi,
)
from programmes.services import checking_quality, recomputing, running
from programmes.services.checking_quality import check_touched
from programmes.services.recomputing import drain_outbox, recompute
from programmes.services.running import (
    RunInProgressError,
    cancel_run,
    recompute_everything,
    silent_runs,
    start_run,
    work_on,
)

State = ProgressRun.State
Part = ProgressChunk.State


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PLACES_IN_A_CHUNK", 60)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_small_parts")]


def results() -> list[tuple[object, ...]]:
    """Everything computed, without the moment of computing."""
    facts = [f.attname for f in Progress._meta.concrete_fields]
    words = [f.attname for f in Standing._meta.concrete_fields if f.name != "computed_at"]
    return [
        *Progress.objects.order_by("pk").values_list(*facts),
        *Standing.objects.order_by("pk").values_list(*words),
        *Forecast.objects.order_by("pk").values_list(),
        *KpiRollup.objects.order_by("pk").values_list(),
    ]


def staged() -> bool:
    return "programmes_progress_next" in connection.introspection.table_names()


def publish_neet(value: str) -> None:
    """A new figure of the series that KPI 7 of Almaty rests on."""
    series = Standing.objects.get(kpi__code="KPI-7").series
    assert isinstance(series, Series)
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(2024, 1, 1), Decimal(value), "A", "test",
    )  # fmt: skip
    publish([figure], reason="test")


def neet() -> float | None:
    return Progress.objects.get(kpi__code="KPI-7", year=2024).actual


def test_a_run_gives_what_recomputing_each_kpi_gives() -> None:
    recompute()
    expected = results()
    Progress.objects.all().delete()
    run = recompute_everything()
    assert (run.state, run.kpis) == (State.DONE, Kpi.objects.count())
    assert run.chunks.count() > 3
    assert run.rows == Progress.objects.count() > 500
    assert results() == expected
    assert not staged()


def test_readers_see_the_old_results_until_all_parts_are_done() -> None:
    before = results()
    Kpi.objects.filter(code="KPI-7").update(baseline_value=100)
    run = start_run()
    while run.chunks.filter(state=Part.WAITING).exists():
        assert work_on(run.pk)
        assert results() == before
    assert not work_on(run.pk)
    assert Progress.objects.filter(kpi__code="KPI-7", baseline=100).exists()


def test_tables_keep_their_keys_and_indexes_after_the_exchange() -> None:
    def indexes() -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY 1",
                [running.TABLES],
            )
            return list(cursor.fetchall())

    before = indexes()
    assert len(before) >= len(running.TABLES)
    recompute_everything()
    recompute_everything()
    assert indexes() == before


def test_a_figure_published_during_a_run_is_in_the_result() -> None:
    run = start_run()
    while run.chunks.filter(state=Part.WAITING).exists():
        work_on(run.pk)
    time.sleep(0.01)
    publish_neet("4.44")
    drain_outbox()
    assert not work_on(run.pk)
    assert neet() == 4.44


@pytest.mark.parametrize("ahead", [dt.timedelta(hours=1), dt.timedelta(hours=-1)])
def test_hosts_whose_clocks_differ_lose_nothing(ahead: dt.timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    right = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: right() + ahead)
    run = start_run()
    while run.chunks.filter(state=Part.WAITING).exists():
        work_on(run.pk)
    assert silent_runs() == []
    monkeypatch.setattr(timezone, "now", lambda: right() - ahead)
    publish_neet("4.44")
    assert drain_outbox() > 0
    assert not work_on(run.pk)
    assert neet() == 4.44


def test_a_kpi_deleted_during_a_run_leaves_nothing_behind() -> None:
    run = start_run()
    while run.chunks.filter(state=Part.WAITING).exists():
        work_on(run.pk)
    gone = Kpi.objects.get(code="KPI-7")
    pk = gone.pk
    gone.delete()
    work_on(run.pk)
    assert not Progress.objects.filter(kpi=pk).exists()
    assert not Standing.objects.filter(kpi=pk).exists()


def test_a_deleted_kpi_takes_its_results_with_it() -> None:
    kpi = Kpi.objects.get(code="KPI-7")
    pk = kpi.pk
    assert Progress.objects.filter(kpi=pk).exists()
    kpi.delete()
    assert not Progress.objects.filter(kpi=pk).exists()


def test_a_second_run_is_refused_while_one_is_under_way() -> None:
    start_run()
    with pytest.raises(RunInProgressError):
        start_run()


def test_a_cancelled_run_changes_nothing_and_leaves_nothing() -> None:
    before = results()
    Kpi.objects.filter(code="KPI-7").update(baseline_value=100)
    run = start_run()
    work_on(run.pk)
    assert cancel_run(run.pk)
    assert not work_on(run.pk)
    run.refresh_from_db()
    assert run.state == State.CANCELLED
    assert results() == before
    assert not staged()
    assert not cancel_run(run.pk)


def test_an_unfinished_run_is_finished_by_the_next_start() -> None:
    run = start_run()
    work_on(run.pk)
    assert recompute_everything().pk == run.pk
    run.refresh_from_db()
    assert run.state == State.DONE


def test_a_run_that_stands_still_is_found() -> None:
    run = start_run()
    assert silent_runs() == []
    ProgressRun.objects.filter(pk=run.pk).update(moved_at=timezone.now() - dt.timedelta(minutes=1))
    assert silent_runs() == [run.pk]


@pytest.fixture
def _impossible_kpi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing the results of KPI 7 fails, as a full disk or a defect would make it fail."""
    write, poison = recomputing.write_results, Kpi.objects.get(code="KPI-7").pk

    def fail(kpis: list[int], today: dt.date, suffix: str = "") -> int:
        if poison in kpis:
            raise ArithmeticError("impossible")
        return write(kpis, today, suffix)

    monkeypatch.setattr(recomputing, "write_results", fail)
    monkeypatch.setattr(running, "write_results", fail)


@pytest.mark.usefixtures("_impossible_kpi")
def test_a_part_that_fails_again_and_again_ends_the_run_and_is_reported() -> None:
    before = results()
    run = recompute_everything()
    assert run.state == State.FAILED
    assert "impossible" in run.error
    failed = run.chunks.get(state=Part.FAILED)
    assert failed.attempts == running.ATTEMPTS
    assert "impossible" in failed.error
    assert results() == before
    assert not staged()
    assert [letter.to for letter in mail.outbox] == [["administrator@bagdar.example"]]
    assert "impossible" in mail.outbox[0].body


@pytest.mark.usefixtures("_impossible_kpi")
def test_a_kpi_that_fails_holds_up_no_other_and_is_tried_later() -> None:
    recomputing.touch(Kpi.objects.filter(code__in=["KPI-7", "KPI-8"]))
    assert drain_outbox() == 2
    left = TouchedKpi.objects.get()
    assert (left.kpi.code, left.attempts) == ("KPI-7", 1)
    assert "impossible" in left.error
    assert left.not_before > timezone.now()
    assert drain_outbox() == 0
    for _ in range(recomputing.ATTEMPTS):
        TouchedKpi.objects.update(not_before=timezone.now())
        drain_outbox()
    left.refresh_from_db()
    assert left.attempts == recomputing.ATTEMPTS
    assert len(mail.outbox) == 1


def test_what_is_published_reaches_the_kpi_and_empties_the_outbox() -> None:
    publish_neet("4.44")
    assert drain_outbox() == 1
    assert neet() == 4.44
    assert not TouchedKpi.objects.exists()


def test_what_is_published_or_amended_has_its_quality_checked() -> None:
    publish_neet("44.4")
    recomputing.touch(Kpi.objects.filter(programme__code="almaty-2025", code="KPI-7"))
    drain_outbox()
    kpi = Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")
    kpi.targets.all().delete()
    assert check_touched() == 1
    assert not TouchedIndicator.objects.exists()
    assert QualityFinding.objects.filter(rule="jump", series__indicator__code="neet-share").exists()
    assert QualityFinding.objects.filter(rule="no_targets", kpi=kpi).exists()
    assert check_touched() == 0


def test_a_check_that_fails_is_done_later(monkeypatch: pytest.MonkeyPatch) -> None:
    recomputing.touch(Kpi.objects.filter(code="KPI-7"))

    def failing(*_: object) -> None:
        raise ArithmeticError

    with monkeypatch.context() as patch:
        patch.setattr(checking_quality, "check", failing)
        with pytest.raises(ArithmeticError):
            check_touched()
    assert TouchedIndicator.objects.count() == 1
    assert check_touched() == 1


@pytest.mark.parametrize(
    ("value", "computed"),
    [("1e400", None), ("-1e400", None), ("1e-400", None), ("0", 0), ("1e300", 1e300), ("1e-300", 1e-300)],
)
def test_a_figure_that_no_double_holds_is_not_computed_with(
    client: Client, value: str, computed: float | None
) -> None:
    kpi = Kpi.objects.filter(programme__code="almaty-2025", code="KPI-7")
    kpi.update(baseline_value=Decimal(value))
    kpi.get().targets.update(value=Decimal(value))
    publish_neet(value)
    assert recompute() == Kpi.objects.count()
    found = Progress.objects.filter(kpi=kpi.get(), year=2024).first()
    assert (found.actual if found else None) == computed
    assert client.get("/en/programmes/almaty-2025/kpis/KPI-7/").status_code == 200
