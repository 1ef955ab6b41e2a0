"""The arithmetic of progress, as a table of cases; its properties are in `progress/test_properties.py`."""

import datetime as dt
import math
from typing import Any

import pytest

from programmes.codes import Course, Reason, StandingCode, Verdict
from tests.programmes.progress.cases import NAN, NEET, judge, row, standing


def test_the_worked_example_of_the_documentation() -> None:
    results = judge({2022: 3.8, 2023: 5.2}, **NEET)
    facts = row(results, 2023)
    assert facts["verdict"] == Verdict.MET
    assert facts["attainment"] == pytest.approx(5.7 / 5.2)
    assert facts["distance"] == pytest.approx((5.2 - 6.3) / (3 - 6.3))
    assert facts["pace"] == pytest.approx((5.2 - 6.3) / (5.7 - 6.3))
    assert facts["course"] == Course.ON_TRACK
    assert standing(results)["standing"] == StandingCode.ON_TRACK
    assert (standing(results)["year"], standing(results)["next_target_year"]) == (2023, 2030)


@pytest.mark.parametrize(
    ("actual", "course"),
    [
        (5.7, Course.ON_TRACK),
        (5.72, Course.ON_TRACK),  # pace 0.967
        (5.75, Course.AT_RISK),  # 0.917
        (5.94, Course.AT_RISK),  # exactly 0.6
        (6.0, Course.OFF_TRACK),
        (6.3, Course.OFF_TRACK),  # no movement
        (6.4, Course.REVERSED),
    ],
)
def test_the_course_follows_from_the_pace(actual: float, course: Course) -> None:
    assert row(judge({2023: actual}, **NEET), 2023)["course"] == course


def test_a_target_on_top_of_the_one_before_is_added_to_it() -> None:
    results = judge({}, {2025: 40.0, 2030: 30.0}, baseline=(2022, 0.0), additional={2030})
    assert (row(results, 2025)["target"], row(results, 2030)["target"]) == (40, 70)


def test_between_targets_the_expected_value_is_interpolated() -> None:
    results = judge({2027: 4.5}, **NEET)
    assert row(results, 2027)["expected"] == pytest.approx(4.5 + (3 - 4.5) * 2 / 5)


@pytest.mark.parametrize(
    ("form", "value", "level"),
    [
        ("level", 120, 120),
        ("multiple", 2, 200),
        ("change_pct", 20, 120),
        ("change_abs", -5, 95),
        ("change_per_year", -5, 80),
        ("growth_pct", 10, 146.41),
    ],
)
def test_targets_of_every_form_become_levels(form: str, value: float, level: float) -> None:
    results = judge({2015: 0.0}, {2015: value}, baseline=(2011, 100), form=form)
    assert row(results, 2015)["target"] == pytest.approx(level)


def test_small_enterprises_twice_the_baseline_means_two_hundred_per_cent() -> None:
    results = judge({2011: 150, 2015: 300}, {2015: 2, 2020: 4}, baseline=(2011, NAN), form="multiple")
    assert row(results, 2015)["verdict"] == Verdict.MET
    assert (standing(results)["standing"], standing(results)["reason"]) == ("no_data", Reason.NO_OBSERVATION)


@pytest.mark.parametrize(
    ("comparator", "form", "target", "good", "bad"),
    [
        ("at_least", "level", 80.0, 80.0, 79.9),
        ("at_most", "level", 5.5, 5.5, 5.6),
        ("within", "range", (40.0, 60.0), 60.0, 60.1),
        ("at_least", "range", (90.0, 95.0), 91.0, 89.0),
        ("at_most", "range", (5.0, 7.0), 6.9, 7.1),
        ("reach", "rank", 50.0, 49.0, 51.0),
        ("reach", "yes_no", 1.0, 1.0, 0.0),
        ("at_least", "level", 0.12, 0.1 * 1.2, 0.1199),
    ],
)
def test_the_verdict_follows_the_comparator(
    comparator: str, form: str, target: float, good: float, bad: float
) -> None:
    for actual, verdict in ((good, Verdict.MET), (bad, Verdict.MISSED)):
        results = judge({2020: actual}, {2020: target}, comparator=comparator, form=form)
        assert row(results, 2020)["verdict"] == verdict
        assert standing(results)["standing"] == verdict


