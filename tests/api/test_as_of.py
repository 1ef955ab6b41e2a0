"""Figures as they were known on an earlier day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.models import ObservationRevision, Series
from tests.api.conftest import Get, World

pytestmark = pytest.mark.django_db
FIGURE = "observations/test-indicator:test-city:TEST=A:test-source:2020"


def revise(series: Series, value: int | None, day: int, *, released: int | None = None) -> None:
    """A change recorded on a day of March 2026, of a figure released on another."""
    ObservationRevision.objects.create(
        series=series, period_start=dt.date(2020, 1, 1), value=value, status="A" if value else "O",
        recorded_at=dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC),
        released_on=dt.date(2026, 3, released) if released else None,
    )  # fmt: skip


def known(get: Get, day: int) -> list[Decimal | None]:
    answer = get("observations", indicator="test-indicator", period_to="2020", as_of=f"2026-03-{day:02}")
    return [row["value"] for row in answer["results"]]


def test_each_day_has_the_figure_that_stood_then(world: World, get: Get) -> None:
    revise(world.series, 1, 5)
    revise(world.series, 2, 10)
    revise(world.series, None, 15)
    assert [known(get, day) for day in (4, 5, 9, 10, 14, 15, 20)] == [[], [1], [1], [2], [2], [None], [None]]
    assert get(FIGURE, as_of="2026-03-07")["value"] == 1
    assert get(FIGURE, as_of="2026-03-07")["published_at"] == "2026-03-05T12:00:00Z"
    get(FIGURE, as_of="2026-03-04", expect=404)


def test_a_figure_is_known_from_the_day_of_its_release(world: World, get: Get) -> None:
    revise(world.series, 1, 20, released=3)
    revise(world.series, 2, 10)
    assert [known(get, day) for day in (2, 3, 9, 10, 25)] == [[], [1], [1], [2], [2]]


def test_the_filters_are_those_of_today(world: World, get: Get) -> None:
    revise(world.series, 1, 5)
    day = "2026-03-06"
    assert len(get("observations", breakdown="TEST=A", as_of=day)["results"]) == 1
    assert get("observations", breakdown="TEST=A", status="L", as_of=day)["results"] == []
    assert get("observations", breakdown="TEST=A", as_of=day)["sync"] is None


def test_all_that_was_published_here_is_known_today(get: Get) -> None:
    today = get("observations", limit=10_000)["results"]
    then = get("observations", limit=10_000, as_of=timezone.localdate().isoformat())["results"]
    assert [row["id"] for row in then] == [row["id"] for row in today]
    assert [row["value"] for row in then] == [row["value"] for row in today]


def test_a_day_to_come_is_refused(get: Get) -> None:
    (flaw,) = get("observations", as_of="2126-01-01", expect=400)["errors"]
    assert (flaw["code"], flaw["field"]) == ("bad_value", "as_of")
