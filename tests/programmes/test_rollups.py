"""Roll-ups: counts, coverage, and the weighted mean of the way covered."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from programmes.codes import StandingCode
from programmes.models import Kpi, KpiRollup, Programme, Standing
from programmes.overview import Rollup, kpi_rows, rollups


def stands(standing: str, distance: float | None = None) -> Standing:
    return Standing(standing=standing, distance=distance)


@pytest.mark.parametrize(
    ("rollup", "coverage", "distance"),
    [
        (Rollup.of([stands("met", 1.2)]), 1.0, 1.0),
        (Rollup.of([stands("reversed", -0.5)]), 1.0, 0.0),
        (Rollup.of([stands("no_data")]), 0.0, None),
        (Rollup.of([stands("stale", 0.9), stands("off_track", 0.1)]), 0.5, 0.1),
        (Rollup.of([stands("missed")]), 1.0, None),
        (Rollup.of([]), None, None),
    ],
)
def test_what_cannot_be_judged_is_left_out(
    rollup: Rollup, coverage: float | None, distance: float | None
) -> None:
    assert (rollup.coverage, rollup.distance) == (coverage, distance)


def test_weights_are_normalised_and_members_share_theirs() -> None:
    heavy = Rollup.of([stands("on_track", 0.8)], weight=3)
    towns = Rollup.of([stands("off_track", 0.0), stands("at_risk", 0.4), stands("no_data")], weight=1)
    both = Rollup.total_of([heavy, towns])
    assert both.distance == pytest.approx((3 * 0.8 + 1 * 0.2) / 4)
    assert (both.judged, both.total) == (3, 4)


def test_no_weight_at_all_gives_no_mean() -> None:
    assert Rollup.of([stands("met", 1.0)], weight=0).distance is None


@pytest.mark.django_db
def test_the_databases_sum_is_that_of_the_rows() -> None:
    Kpi.objects.filter(code="KPI-7").update(weight=5)
    found = rollups()
    for programme in Programme.objects.all():
        kpis = programme.kpis.select_related("indicator__unit").prefetch_related("targets", "standings")
        expected = Rollup.total_of(row.rollup for row in kpi_rows(kpis, programme.starts_on))
        rollup = found.get(programme.pk, Rollup({}))
        assert dict(rollup.counts) == dict(expected.counts)
        assert rollup.distance == pytest.approx(expected.distance)


@pytest.mark.django_db
def test_those_of_a_programme_and_of_some_kpis_are_parts_of_the_whole() -> None:
    whole = rollups()
    programme = max(whole, key=lambda each: whole[each].total)
    assert programme is not None
    of_goals = rollups("goal_id", programme=programme)
    assert Rollup.total_of(of_goals.values()).counts == whole[programme].counts
    kpis = Kpi.objects.filter(programme=programme).values_list("pk", flat=True)
    each = rollups("id", kpis=list(kpis))
    assert set(each) == set(Standing.objects.filter(kpi__in=kpis).values_list("kpi", flat=True))
    assert rollups(kpis=list(kpis))[programme].distance == pytest.approx(whole[programme].distance)
    assert rollups(kpis=[]) == {}


@pytest.mark.django_db
def test_standings_from_before_the_roll_ups_are_counted_by_the_migration() -> None:
    columns = ["kpi", "way", *(word.value for word in StandingCode)]
    computed = list(KpiRollup.objects.order_by("kpi").values_list(*columns))
    assert len(computed) == Standing.objects.values("kpi").distinct().count()
    KpiRollup.objects.filter(kpi__in=[kpi for kpi, *_ in computed[1:]]).delete()
    fill()
    counted = KpiRollup.objects.order_by("kpi").values_list(*columns)
    for (kpi, way, *counts), (own_kpi, own_way, *own) in zip(counted, computed, strict=True):
        assert (kpi, counts) == (own_kpi, own)
        assert way == pytest.approx(own_way)


@pytest.mark.django_db
def test_a_way_that_is_unknown_counts_in_no_mean_of_the_migrations() -> None:
    kpi = Kpi.objects.filter(standings__isnull=False).first()
    assert kpi
    KpiRollup.objects.all().delete()
    kpi.standings.update(standing=StandingCode.MISSED, distance=None)
    fill()
    assert (kpi.rollup.way, kpi.rollup.missed) == (None, kpi.standings.count())


def fill() -> None:
    """As the migration does it."""
    import_module("programmes.migrations.0013_kpi_rollups_filled").fill(
        apps, SimpleNamespace(connection=connection)
    )
