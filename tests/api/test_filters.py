"""Each filter lets through what it names."""

import datetime as dt
from typing import Any

import pytest

from cities.models import Territory, TerritoryGroup
from tests.api.conftest import THIRTY_DIGITS, Get, World, named

pytestmark = pytest.mark.django_db

FIRST, SECOND, QUARTER = (
    "test-indicator:test-city:TEST=A:test-source:2022",
    "test-indicator:test-city:TEST=A:test-source:2023",
    "test-indicator:test-city:_T:test-source:2022-Q2",
)


def ids(answer: Any) -> list[str]:
    """The ids or codes of the rows."""
    return [row.get("id", row.get("code")) for row in answer["results"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, {FIRST, SECOND, QUARTER}),
        ({"territory": "test-land"}, set()),
        ({"territory": ["test-land", "test-city"]}, {FIRST, SECOND, QUARTER}),
        ({"breakdown": "TEST=A"}, {FIRST, SECOND}),
        ({"breakdown": "_T"}, {QUARTER}),
        ({"breakdown": ["_T", "TEST=A"]}, {FIRST, SECOND, QUARTER}),
        ({"frequency": "Q"}, {QUARTER}),
        ({"status": "L"}, {SECOND}),
        ({"period_from": "2023"}, {SECOND}),
        ({"period_from": "2022-Q2"}, {SECOND, QUARTER}),
        ({"period_to": "2022"}, {FIRST, QUARTER}),
        ({"period_to": "2022-Q1"}, {FIRST}),
        ({"period_from": "2022-04", "period_to": "2022-S1"}, {QUARTER}),
        ({"updated_after": "2026-01-31T12:00:00Z"}, {QUARTER}),
        ({"updated_after": "2026-01-31T16:59:59+05:00"}, {FIRST, SECOND, QUARTER}),
    ],
)
def test_observations(world: World, get: Get, params: dict[str, Any], expected: set[str]) -> None:
    answer = get("observations", source="test-source", indicator="test-indicator", **params)
    assert set(ids(answer)) == expected


def test_a_figure_comes_back_digit_for_digit(world: World, get: Get) -> None:
    answer = get("observations", source="test-source", breakdown="TEST=A")
    known, missing = answer["results"]
    assert str(known["value"]) == str(THIRTY_DIGITS) == "123456789012345.678901234567890"
    assert (missing["value"], missing["status"]) == (None, "L")
    assert get(f"observations/{QUARTER}")["value"] == 0
    assert get("kpis/test-programme:KPI-1")["baseline_value"] == THIRTY_DIGITS
    assert get("targets/test-programme:KPI-1:2025:adoption")["value"] == THIRTY_DIGITS


