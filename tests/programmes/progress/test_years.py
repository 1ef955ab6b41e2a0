"""Figures of months, quarters and half-years as figures of years."""

import pandas as pd
import pytest

from programmes.progress.years import yearly

QUARTERS = [(1, 3, 10.0), (4, 3, 20.0), (7, 3, 30.0), (10, 3, 40.0)]
Figures = list[tuple[int, int, float]]


def year_of(rule: str, figures: Figures) -> list[tuple[float, int]]:
    """Value and months of 2024, from (first month, length, value)."""
    rows = [(1, 1, 2024, month, length, value) for month, length, value in figures]
    frame = pd.DataFrame(rows, columns=["kpi", "territory", "year", "month", "length", "value"])
    made = yearly(frame, pd.Series({1: rule}))
    return list(made[["value", "months"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("rule", "figures", "expected"),
    [
        ("sum", QUARTERS, [(100.0, 12)]),
        ("mean", QUARTERS, [(25.0, 12)]),
        ("last", QUARTERS, [(40.0, 12)]),
        ("none", QUARTERS, []),
        ("sum", QUARTERS[:3], [(60.0, 9)]),
        ("mean", QUARTERS[1:], [(30.0, 9)]),
        ("last", QUARTERS[:3], [(30.0, 9)]),
        ("last", QUARTERS[3:], [(40.0, 12)]),
        ("sum", [*QUARTERS, (1, 12, 99.0)], [(99.0, 12)]),  # the year's own figure comes first
        ("none", [*QUARTERS, (1, 12, 99.0)], [(99.0, 12)]),
        ("sum", [*QUARTERS[:2], (1, 6, 31.0)], [(31.0, 6)]),  # of equal reach the coarser counts
        ("sum", [*QUARTERS[:3], (1, 6, 31.0)], [(60.0, 9)]),  # else what reaches farther
        ("sum", list(reversed(QUARTERS)), [(100.0, 12)]),
        ("last", list(reversed(QUARTERS)), [(40.0, 12)]),
        ("sum", [], []),
    ],
)
def test_periods_make_the_year_by_the_indicators_rule(
    rule: str, figures: Figures, expected: list[tuple[float, int]]
) -> None:
    assert year_of(rule, figures) == expected