@pytest.mark.parametrize(
    ("actuals", "targets", "baseline", "fact", "reason"),
    [
        ({2025: 5.0}, {2030: 10.0}, (NAN, NAN), "pace", Reason.BASELINE_MISSING),
        ({2025: 5.0}, {2030: 10.0}, (2024, 10.0), "pace", Reason.TARGET_EQUALS_BASELINE),
        ({2024: 5.0}, {2030: 10.0}, (2024, 2.0), "pace", Reason.AT_BASELINE),
        ({2023: 5.0}, {2030: 10.0}, (2024, 2.0), "pace", Reason.BEFORE_BASELINE),
        ({2025: 5.0}, {2030: 10.0}, (2024, 12.0), "pace", Reason.BASELINE_SATISFIES_TARGET),
        ({2025: 5.0}, {2020: 10.0}, (2019, 2.0), "pace", Reason.AFTER_LAST_TARGET),
        ({2025: 5.0}, {}, (2024, 2.0), "pace", Reason.NO_TARGET),
        ({2025: 5.0}, {2030: 10.0}, (2024, 10.0), "distance", Reason.TARGET_EQUALS_BASELINE),
        ({2025: 5.0}, {2030: 10.0}, (NAN, NAN), "distance", Reason.BASELINE_MISSING),
        ({2025: 5.0}, {2025: 0.0}, (NAN, NAN), "attainment", Reason.ZERO_DENOMINATOR),
        ({2025: -5.0}, {2025: 10.0}, (NAN, NAN), "attainment", Reason.NEGATIVE_FIGURE),
        ({2025: 5.0}, {2030: 10.0}, (NAN, NAN), "attainment", Reason.NO_TARGET),
        ({2025: 1e300}, {2025: 1e-300}, (NAN, NAN), "attainment", Reason.OUT_OF_RANGE),
    ],
)
def test_what_cannot_be_computed_has_a_reason(
    actuals: dict[int, float],
    targets: dict[int, float | tuple[float, float]],
    baseline: tuple[int, float],
    fact: str,
    reason: Reason,
) -> None:
    facts = row(judge(actuals, targets, baseline), next(iter(actuals)))
    assert math.isnan(facts[fact])
    assert facts[f"{fact}_reason"] == reason


def test_zero_is_a_value() -> None:
    facts = row(judge({2025: 0.0}, {2025: 10.0}, (2024, 20.0), comparator="at_least"), 2025)
    assert facts["verdict"] == Verdict.MISSED
    assert facts["attainment"] == 0


def test_a_year_without_a_figure_is_shown_with_its_reason() -> None:
    facts = row(judge({2023: 5.2}, **NEET), 2024)
    assert (facts["verdict"], facts["verdict_reason"]) == ("", Reason.NO_OBSERVATION)


def test_a_target_of_the_running_year_is_not_due() -> None:
    results = judge({2023: 5.2}, **NEET, today=dt.date(2024, 12, 31))
    assert row(results, 2024)["verdict"] == Verdict.NOT_DUE
    assert row(judge({2023: 5.2}, **NEET, today=dt.date(2025, 1, 1)), 2024)["verdict"] == ""


@pytest.mark.parametrize(
    ("today", "expected"),
    [(dt.date(2026, 12, 31), StandingCode.ON_TRACK), (dt.date(2027, 1, 1), StandingCode.STALE)],
)
def test_figures_grow_stale(today: dt.date, expected: StandingCode) -> None:
    assert standing(judge({2023: 5.2}, **NEET, today=today))["standing"] == expected


def test_a_kpi_without_figures_has_no_data() -> None:
    assert standing(judge({}, **NEET))["standing"] == StandingCode.NO_DATA


def test_a_kpi_without_targets_cannot_be_judged() -> None:
    facts = standing(judge({2023: 5.2}, {}, (2022, 6.3)))
    assert (facts["standing"], facts["reason"]) == (StandingCode.NOT_COMPUTABLE, Reason.NO_TARGET)


def test_an_actual_under_the_ceiling_is_on_track_even_if_it_rises() -> None:
    results = judge({2018: 4.9}, {2020: 5.0}, (2015, 4.0), comparator="at_most", today=dt.date(2019, 6, 1))
    assert row(results, 2018)["course"] == Course.ON_TRACK


