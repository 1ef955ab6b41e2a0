"""A group as a whole is judged by what its members' figures make."""

from typing import Any

import pytest

from programmes.progress import Results, compute
from tests.programmes.progress.cases import NAN, TODAY, inputs_of, only, targets_of

Members = dict[int, float]


def judge_group(aggregation: str, members: Members, of: int = 4, parts: Any = (), **kpi: Any) -> Results:
    """One KPI for so many towns, of which some have figures of 2025, against at least 10."""
    return compute(
        inputs_of(
            kpis=[{"aggregation": aggregation, **kpi}],
            places=[(1, town, NAN, NAN) for town in range(1, of + 1)],
            targets=targets_of(1, {2025: 10.0}),
            actuals=[(1, town, 2025, value, 12) for town, value in members.items()],
            parts=parts,
        ),
        TODAY,
    )


def outcome(results: Results) -> tuple[object, ...]:
    facts, standing = only(results.group_progress), only(results.group_standings)
    actual = None if facts["actual"] != facts["actual"] else facts["actual"]
    return actual, facts["verdict"] or facts["verdict_reason"], standing["standing"], standing["reason"]


@pytest.mark.parametrize(
    ("aggregation", "members", "expected"),
    [
        ("sum", {1: 1, 2: 2, 3: 3, 4: 4}, (10.0, "met", "met", "")),
        ("sum", {1: 90, 2: 2, 3: 3}, (None, "incomplete_group", "no_data", "incomplete_group")),
        ("mean", {1: 9, 2: 10, 3: 11, 4: 12}, (10.5, "met", "met", "")),
        ("mean", {1: 9, 2: 9, 3: 9}, (9.0, "missed", "missed", "")),
        ("mean", {1: 90, 2: 90}, (None, "incomplete_group", "no_data", "incomplete_group")),
        ("none", {1: 90, 2: 2, 3: 3, 4: 4}, (None, "not_additive", "not_computable", "not_additive")),
        ("sum", {}, (None, "no_observation", "no_data", "no_observation")),
    ],
)
def test_members_make_the_group(aggregation: str, members: Members, expected: tuple[object, ...]) -> None:
    assert outcome(judge_group(aggregation, members)) == expected


def test_a_ratio_is_made_of_sums_and_not_of_ratios() -> None:
    parts = [(1, 1, 2025, 10.0, 100.0), (1, 2, 2025, 1.0, 2.0), (1, 3, 2025, 3.0, 98.0)]
    results = judge_group("ratio", {}, of=4, parts=parts, per=100)
    assert outcome(results) == (pytest.approx(7.0), "missed", "missed", "")
    assert only(results.group_progress)["members"] == 3
    assert only(results.group_standings)["members_total"] == 4


def test_members_are_judged_each_by_itself_beside_the_group() -> None:
    results = judge_group("sum", {1: 1, 2: 2, 3: 3, 4: 10})
    assert list(results.standings["standing"]) == ["missed", "missed", "missed", "met"]
    assert outcome(results)[2] == "met"


def test_a_kpi_of_one_territory_has_no_group() -> None:
    results = judge_group("", {1: 1}, of=1)
    assert results.group_progress.empty
    assert results.group_standings.empty
