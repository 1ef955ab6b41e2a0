"""Definitions of KPIs: what is wrong, and what only looks unusual."""

from typing import Any

import pytest

from programmes.quality import check
from tests.programmes.quality.cases import NAN, YEAR, Line, checks, inputs_of, promise, targets


@pytest.mark.parametrize(
    ("kpi", "by_year", "expected"),
    [
        (promise(10, 2020), {2025: 20.0}, []),
        (promise(10, 2020), {}, ["no_targets"]),
        (promise(), {2025: 20.0}, []),  # a level can be judged without a baseline
        (promise(form="multiple"), {2025: 2.0}, ["baseline_missing"]),
        (promise(form="change_abs"), {2025: 2.0}, ["baseline_missing"]),
        (promise(form="multiple", year=2020, is_known=True), {2025: 2.0}, []),  # the actual of 2020 serves
        (promise(10, form="growth_pct"), {2025: 2.0}, ["baseline_missing"]),  # from which year on?
        (promise(10, 2020, form="growth_pct"), {2025: 2.0}, []),
        (promise(0, 2020, form="multiple"), {2025: 2.0},
         ["zero_or_negative_baseline", "target_equals_baseline"]),
        (promise(-10, 2020, form="change_pct"), {2025: 20.0}, ["zero_or_negative_baseline"]),
        (promise(-10, 2020, form="change_abs"), {2025: 20.0}, []),
        (promise(0, 2020, path="geometric"), {2025: 20.0}, ["zero_or_negative_baseline"]),
        (promise(0, 2020), {2025: 20.0}, []),
        (promise(-4, 2020), {2025: 6.0}, []),
        (promise(10, 2025), {2025: 20.0}, ["baseline_after_targets"]),
        (promise(10, 2026), {2025: 20.0}, ["baseline_after_targets"]),
        (promise(10, 2022), {2021: 15.0, 2025: 20.0}, ["target_before_baseline"]),
        (promise(10, 2022), {2022: 15.0, 2025: 20.0}, []),
        (promise(10, 2020), {2025: 10.0}, ["target_equals_baseline"]),
        (promise(0.3, 2020), {2025: 0.1 + 0.2}, ["target_equals_baseline"]),
        (promise(10, 2020), {2022: 10.0, 2025: 11.0}, []),
        (promise(20, 2020), {2025: 10.0}, ["targets_against_comparator"]),
        (promise(20, 2020, comparator="at_most"), {2025: 10.0}, []),
        (promise(4, 2020, comparator="at_most"), {2025: 5.0}, ["targets_against_comparator"]),
        (promise(comparator="at_most"), {2024: 5.0, 2025: 6.0}, ["targets_against_comparator"]),
        (promise(comparator="at_most"), {2024: 6.0, 2025: 5.0}, []),
        (promise(20, 2020, comparator="reach"), {2025: 10.0}, []),
        (promise(10, 2020, comparator="within"), {2025: 5.0}, []),
        (promise(100, 2020, comparator="at_most", form="rank"), {2025: 70.0}, []),
        (promise(50, 2020, minimum=0.0, maximum=100.0), {2025: 120.0}, ["out_of_range"]),
        (promise(-1, 2020, minimum=0.0), {2025: 12.0}, ["out_of_range"]),
        (promise(50, 2020, form="rank", comparator="at_most", maximum=10.0), {2025: 30.0}, []),
        (promise(1e300, 2020), {2025: 20.0}, ["absurd"]),
        (promise(10, 2020), {2025: 1e-300}, ["absurd"]),
        (promise(10, 2020, form="growth_pct"), {2025: 1e300}, ["absurd"]),
    ],
)  # fmt: skip
def test_a_definition_is_judged(kpi: dict[str, Any], by_year: dict[int, float], expected: list[str]) -> None:
    assert checks(inputs_of(kpis=[kpi], targets=targets(by_year))) == expected


def test_a_corridor_around_the_baseline_is_no_contradiction() -> None:
    kpi = promise(10, 2020, comparator="within", form="range")
    assert checks(inputs_of(kpis=[kpi], targets=targets({2025: 5.0}, value_max=15.0))) == []


def test_a_finding_names_the_years() -> None:
    inputs = inputs_of(kpis=[promise(10, 2026)], targets=targets({2025: 20.0}))
    (row,) = check(inputs).to_dict("records")
    assert (row["month"] // YEAR, row["number"] // YEAR, row["subject"]) == (2026, 2025, "baseline")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([Line([5.0])], ["single_point"]),
        ([Line([5.0, 6.0])], []),
        ([Line([5.0]), Line([5.0], source=2)], []),  # two sources are two figures
        ([Line([5.0], territory=2)], []),  # a place that nobody promised anything for
        ([Line([5.0], breakdown="SEX=F")], []),
        ([], []),  # no figure at all is what the standing says
    ],
)
def test_a_promise_with_one_figure_cannot_be_followed(lines: list[Line], expected: list[str]) -> None:
    kpi = promise(4, 2019, indicator=1)
    inputs = inputs_of(*lines, kpis=[kpi], targets=targets({2025: 9.0}), places=[{"kpi": 1, "territory": 1}])
    assert checks(inputs) == expected


def test_a_promise_without_anything_is_only_without_targets() -> None:
    assert checks(inputs_of(kpis=[promise(NAN, NAN, form="multiple")])) == ["no_targets"]
