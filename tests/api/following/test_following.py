"""What a client hears that asks what has changed: all of it, and hardly anything else."""

import datetime as dt
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from cities.models import Territory
from common.changes import prune_changes
from indicators.models import Dimension, Indicator, Series, Unit
from indicators.services.publishing import Figure, publish
from programmes.models import Discrepancy, DiscrepancyStatement, Goal, Kpi, LegalAct, Programme, Target
from programmes.services.recomputing import recompute
from programmes.services.running import recompute_everything
from tests.api.following.copies import Copy

pytestmark = pytest.mark.django_db

LISTS = [
    "programmes", "goals", "kpis", "targets", "observations", "progress", "standings", "discrepancies",
    "territories", "indicators", "sources", "units",
]  # fmt: skip


def ask(name: str, expect: int = 200, **params: Any) -> Any:
    answer = Client().get(f"/api/v1/{name}/", params)
    assert answer.status_code == expect, answer.content
    return answer.json()


def token() -> str:
    return str(ask("units", limit=1)["sync"])


def since(name: str, point: str, **params: Any) -> tuple[list[str], list[str], list[str]]:
    """The ids that were touched, those that are gone, and the KPIs whose rows are all new."""
    page = ask(name, 200, updated_after=point, limit=10_000, **params)
    return [row.get("id", row.get("code")) for row in page["results"]], page["deleted"], page["replaced"]


def kpi(code: str = "KPI-4") -> Kpi:
    return Kpi.objects.get(programme__code="almaty-2025", code=code)


def series() -> Series:
    found = Series.objects.filter(frequency="A", observations__isnull=False).order_by("pk").first()
    assert found is not None
    return found


def other_unit() -> str:
    return str(Unit.objects.exclude(code="PT").values_list("code", flat=True)[0])


def figure(of: Series, year: int, value: str) -> Figure:
    start = dt.date(year, 1, 1)
    return Figure(
        of.indicator_id, of.territory_id, of.breakdown_id, of.source_id, of.frequency, start, Decimal(value),
        "A", "test",
    )  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_where_nothing_has_changed_there_is_nothing_to_tell(name: str) -> None:
    assert since(name, ask(name, limit=1)["sync"]) == ([], [], [])


def test_one_token_serves_all_lists() -> None:
    point = token()
    Unit.objects.filter(code="PT").update(symbol_en="pct")
    assert since("units", point) == (["PT"], [], [])
    assert since("kpis", point) == ([], [], [])


def test_a_figure_published_and_revised_comes_once() -> None:
    point, line = token(), series()
    publish([figure(line, 1901, "1")])
    publish([figure(line, 1901, "2"), figure(line, 1902, "3")], reason="revised")
    touched, gone, replaced = since("observations", point)
    assert [one.rsplit(":", 1)[1] for one in touched] == ["1901", "1902"]
    assert (gone, replaced) == ([], [])


def test_a_figure_deleted_by_hand_is_named() -> None:
    line = series()
    publish([figure(line, 1903, "1")])
    point = token()
    line.observations.filter(period_start=dt.date(1903, 1, 1)).delete()
    touched, gone, _replaced = since("observations", point)
    assert touched == []
    assert [one.rsplit(":", 1)[1] for one in gone] == ["1903"]


def test_what_is_saved_as_it_was_is_not_touched() -> None:
    point = token()
    kpi().save()
    assert since("kpis", point) == ([], [], [])


@pytest.mark.parametrize(
    ("name", "write", "expected"),
    [
        ("kpis", lambda: Kpi.objects.filter(pk=kpi().pk).update(name_en="Other"), ["almaty-2025:KPI-4"]),
        (
            "programmes",
            lambda: Programme.objects.filter(code="semey-2050").update(note_en="x"),
            ["semey-2050"],
        ),
        ("indicators", lambda: dimension_of("neet-share"), ["neet-share"]),
        ("discrepancies", lambda: statement_of("D-004-1"), ["almaty-2025:D-004-1"]),
    ],
)
def test_an_edit_touches_the_row_in_which_it_is_seen(
    name: str, write: Callable[[], object], expected: list[str]
) -> None:
    point = token()
    write()
    assert since(name, point) == (expected, [], [])


