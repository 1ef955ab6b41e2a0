"""Figures beside their own series: what is found, and what nearly is."""

import pytest

from programmes.quality import check
from tests.programmes.quality.cases import NAN, YEAR, Line, checks, found, indicator, inputs_of

CALM = [5.0, 5.2, 4.9, 5.1, 5.0, 5.3, 4.8, 5.1, 5.0, 5.2]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([4.8, 48, 4.9], [("unit_slip", 2001, 48)]),
        ([48.0, 4.8, 49.0], [("unit_slip", 2001, 4.8)]),
        ([4.8, 4.9, 49], [("unit_slip", 2002, 49)]),  # the newest figure
        ([48, 4.8, 4.9], [("unit_slip", 2000, 48)]),
        ([4.8, 4.7, 48, 49, 4.9, 5.0], [("unit_slip", 2002, 48), ("unit_slip", 2003, 49)]),
        ([12.0, 12_500.0, 13.0], [("unit_slip", 2001, 12_500)]),
        ([120.0, 12_500.0, 130.0], [("unit_slip", 2001, 12_500)]),
        ([2.1, 2_100_000, 2.2], [("unit_slip", 2001, 2_100_000)]),
        ([4.8, 20, 4.9], []),  # four times is no slip
        ([4.8, 4.9, 48, 49], []),  # no telling which half is wrong
        ([4.8, 4.9, 5.0, 48, 49, 50], []),  # a lasting change of three and more is none
        ([1, 10, 1], []),  # too few units of the last digit
        ([4.8, 48], []),  # no telling which is wrong
        ([0.0, 48, 0.0, 4.8], []),
        ([4.8, 48, 9.9], []),  # neighbours that disagree
        ([4.8, -48, 4.9], []),
        ([4.8, None, None, None, None, None, 48, 4.9], []),  # too far away
    ],
)  # fmt: skip
def test_a_slip_of_units_is_a_round_multiple_of_neighbours_that_agree(
    values: list[float | None], expected: list[tuple[str, int, float]]
) -> None:
    digits = 0 if values == [1, 10, 1] else 1
    assert found(inputs_of(Line(values, digits=digits))) == expected


def test_a_slip_is_told_with_its_neighbours_and_its_factor() -> None:
    (row,) = check(inputs_of(Line([4.8, 48, 4.9]))).to_dict("records")
    assert (row["low"], row["high"], row["number"]) == (pytest.approx(4.8), pytest.approx(4.9), 10)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([*CALM, 9.0], [("outlier", 2010, 9.0)]),
        ([*CALM[:5], 9.0, *CALM[5:]], [("outlier", 2005, 9.0)]),
        ([*CALM, 6.5], []),  # within three and a half scales of a tenth of the level
        ([*CALM[:6], 9.0], []),  # seven figures are too few
        ([*[0.0] * 5, 2.0, *[0.0] * 4], [("outlier", 2005, 2.0)]),  # a median deviation of 0
        ([5.0] * 12, []),
        ([9.7, 7.8, 5.9, *CALM], []),  # a series that comes down to its level
        ([*CALM, 8.0, 9.0, 9.1], []),  # the way to another one
        ([5.0, 9, 5, 1, 5, 9, 5, 1, 5, 9], []),  # what happens often is usual
    ],
)
def test_an_outlier_stands_alone(values: list[float], expected: list[tuple[str, int, float]]) -> None:
    assert [row for row in found(inputs_of(Line(values))) if row[0] == "outlier"] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([*CALM[:5], 22.9, 23.0, *CALM[5:]], [("jump", 2005, 22.9), ("jump", 2007, 5.3)]),
        ([*CALM, 15.0, 15.2], [("jump", 2010, 15.0)]),
        ([10.0 + 3 * year for year in range(12)], []),  # steady growth
        ([*CALM[:3], 15, 15.1], []),  # too few changes to know the usual one
        ([*CALM, None, 15.0, 15.2], []),  # not from a year to the next
    ],
)
def test_a_jump_is_far_outside_the_usual_changes(
    values: list[float | None], expected: list[tuple[str, int, float]]
) -> None:
    assert found(inputs_of(Line(values))) == expected


def test_one_figure_is_found_once() -> None:
    spike = found(inputs_of(Line([*CALM[:5], 50.0, *CALM[5:]])))
    assert spike == [("unit_slip", 2005, 50.0)]


def test_a_declared_break_is_no_jump() -> None:
    line = Line([*CALM, 15.0, 15.2, 15.1, 15.3, 15.2, 15.1, 15.2])
    of_anybody = {"indicator": 1, "source": NAN, "month": 2010 * YEAR}
    assert found(inputs_of(line)) == [("jump", 2010, 15.0)]
    assert found(inputs_of(line, breaks=[of_anybody])) == []
    assert found(inputs_of(line, breaks=[{**of_anybody, "source": 2}])) == [("jump", 2010, 15.0)]


def test_a_quarter_is_compared_with_the_same_quarter() -> None:
    seasons = [10.0, 20.0, 30.0, 15.0] * 9
    assert found(inputs_of(Line(seasons, frequency="Q"))) == []
    seasons[18] = 60.0
    assert found(inputs_of(Line(seasons, frequency="Q"))) == [("outlier", 2004, 60.0)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1e300, "absurd"), (-1e300, "absurd"), (1e-300, "absurd"), (1.1e15, "absurd"), (9e-13, "absurd"),
        (-1, "out_of_range"), (101, "out_of_range"), (0, None), (100, None),
    ],
)  # fmt: skip
def test_impossible_figures_are_named_and_not_compared(value: float, expected: str | None) -> None:
    inputs = inputs_of(Line([*CALM, value]), indicators=[indicator(minimum=0.0, maximum=100.0)])
    assert ([expected] if expected else []) == [
        name for name in checks(inputs) if name in {"absurd", "out_of_range"}
    ]
    if expected:
        assert len(checks(inputs)) == 1