def test_a_figure_says_what_it_is(world: World, get: Get) -> None:
    assert get(f"observations/{QUARTER}") == {
        "id": QUARTER,
        "indicator": "test-indicator",
        "territory": "test-city",
        "breakdown": "_T",
        "source": "test-source",
        "frequency": "Q",
        "period": "2022-Q2",
        "value": 0,
        "status": "A",
        "published_at": "2026-02-01T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("territories", {"parent": "test-land"}, ["test-city"]),
        ("territories", {"within": "test-land"}, ["test-city", "test-land"]),
        ("territories", {"within": "test-land", "level": "country"}, ["test-land"]),
        ("territories", {"group": "test-group"}, ["test-city"]),
        ("territories", {"within": "test-land", "existing_on": "1999-12-31"}, ["test-land"]),
        ("territories", {"kato": "999999999"}, ["test-city"]),
        ("indicators", {"unit": "TEST_UNIT"}, ["test-indicator", "test-revised"]),
        ("indicators", {"unit": "TEST_UNIT", "frequency": "M"}, []),
        ("programmes", {"territory": "test-city"}, ["test-programme"]),
        ("goals", {"programme": "test-programme"}, ["test-programme:1.1", "test-programme:I"]),
        ("goals", {"programme": "test-programme", "kind": "section"}, ["test-programme:I"]),
        ("kpis", {"programme": "test-programme"}, ["test-programme:KPI-1"]),
        ("kpis", {"indicator": "test-indicator", "territory": "test-city"}, ["test-programme:KPI-1"]),
        ("kpis", {"group": "test-group"}, []),
        (
            "targets",
            {"kpi": "test-programme:KPI-1", "period_to": "2025"},
            ["test-programme:KPI-1:2025:adoption", "test-programme:KPI-1:2025:amendment"],
        ),
        ("targets", {"programme": "test-programme", "period_from": "2026"}, ["test-programme:KPI-1:2030:_"]),
        (
            "targets",
            {"kpi": "test-programme:KPI-1", "in_force_on": "2023-06-01"},
            ["test-programme:KPI-1:2025:amendment", "test-programme:KPI-1:2030:_"],
        ),
        ("legal-acts", {"programme": "test-programme", "kind": "amendment"}, ["test-programme:amendment"]),
        ("measures", {"territory": ["test-city", "test-land"]}, ["test-programme:M-1"]),
        ("measures", {"programme": "test-programme", "state": "excluded"}, []),
        ("measures", {"programme": "test-programme", "due_from": "2025-12-31"}, ["test-programme:M-1"]),
        ("measures", {"programme": "test-programme", "due_to": "2025-12-30"}, []),
        ("funding", {"programme": "test-programme", "level": "local"}, ["test-programme:F-1"]),
        ("funding", {"programme": "test-programme", "is_paid": "true"}, []),
        ("benchmarks", {"kpi": "test-programme:KPI-1"}, ["test-programme:B-1"]),
        ("inquiries", {"territory": "test-city", "kpi": "test-programme:KPI-1"}, ["test-inquiry"]),
        ("inquiries", {"programme": "test-programme", "replied_from": "2020-01-01"}, []),
        ("revisions", {"indicator": "test-revised", "period_to": "2022"}, ["900000000000"]),
        ("revisions", {"indicator": "test-revised", "recorded_after": "2026-02-01T00:00:00Z"}, []),
        ("progress", {"kpi": "test-programme:KPI-1"}, ["test-programme:KPI-1:test-city:2022"]),
        ("progress", {"programme": "test-programme", "year_from": 2023}, []),
        ("progress", {"programme": "test-programme", "year_to": 2021}, []),
        ("progress", {"programme": "test-programme", "verdict": "met"}, []),
        (
            "progress",
            {"territory": "test-city", "course": ["off_track", "reversed"]},
            ["test-programme:KPI-1:test-city:2022"],
        ),
        ("standings", {"programme": "test-programme"}, ["test-programme:KPI-1:test-city"]),
        ("standings", {"kpi": "test-programme:KPI-1", "standing": "met"}, []),
        ("standings", {"territory": "test-city"}, ["test-programme:KPI-1:test-city"]),
    ],
)
def test_other_lists(world: World, get: Get, name: str, params: dict[str, Any], expected: list[str]) -> None:
    Territory.objects.filter(pk=world.city.pk).update(kato="999999999", valid_from=dt.date(2000, 1, 1))
    group = TerritoryGroup.objects.create(code="test-group", **named("Group"))
    group.memberships.create(territory=world.city)
    group.memberships.create(territory=world.country, valid_to=dt.date(2000, 1, 1))
    assert ids(get(name, **params)) == expected


def test_sources_by_kind(world: World, get: Get) -> None:
    assert "test-source" in ids(get("sources", kind="survey"))
    assert "test-source" not in ids(get("sources", kind="bureau"))


def test_words_that_do_not_apply_are_null(world: World, get: Get) -> None:
    row = get("progress/test-programme:KPI-1:test-city:2022")
    assert (row["verdict"], row["verdict_reason"]) == (None, "no_target")
    assert (row["attainment"], row["attainment_reason"]) == (None, None)


def test_a_kpi_names_what_it_hangs_on(world: World, get: Get) -> None:
    row = get("kpis/test-programme:KPI-1")
    assert (row["goal"], row["breakdown"], row["baseline_period"]) == ("test-programme:1.1", "TEST=A", "2020")
    assert get("goals/test-programme:1.1")["parent"] == "test-programme:I"
