"""How other systems compute progress, as they publish it: what docs/progress.md compares the method with.

Each function keeps the arithmetic of its source, its treatment of zero and of missing figures included.
"""

import math
from typing import NamedTuple

SMALL = 0.001
"""What Open SDG puts in the place of a base or a target of zero."""


class Point(NamedTuple):
    """A figure and its year."""

    year: int
    value: float


def open_sdg_ratio(base: Point, current: Point, target: Point, *, rising: bool) -> float | None:
    """R: the compound annual growth so far ÷ that which reaches the target on time, signed by the direction.

    open-sdg/sdg-build@139fede, sdg/ProgressMeasure.py, `methodology_2`; docs/progress-methodology.md of
    open-sdg/open-sdg@26d2e38, after Eurostat and Statistics Canada. None: fewer than two years, or base and
    current figure on two sides of zero.

    Raises:
        ZeroDivisionError: the target equals the base.
    """
    start, goal = base.value or SMALL, target.value or SMALL
    if current.year - base.year < 1 or start * current.value < 0:
        return None
    observed = math.pow(current.value / start, 1 / (current.year - base.year)) - 1
    required = math.pow(goal / start, 1 / (target.year - base.year)) - 1
    return (1 if start > 0 else -1) * (1 if rising else -1) * observed / abs(required)


def open_sdg_status(ratio: float | None, current: Point, target: Point, *, rising: bool) -> str:
    """The word for R (`get_progress_status` of the same file); a target that is met needs no R."""
    goal = target.value or SMALL
    if current.value >= goal if rising else current.value <= goal:
        return "target_achieved"
    if ratio is None:
        return "not_available"
    words = {0.95: "substantial_progress", 0.6: "moderate_progress", 0.0: "limited_progress"}
    return next((word for least, word in words.items() if ratio >= least), "deterioration")


def akvo_rsr_percentage(actual: float | None, target: float | None) -> float | None:
    """Actual ÷ target × 100, one decimal; neither baseline nor direction enter. None: a figure is missing
    or the target is zero.

    akvo/akvo-rsr, akvo/rsr/models/result/indicator_period.py, `percent_accomplishment`.
    """
    if actual is None or not target:
        return None
    return round(actual / target * 100, 1)


def unicef_prp_progress(baseline: float | None, achieved: float | None, target: float | None) -> float:
    """What was gained above the baseline ÷ what was to be gained, two decimals; 0 for a fall, for a missing
    total and for a target that equals the baseline. A missing baseline or target counts as 0.

    unicef/etools-partner-reporting-portal@2ebc187, django_api/etools_prp/apps/indicator/models.py,
    `Reportable.progress_percentage`, `calculated_baseline` and `default_total`.
    """
    start, total, goal = baseline or 0.0, achieved or 0.0, target or 0.0
    gained = total - start if total > start else 0.0
    return round(gained / (goal - start), 2) if goal - start else 0.0


def dhis2_indicator(numerator: float, denominator: float, multiplier: int = 1, divisor: int = 1) -> float:
    """Numerator × multiplier ÷ (denominator × divisor): a ratio of two data elements; targets are unknown.

    dhis2/dhis2-core@1ada90a, dhis-2/dhis-api/src/main/java/org/hisp/dhis/indicator/IndicatorValue.java,
    `getValue`.

    Raises:
        ZeroDivisionError: the denominator is zero.
    """
    return (numerator * multiplier) / (denominator * divisor)


def plan_fact(actual: float, target: float, *, rising: bool) -> float:
    """The degree of achievement of official reports: fact ÷ plan, plan ÷ fact where less is better.

    Raises:
        ZeroDivisionError: what is divided by is zero.
    """
    return actual / target if rising else target / actual
