"""Figures and promises that make no sense give a reason: no exception, no NaN without one, no silent zero."""

import math
from typing import Any

import pytest

from programmes.codes import Course, Reason, StandingCode, Verdict
from programmes.progress import compute
from tests.programmes.progress.cases import NAN, RATIOS, TODAY, inputs_of, judge, row, standing

INF = math.inf
MISSING, NO_TARGET = Reason.BASELINE_MISSING, Reason.NO_TARGET
EQUAL, RANGE = Reason.TARGET_EQUALS_BASELINE, Reason.OUT_OF_RANGE
NEGATIVE = Reason.NEGATIVE_FIGURE

# Actuals, targets, baseline, what else the KPI says; the year; verdict, attainment, distance, pace, course.
CASES: dict[str, tuple[dict[str, Any], int, tuple[object, ...]]] = {
    "a figure that is no number": (
        {"actuals": {2025: NAN}, "targets": {2025: 9.0}, "baseline": (2020, 5.0)}, 2025,
        (Reason.NO_OBSERVATION, *[Reason.NO_OBSERVATION] * 4),
    ),
    "a figure without end": (
        {"actuals": {2025: INF}, "targets": {2025: 9.0}, "baseline": (2020, 5.0)}, 2025,
        (Verdict.MET, RANGE, RANGE, RANGE, Course.ON_TRACK),
    ),
    "figures beyond all measure": (
        {"actuals": {2025: -1e300}, "targets": {2025: 1e300}, "baseline": (2020, 1e-300)}, 2025,
        (Verdict.MISSED, NEGATIVE, -1.0, -1.0, Course.REVERSED),
    ),
    "a way too short to divide by": (
        {"actuals": {2025: 1e300}, "targets": {2025: 1e-300}, "baseline": (2020, 0.0)}, 2025,
        (Verdict.MET, RANGE, RANGE, RANGE, Course.ON_TRACK),
    ),
    "everything zero": (
        {"actuals": {2025: 0.0}, "targets": {2025: 0.0}, "baseline": (2020, 0.0)}, 2025,
        (Verdict.MET, Reason.ZERO_DENOMINATOR, EQUAL, EQUAL, Course.ON_TRACK),
    ),
    "a multiple of zero": (
        {"actuals": {2025: 3.0}, "targets": {2025: 2.0}, "baseline": (2020, 0.0), "form": "multiple"}, 2025,
        (Verdict.MET, Reason.ZERO_DENOMINATOR, EQUAL, EQUAL, Course.ON_TRACK),
    ),
    "a growth without a first year": (
        {"actuals": {2025: 3.0}, "targets": {2025: 5.0}, "baseline": (NAN, 2.0), "form": "growth_pct"}, 2025,
        (MISSING, MISSING, MISSING, MISSING, MISSING),
    ),
    "a growth of a negative baseline": (
        {"actuals": {2025: 3.0}, "targets": {2025: 5.0}, "baseline": (2020, -2.0), "form": "growth_pct"},
        2025,
        (NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE, NEGATIVE),
    ),
    "a baseline without a year": (
        {"actuals": {2024: 3.0}, "targets": {2025: 5.0}, "baseline": (NAN, 2.0)}, 2024,
        (NO_TARGET, NO_TARGET, 1 / 3, Reason.NO_PATH, Reason.NO_PATH),
    ),
    "a target before the baseline": (
        {"actuals": {2019: 3.0}, "targets": {2019: 5.0}, "baseline": (2022, 2.0)}, 2019,
        (Verdict.MISSED, 0.6, *[Reason.BEFORE_BASELINE] * 3),
    ),
    "a baseline in the year of its target": (
        {"actuals": {2022: 3.0}, "targets": {2022: 5.0}, "baseline": (2022, 2.0)}, 2022,
        (Verdict.MISSED, 0.6, 1 / 3, Reason.AT_BASELINE, Course.OFF_TRACK),
    ),
    "a baseline after the last target": (
        {"actuals": {2024: 3.0}, "targets": {2019: 5.0}, "baseline": (2022, 2.0)}, 2024,
        (NO_TARGET, NO_TARGET, 1 / 3, Reason.AFTER_LAST_TARGET, Reason.AFTER_LAST_TARGET),
    ),
    "no month of the year": (
        {"actuals": {2025: 3.0}, "targets": {2025: 5.0}, "baseline": (2020, 2.0), "months": {2025: 0},
         "over_time": "sum"}, 2025,
        (Reason.PART_OF_YEAR, *[Reason.PART_OF_YEAR] * 4),
    ),
    "a corridor upside down": (
        {"actuals": {2025: 15.0}, "targets": {2025: (20.0, 10.0)}, "baseline": (2020, 30.0),
         "comparator": "within", "form": "range"}, 2025,
        (Verdict.MISSED, Reason.NOT_A_QUANTITY, 0.75, 0.75, Course.AT_RISK),
    ),
    "a place that is no rank": (
        {"actuals": {2025: 0.0}, "targets": {2025: 1.0}, "baseline": (2020, 3.0), "comparator": "reach",
         "form": "rank"}, 2025,
        (Verdict.MET, Reason.ZERO_DENOMINATOR, 1.5, 1.5, Course.ON_TRACK),
    ),
    "nothing but a figure": (
        {"actuals": {2025: 5.0}, "targets": {}}, 2025,
        (NO_TARGET, *[NO_TARGET] * 3, Reason.AFTER_LAST_TARGET),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "year", "expected"), CASES.values(), ids=CASES)
def test_bad_input_gives_a_reason(given: dict[str, Any], year: int, expected: tuple[object, ...]) -> None:
    facts = row(judge(**given), year)
    found: list[object] = [facts["verdict"] or facts["verdict_reason"]]
    for ratio in RATIOS:
        reason = facts[f"{ratio}_reason"]
        assert (reason == "") == math.isfinite(facts[ratio])
        found.append(reason or pytest.approx(facts[ratio]))
    found.append(facts["course_reason"] or facts["course"])
    assert found == list(expected)


def test_nothing_at_all_gives_nothing() -> None:
    results = compute(inputs_of(kpis=[{}], places=[]), TODAY)
    assert [len(rows) for rows in vars(results).values()] == [0] * 6


def test_a_promise_without_anything_else_is_not_computable() -> None:
    found = standing(judge({}, {}))
    assert (found["standing"], found["reason"]) == (StandingCode.NOT_COMPUTABLE, Reason.NO_TARGET)
