"""A programme's progress as tables: what they say, checked by hand, and what they cost."""

from typing import Any

import pytest
from django.test import Client

from programmes.models import Programme
from programmes.progress_tables import MemberTable, SeriesTable, chosen_kpis, progress_tables

pytestmark = pytest.mark.django_db
MONOTOWNS = "/en/programmes/monotowns-2012-2020/progress/"
ALMATY = "/en/programmes/almaty-2025/progress/"


def tables(code: str) -> tuple[MemberTable, SeriesTable]:
    return progress_tables(chosen_kpis(Programme.objects.get(code=code), all_kpis=False))


def series_of(kpi: str) -> dict[str, Any]:
    """The row of an Almaty KPI: (actual, target, verdict) by year, and the standing."""
    _members, series = tables("almaty-2025")
    row = next(row for row in series.rows if row.kpi.code == kpi)
    found: dict[str, Any] = {
        str(year): (facts.actual, facts.target, facts.verdict)
        for year, facts in zip(series.years, row.years, strict=True)
        if facts
    }
    assert row.standing
    return {**found, "standing": (row.standing.standing, row.standing.year)}


def test_every_monotown_has_a_line_and_every_promise_a_column() -> None:
    members, series = tables("monotowns-2012-2020")
    assert [kpi.code for kpi in members.kpis] == ["M-1", "M-2", "M-3a", "M-3b", "M-4"]
    assert len(members.rows) == 27
    assert not series.rows
    assert (
        members.rollup.total == 2 + 4 * 27
    )  # industrial output is promised to the two towns of low potential


@pytest.mark.parametrize(("town", "printed"), [("arkalyk", 9.4), ("kentau", 8.7), ("aksu", 7.9)])
def test_unemployment_checked_by_hand(town: str, printed: float) -> None:
    """Document 001, line 380: Arkalyk 9.4 %, Kentau 8.7 %, Aksu 7.9 %, of 2009.

    The ceilings are 5.5 % in 2015 and 5.0 % in 2020 (annex, line 110 and following). Both are due and neither
    year has a figure: no data, and the figure of 2009 is shown with its year.
    """
    members, _series = tables("monotowns-2012-2020")
    row = next(row for row in members.rows if row.territory.code == town)
    standing = row.standings[4]
    assert standing
    assert (standing.standing, standing.year, standing.actual) == ("no_data", 2009, printed)


def test_the_group_as_a_whole_says_why_it_has_no_figure() -> None:
    members, _series = tables("monotowns-2012-2020")
    found = {kpi.code: (whole.standing, whole.reason) for kpi, whole in members.cells if whole}
    assert found["M-2"] == ("no_data", "no_observation")
    assert found["M-4"] == ("not_computable", "not_additive")


def test_young_people_out_of_work_checked_by_hand() -> None:
    """Document 004, line 5219: at most 5.7 % in 2023, 5.1, 4.5, 3 % in 2030; the Bureau: 3.8 % in 2022, 5.2 %
    in 2023. 5.2 ≤ 5.7 is met, and on track as it satisfies the target of its own year."""
    row = series_of("KPI-7")
    assert row["2022"] == (3.8, None, "")
    assert row["2023"] == (5.2, 5.7, "met")
    assert row["2030"] == (None, 3.0, "not_due")
    assert row["standing"] == ("on_track", 2023)


def test_life_expectancy_checked_by_hand() -> None:
    """Document 004: 76.2 years in 2023, …, 77.8 in 2030; the Bureau's last figure is 77.32 of 2022, at
    the end of 2025 three years old: too old."""
    row = series_of("KPI-4")
    assert row["2022"] == (77.32, None, "")
    assert row["2023"] == (None, 76.2, "")
    assert row["standing"] == ("stale", 2022)


def test_water_supply_checked_by_hand() -> None:
    """Document 004, lines 1251, 1420 and 5211: 98.5 % in 2022, 99.3 % in 2023, 100 % in 2025 and 2030; no
    later figure."""
    row = series_of("KPI-2")
    assert row["2022"] == (98.5, None, "")
    assert row["2025"] == (None, 100.0, "")
    assert row["standing"] == ("stale", 2022)


def test_the_pages_show_what_the_tables_hold(client: Client) -> None:
    monotowns = client.get(MONOTOWNS).content.decode()
    assert monotowns.count('<th scope="row">') == 27 + 1
    assert "members&#x27; figures cannot be put together" in monotowns
    almaty = client.get(ALMATY).content.decode()
    assert "1 of 15 promises are kept or on course; 14 cannot be judged yet." in almaty
    assert "/api/v1/standings/?programme=almaty-2025&amp;format=csv" in almaty


def test_all_kpis_cost_no_more_queries_than_the_programmes_own(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for query in ("", "?all=1"):
        with django_assert_max_num_queries(9):
            assert client.get(f"{ALMATY}{query}").status_code == 200