def dimension_of(code: str) -> None:
    dimension = Dimension.objects.create(code="TEST_FOLLOWED", name_kk="x", name_ru="x", name_en="x")
    Indicator.objects.get(code=code).dimensions.add(dimension)


def statement_of(code: str) -> None:
    found = Discrepancy.objects.get(code=code, programme__code="almaty-2025").statements.first()
    assert found is not None
    DiscrepancyStatement.objects.filter(pk=found.pk).update(text_en="Said otherwise")


def test_an_amended_target_and_a_dropped_one_are_told() -> None:
    first, second = Target.objects.filter(kpi=kpi(), act__isnull=False).order_by("period_start")[:2]
    point = token()
    act = LegalAct.objects.create(
        programme=kpi().programme, code="followed", kind="amendment", title_kk="x", title_ru="x", title_en="x"
    )
    day = dt.date(2024, 6, 1)
    Target.objects.filter(pk=first.pk).update(valid_to=day)
    Target.objects.create(kpi=kpi(), act=act, period_start=first.period_start, value=1, valid_from=day)
    second.delete()
    touched, gone, _replaced = since("targets", point)
    year, later = first.period_start.year, second.period_start.year
    assert set(touched) == {f"almaty-2025:KPI-4:{year}:{code}" for code in (first.act.code, "followed")}  # type: ignore[union-attr]
    assert gone == [f"almaty-2025:KPI-4:{later}:{second.act.code}"]  # type: ignore[union-attr]


def test_a_kpi_takes_with_it_what_hangs_on_it() -> None:
    doomed = kpi("KPI-9")
    recompute([doomed.pk])
    targets = {target.period_start.year for target in doomed.targets.all()}
    point = token()
    doomed.delete()
    assert since("kpis", point) == ([], ["almaty-2025:KPI-9"], [])
    assert {one.split(":")[2] for one in since("targets", point)[1]} == {str(year) for year in targets}
    assert since("standings", point) == ([], [], ["almaty-2025:KPI-9"])
    assert since("progress", point) == ([], [], ["almaty-2025:KPI-9"])


def test_what_leaves_a_filter_is_gone_from_the_filtered_copy() -> None:
    goal = Goal.objects.filter(programme__code="almaty-2025", kind="section").first()
    assert goal is not None
    point = token()
    Goal.objects.filter(pk=goal.pk).update(kind="part")
    assert since("goals", point, kind="section") == ([], [f"almaty-2025:{goal.code}"], [])
    assert since("goals", point, kind="part") == ([f"almaty-2025:{goal.code}"], [], [])
    Goal.objects.filter(pk=goal.pk).update(kind="section")


def test_what_was_deleted_and_made_anew_is_there() -> None:
    place = {"level": "settlement", "name_kk": "x", "name_ru": "x", "name_en": "x"}
    parent = Territory.objects.get(code="almaty")
    Territory.objects.create(code="followed-village", parent=parent, **place)
    point = token()
    Territory.objects.get(code="followed-village").delete()
    Territory.objects.create(code="followed-village", parent=parent, **place)
    assert since("territories", point) == (["followed-village"], [], [])


def test_recomputed_kpis_come_whole() -> None:
    point = token()
    recompute([kpi().pk])
    touched, _gone, replaced = since("standings", point)
    assert (touched, replaced) == (["almaty-2025:KPI-4:almaty"], ["almaty-2025:KPI-4"])


def test_progress_that_is_as_it_was_is_not_told_again() -> None:
    recompute_everything()
    point = token()
    changed = Kpi.objects.filter(progress__attainment__isnull=False).distinct()[0]
    Target.objects.filter(kpi=changed).update(value=Decimal("12345.5"))
    recompute_everything()
    touched, _gone, replaced = since("progress", point)
    assert replaced == [f"{changed.programme.code}:{changed.code}"]
    assert len(touched) == changed.progress.count()
    assert len(since("standings", point)[2]) == Kpi.objects.count()


