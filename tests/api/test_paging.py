"""Walking through a list finds everything exactly once, whatever happens meanwhile."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cities.models import Territory
from indicators.models import Series
from programmes.models import Progress
from tests.api.conftest import Get, World, named, observe

pytestmark = pytest.mark.django_db


def pages(get: Get, name: str, **params: object) -> Any:
    """The pages of a list, one after the other."""
    page = get(name, **params)
    while page:
        yield page["results"]
        page = get(page["next"]) if page["next"] else None


def test_figures_are_found_once_while_others_are_published(world: World, get: Get) -> None:
    before = [observe(world.series, year, Decimal(year)) for year in range(1950, 1960)]
    later = Series.objects.create(
        indicator=world.indicator, territory=world.country, source=world.source,
        breakdown=world.breakdown, frequency="A",
    )  # fmt: skip
    seen = []
    for number, page in enumerate(pages(get, "observations", indicator="test-indicator", limit=3)):
        assert len(page) <= 3
        seen += [row["id"] for row in page]
        observe(world.series, 1900 + number, Decimal(1))
        observe(later, 1900 + number, Decimal(1)) if number < 3 else None
    assert len(seen) == len(set(seen))
    expected = {f"test-indicator:test-city:TEST=A:test-source:{one.period_start.year}" for one in before}
    assert expected <= set(seen)


def test_progress_is_found_once_though_it_is_rebuilt(world: World, get: Get) -> None:
    years = range(2000, 2010)
    Progress.objects.filter(kpi=world.kpi).delete()
    seen = []

    def rebuild() -> None:
        Progress.objects.filter(kpi=world.kpi).delete()
        Progress.objects.bulk_create(
            Progress(kpi=world.kpi, territory=world.city, year=year) for year in years
        )

    rebuild()
    for page in pages(get, "progress", programme="test-programme", limit=4):
        seen += [row["year"] for row in page]
        rebuild()
    assert seen == [*years]


@pytest.mark.parametrize("name", ["territories", "observations", "targets", "kpis", "standings"])
def test_everything_is_found_in_the_same_order_by_any_page_size(world: World, get: Get, name: str) -> None:
    whole = get(name, limit=10_000)["results"][:300]
    limit = max(1, len(whole) // 4)
    walked = []
    for page in pages(get, name, limit=limit):
        walked += page
        if len(walked) >= len(whole):
            break
    assert walked[: len(whole)] == whole


@pytest.mark.parametrize("order", ["period", "published_at", "period,-published_at"])
def test_the_other_way_round_the_same_rows_come_in_the_opposite_order(
    world: World, get: Get, order: str
) -> None:
    for year in range(1950, 1957):
        observe(world.series, year, Decimal(year))
    back = ",".join(word[1:] if word.startswith("-") else f"-{word}" for word in order.split(","))
    ways = [
        [
            row
            for page in pages(get, "observations", source="test-source", ordering=words, limit=2)
            for row in page
        ]
        for words in (order, back)
    ]
    assert len(ways[0]) > 7
    assert ways[0] == ways[1][::-1]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"ordering": "published_at"}, "observation_by_moment"),
        ({"ordering": "-published_at"}, "observation_by_moment"),
        ({"ordering": "period"}, "observation_by_period"),
        ({"ordering": "-period"}, "observation_by_period"),
        ({"status": "Q"}, "observation_unusual"),
    ],
)
def test_no_list_of_figures_is_sorted_however_many_there_are(
    world: World, get: Get, query: dict[str, str], index: str
) -> None:
    get("observations", **query)
    with CaptureQueriesContext(connection) as captured:
        first = get("observations", **query, limit=1)
        get(first["next"] or "observations", **({} if first["next"] else query))
    lists = [
        each["sql"]
        for each in captured
        if "LIMIT" in each["sql"] and '"indicators_observation"' in each["sql"]
    ]
    assert lists
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # a sort that is needed is there all the same
            cursor.execute(f"SET LOCAL enable_{way} = off")
        for statement in lists:
            settings, _end, select = statement.rpartition("; ")  # what it is planned with travels with it
            cursor.execute(f"{settings}; EXPLAIN {select}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan
            assert "Sort" not in plan


def test_rows_that_vanish_hide_no_others(world: World, get: Get) -> None:
    for letter in "abcdef":
        Territory.objects.create(
            code=f"test-village-{letter}", level="settlement", parent=world.city, **named("Village")
        )
    walk = pages(get, "territories", parent="test-city", limit=2)
    first = [row["code"] for row in next(walk)]
    Territory.objects.filter(code__in=first).delete()
    rest = [row["code"] for page in walk for row in page]
    assert first + rest == [f"test-village-{letter}" for letter in "abcdef"]


def test_the_next_page_keeps_the_filters_and_stands_in_the_header(world: World) -> None:
    response = Client().get("/api/v1/observations/", {"source": "test-source", "limit": "1", "format": "csv"})
    link = response["Link"]
    assert link.startswith("<http://testserver/api/v1/observations/?")
    assert link.endswith('>; rel="next"')
    assert "source=test-source" in link
    assert "format=csv" in link


def test_the_last_page_has_no_next_one(world: World, get: Get) -> None:
    assert get("observations", source="test-source", limit=3)["next"] is None
    assert get("observations", source="test-source", limit=2)["next"] is not None


def test_a_page_has_a_hundred_rows_unless_told_otherwise(world: World, get: Get) -> None:
    Territory.objects.bulk_create(
        Territory(code=f"test-{number}", level="settlement", parent=world.city, **named("Village"))
        for number in range(101)
    )
    assert len(get("territories", parent="test-city")["results"]) == 100
    assert len(get("territories", parent="test-city", limit=10_000)["results"]) == 101


def test_a_cursor_serves_no_other_list(world: World, get: Get) -> None:
    cursor = get("observations", limit=1)["next"].split("cursor=")[1].split("&")[0]
    problem = get(f"/api/v1/progress/?cursor={cursor}", expect=400)
    assert problem["errors"][0]["code"] == "bad_cursor"