def test_an_actual_above_a_ceiling_that_the_baseline_respected_is_off_track() -> None:
    results = judge({2018: 6.0}, {2020: 5.0}, (2015, 4.0), comparator="at_most", today=dt.date(2019, 6, 1))
    facts = row(results, 2018)
    assert (facts["pace_reason"], facts["course"]) == (Reason.BASELINE_SATISFIES_TARGET, Course.OFF_TRACK)


@pytest.mark.parametrize(
    ("actual", "course"),
    [
        (15.0, Course.ON_TRACK),
        (42.0, Course.ON_TRACK),
        (44.0, Course.ON_TRACK),
        (45.5, Course.AT_RISK),
        (49.0, Course.OFF_TRACK),
        (51.0, Course.REVERSED),
    ],
)
def test_the_way_to_a_corridor_leads_to_its_nearer_end(actual: float, course: Course) -> None:
    # From 50 in 2020 down to at most 20 in 2030: 44 is expected in 2022; 42 is ahead of that.
    corridor = {"targets": {2030: (10.0, 20.0)}, "baseline": (2020, 50.0), "comparator": "within"}
    facts = row(judge({2022: actual}, **corridor, form="range"), 2022)  # type: ignore[arg-type]
    assert facts["expected"] == pytest.approx(44)
    assert facts["course"] == course


def test_a_corridor_that_holds_the_baseline_must_not_be_left() -> None:
    for actual, course in ((15.0, Course.ON_TRACK), (25.0, Course.OFF_TRACK)):
        results = judge({2022: actual}, {2030: (10.0, 20.0)}, (2020, 12.0), comparator="within")
        assert row(results, 2022)["course"] == course
        assert row(results, 2022)["pace_reason"] == Reason.NOT_A_QUANTITY


def test_a_baseline_newer_than_a_target_starts_the_path() -> None:
    facts = row(judge({2023: 11.25}, {2020: 30.0, 2030: 20.0}, (2022, 10.0)), 2023)
    assert (facts["expected"], facts["pace"]) == (pytest.approx(11.25), pytest.approx(1))


def test_the_last_bits_of_a_path_decide_nothing() -> None:
    for base in (16.8, 16.9):
        facts = row(judge({2021: base}, {2020: 14.3, 2023: base * 3 - 14.3 * 2}, (2019, base)), 2021)
        assert facts["pace_reason"] == Reason.TARGET_EQUALS_BASELINE
        assert facts["course"] == Course.ON_TRACK


@pytest.mark.parametrize(
    ("form", "target", "baseline", "good", "bad"),
    [
        ("change_pct", -20.0, 100.0, 70.0, 85.0),
        ("multiple", 0.5, 100.0, 40.0, 60.0),
        ("change_abs", 5.0, 10.0, 15.0, 14.0),
        ("range", (10.0, 20.0), 50.0, 20.0, 40.0),
        ("level", 5.0, NAN, 5.0, 4.0),
    ],
)
def test_to_reach_is_judged_from_the_side_of_the_baseline(
    form: str, target: float | tuple[float, float], baseline: float, good: float, bad: float
) -> None:
    for actual, verdict in ((good, Verdict.MET), (bad, Verdict.MISSED)):
        results = judge({2025: actual}, {2025: target}, (2020, baseline), comparator="reach", form=form)
        assert row(results, 2025)["verdict"] == verdict


def test_nothing_is_expected_of_a_yes_before_its_year() -> None:
    promise: dict[str, Any] = {"targets": {2030: 1.0}, "baseline": (2022, 0.0), "form": "yes_no"}
    facts = row(judge({2024: 0.0}, **promise), 2024)
    assert (facts["pace_reason"], facts["course"]) == (Reason.NOT_A_QUANTITY, Course.NOT_COMPUTABLE)
    assert row(judge({2024: 1.0}, **promise), 2024)["course"] == Course.ON_TRACK


def test_a_share_of_a_negative_baseline_has_no_meaning() -> None:
    facts = row(judge({2025: -8.0}, {2025: 20.0}, (2020, -10.0), form="change_pct"), 2025)
    assert (facts["verdict"], facts["verdict_reason"]) == ("", Reason.NEGATIVE_FIGURE)