def test_results_that_were_exchanged_are_followed_further() -> None:
    copy = Copy("standings")
    copy.download()
    recompute_everything()
    copy.bring_up_to_date()
    point = copy.token
    recompute([kpi().pk])
    assert since("standings", point)[2] == ["almaty-2025:KPI-4"]
    copy.bring_up_to_date()
    fresh = Copy("standings")
    fresh.download()
    assert copy.rows == fresh.rows
    assert copy.downloads == 1


def test_a_transaction_that_ends_late_is_not_missed() -> None:
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE indicators_unit SET symbol_en = 'late' WHERE code = 'PT'")
        Unit.objects.filter(code=other_unit()).update(symbol_en="early")
        point = token()  # after the other's write, before its end
        other.commit()
    finally:
        other.close()
    assert since("units", point) == (["PT"], [], [])


def test_nor_is_it_missed_by_the_clock() -> None:
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE indicators_unit SET symbol_en = 'later' WHERE code = 'PT'")
        Unit.objects.filter(code=other_unit()).update(symbol_en="earlier")
        moment = timezone.now()
        other.commit()
    finally:
        other.close()
    assert "PT" in since("units", moment.isoformat())[0]


def test_what_changes_while_a_client_walks_comes_the_next_time() -> None:
    def rename() -> None:
        Territory.objects.filter(code="abai").update(name_en=f"Abai {timezone.now()}")

    copy = Copy("territories")
    copy.meanwhile = rename
    copy.download(limit=40)
    copy.meanwhile = lambda: None
    copy.bring_up_to_date()
    fresh = Copy("territories")
    fresh.download()
    assert copy.rows == fresh.rows


def test_a_renamed_code_makes_every_copy_too_old() -> None:
    point = token()
    with transaction.atomic():
        Unit.objects.filter(code="PT").update(code="PTX")
        Unit.objects.filter(code="PTX").update(code="PT")
    problem = ask("kpis", expect=410, updated_after=point)
    (flaw,) = problem["errors"]
    assert (problem["code"], flaw["code"], flaw["field"]) == ("sync_too_old", "sync_too_old", "updated_after")
    assert flaw["cure"]
    assert since("kpis", token()) == ([], [], [])


def wait_for_others() -> None:
    """Until every transaction of the whole server that is older than this moment is over."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot()) > max(transaction) FROM common_change"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)


def test_what_was_pruned_makes_copies_too_old() -> None:
    point, moment = token(), timezone.now()
    Unit.objects.filter(code=other_unit()).update(symbol_en="pruned")
    wait_for_others()
    after = token()
    assert prune_changes(before=timezone.now()) > 0
    assert ask("units", expect=410, updated_after=point)["code"] == "sync_too_old"
    assert ask("units", expect=410, updated_after=moment.isoformat())["code"] == "sync_too_old"
    assert since("units", after) == ([], [], [])
    assert prune_changes(before=timezone.now()) == 0


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("units", {"updated_after": "yesterday"}, "bad_value"),
        ("units", {"updated_after": "WyIxIiwiMTo1OiJd:forged"}, "bad_value"),
        ("progress", {"as_of": "2024-03-01", "programme": "almaty-2025"}, "contradictory_parameters"),
        ("observations", {"status": "A"}, "contradictory_parameters"),
        ("territories", {"within": "almaty"}, "contradictory_parameters"),
        ("quality-findings", {}, "unknown_parameter"),
    ],
)
def test_it_says_what_it_cannot_follow(name: str, params: dict[str, str], code: str) -> None:
    problem = ask(name, expect=400, **{"updated_after": token(), **params})
    assert code in {flaw["code"] for flaw in problem["errors"]}


def test_many_figures_cost_one_line_of_the_log() -> None:
    line = series()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM common_change WHERE name = 'observations'")
        [before] = cursor.fetchone()
        publish([figure(line, year, "1") for year in range(1700, 1900)])
        cursor.execute("SELECT count(*) FROM common_change WHERE name = 'observations'")
        [after] = cursor.fetchone()
    assert after == before + 1
