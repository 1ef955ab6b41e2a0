"""The forecasts of docs/progress.md computed once more, step by step, as its section 7 says."""

from itertools import combinations
from math import ceil, floor, sqrt
from statistics import median

import pytest

from programmes.codes import Outlook, Reason
from tests.programmes.progress.cases import NAN, forecast, judge
from tests.programmes.progress.test_examples import EXAMPLES, example

TRENDS = [each for each in EXAMPLES if len(example(each).actuals) > 3]
RISING = {year: 10.0 + year - 2015 for year in range(2015, 2025)}


def by_hand(actuals: dict[int, float], year: int) -> tuple[float, float, float]:
    """The value of Theil's line in the year, and the ends of its interval."""
    points = sorted(actuals.items())[-10:]
    count = len(points)
    slopes = sorted((y - x) / (t - s) for (s, x), (t, y) in combinations(points, 2))
    spread = 1.2815515655446004 * sqrt(count * (count - 1) * (2 * count + 5) / 18)
    lower = slopes[max(floor((len(slopes) - spread) / 2) - 1, 0)]
    upper = slopes[min(ceil((len(slopes) + spread) / 2), len(slopes) - 1)]

    def line(slope: float, at: int) -> float:
        return median(value - slope * known for known, value in points) + slope * at

    slope = median(slopes)
    scatter = 1.2815515655446004 * 1.4826 * median(abs(value - line(slope, t)) for t, value in points)
    ends = sorted([line(lower, year), line(upper, year)])
    return line(slope, year), ends[0] - scatter, ends[1] + scatter


@pytest.mark.parametrize("heading", TRENDS)
def test_a_forecast_is_theils_line_with_sens_interval(heading: str) -> None:
    found = example(heading)
    outlook = forecast(found.results, 2030)
    assert (outlook["value"], outlook["low"], outlook["high"]) == pytest.approx(by_hand(found.actuals, 2030))


@pytest.mark.parametrize(
    ("target", "outlook"), [(29.0, Outlook.UNLIKELY), (25.0, Outlook.LIKELY), (24.9, Outlook.LIKELY)]
)
def test_a_straight_line_leaves_no_doubt(target: float, outlook: Outlook) -> None:
    assert forecast(judge(RISING, {2030: target}), 2030)["outlook"] == outlook


def test_one_wild_year_does_not_turn_the_trend() -> None:
    wild = RISING | {2020: 500.0}
    assert forecast(judge(wild, {2030: 20.0}), 2030)["value"] == pytest.approx(25, abs=0.5)


def test_a_trend_keeps_within_what_is_possible() -> None:
    found = forecast(judge(RISING, {2030: 20.0}, maximum=22.0), 2030)
    assert (found["value"], found["high"]) == (22, 22)


@pytest.mark.parametrize(
    ("actuals", "breaks", "months"),
    [
        ({2021: 1.0, 2022: 2.0, 2023: 3.0}, [], {}),
        ({2019: 9.0, 2020: 8.0, 2021: 1.0, 2022: 2.0, 2023: 3.0}, [2021], {}),
        ({2021: 1.0, 2022: 2.0, 2023: 3.0, 2024: 4.0}, [], {2024: 6}),
    ],
)
def test_a_trend_needs_four_comparable_whole_years(
    actuals: dict[int, float], breaks: list[int], months: dict[int, int]
) -> None:
    results = judge(actuals, {2030: 10.0}, (2021, NAN), breaks=breaks, months=months, over_time="last")
    assert forecast(results, 2030)["reason"] == Reason.TOO_FEW_OBSERVATIONS


def test_a_yes_has_no_trend() -> None:
    assert forecast(judge(RISING, {2030: 1.0}, form="yes_no"), 2030)["reason"] == Reason.NOT_A_QUANTITY
