"""Parts against the whole, shares against 100, sources against each other."""

from typing import Any

import pytest

from programmes.quality import check
from tests.programmes.quality.cases import NAN, YEAR, Line, found, indicator, inputs_of

SUM, SHARE = indicator(is_sum=True), indicator(is_share=True)
DISTRICTS = [{"whole": 1, "part": part, "since": NAN, "until": NAN} for part in (2, 3)]


def city(whole: float, *parts: float | None, digits: int = 0) -> list[Line]:
    """A city and its districts in the year 2000."""
    places = enumerate((whole, *parts), start=1)
    return [Line([value], territory=place, digits=digits) for place, value in places]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (city(100, 60, 45), 105),
        (city(100, 60, 30), 90),
        (city(100, 60, 40), None),
        (city(100, 60, 41), None),  # half a unit of each of three
        (city(100, 60, 42), 102),
        (city(100.0, 60.2, 40.0, digits=1), 100.2),
        (city(100.0, 60.1, 40.0, digits=1), None),
        (city(2_100_000, 1_000_000, 1_062_942), None),  # written to hundred thousands
        (city(2_100_001, 1_000_001, 1_042_942), 2_042_943),
        (city(100, 60, None), None),  # a district without a figure
        (city(100, 60, 1e300), None),  # absurd, which is said of the figure
    ],
)
def test_districts_make_up_the_city_if_all_are_known(lines: list[Line], expected: float | None) -> None:
    rows = check(inputs_of(*lines, indicators=[SUM], parts=DISTRICTS))
    sums = rows[rows["check"] == "parts_of_whole"]
    assert list(sums["compared"]) == ([] if expected is None else [pytest.approx(expected)])


def test_only_what_adds_up_is_added_up() -> None:
    assert found(inputs_of(*city(100, 60, 45), parts=DISTRICTS)) == []


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (2001 * YEAR, NAN, [40]),  # not yet a part: the other two make the whole
        (NAN, 2000 * YEAR, [40]),  # no longer
        (NAN, NAN, [45]),
        (2000 * YEAR + 5, NAN, []),  # founded within the year
    ],
)
def test_only_parts_that_exist_in_the_whole_period_are_asked_for(
    since: float, until: float, expected: list[float]
) -> None:
    lines = [*city(100, 20, 20), Line([5], territory=4, digits=0)]
    parts = [*DISTRICTS, {"whole": 1, "part": 4, "since": since, "until": until}]
    rows = check(inputs_of(*lines, indicators=[SUM], parts=parts))
    assert list(rows["compared"]) == expected


def by(dimension: str, *figures: list[float | None], **more: Any) -> list[Line]:
    """The series of a dimension's categories A, B, …; of SEX F and M."""
    names = "FM" if dimension == "SEX" else "ABCDE"
    return [
        Line(values, breakdown=f"{dimension}={name}", digits=0, **more)
        for name, values in zip(names, figures, strict=False)
    ]


def test_women_and_men_make_everybody() -> None:
    lines = [Line([100, 100], digits=0), *by("SEX", [60, 60], [40, 45])]
    assert found(inputs_of(*lines, indicators=[SUM])) == [("categories_of_total", 2001, 100)]


def test_a_sex_that_is_lacking_contradicts_nothing() -> None:
    lines = [Line([100], digits=0), *by("SEX", [60])]
    assert found(inputs_of(*lines, indicators=[SUM])) == []


def test_categories_that_make_the_total_elsewhere_must_make_it_here() -> None:
    lines = [Line([101, 201, 301, 401], digits=0), *by("TYPE", [61, 121, 201, 201], [40, 80, 100, 211])]
    assert found(inputs_of(*lines, indicators=[SUM])) == []  # proven in three of four cells, not four fifths
    lines = [
        Line([101, 201, 301, 401, 501], digits=0),
        *by("TYPE", [61, 121, 201, 201, 201], [40, 80, 100, 211, 300]),
    ]
    assert found(inputs_of(*lines, indicators=[SUM])) == [("categories_of_total", 2003, 401)]


def test_categories_that_never_make_the_total_overlap_or_are_not_all() -> None:
    lines = [Line([100] * 5, digits=0), *by("AGE", [60] * 5, [70] * 5)]
    assert found(inputs_of(*lines, indicators=[SUM])) == []


def test_a_distribution_makes_a_hundred() -> None:
    shares = by("TYPE", [60, 61, 62, 63, 64], [40, 39, 38, 37, 46])
    (row,) = check(inputs_of(*shares, indicators=[SHARE])).to_dict("records")
    assert (row["check"], row["value"], row["compared"]) == ("categories_of_total", 100, 110)
    assert (row["subject"], row["number"]) == ("TYPE", 2)


def test_rates_of_women_and_men_are_no_distribution() -> None:
    assert found(inputs_of(*by("SEX", [5, 6, 5, 4], [6, 5, 5, 5]), indicators=[SHARE])) == []


@pytest.mark.parametrize(
    ("akimat", "bureau", "digits", "differs"),
    [
        (17.0, 14.0, 1, True),
        (14.2, 14.0, 1, False),  # less than two per cent
        (5.0, 4.8, 1, True),
        (4.9, 4.8, 1, False),  # rounding of both
        (17.0, 1e300, 1, False),
        (0.0, 0.0, 1, False),
        (0.0, 3.0, 1, True),
    ],
)  # fmt: skip
def test_sources_differ_beyond_tolerance_and_rounding(
    akimat: float, bureau: float, digits: int, differs: bool
) -> None:
    lines = [Line([akimat], source=1, rank=3, digits=digits), Line([bureau], source=2, digits=digits)]
    rows = check(inputs_of(*lines))
    differing = rows[rows["check"] == "sources_differ"]
    expected = [(0, 1, akimat, bureau)] if differs else []
    assert differing[["series", "other", "value", "compared"]].to_records(index=False).tolist() == expected


def test_sources_of_one_kind_are_not_held_against_each_other() -> None:
    assert found(inputs_of(Line([17.0], source=1, rank=5), Line([14.0], source=2, rank=5))) == []


def test_figures_of_different_periods_and_places_are_different_figures() -> None:
    here, later, there = (
        Line([17.0], rank=3),
        Line([14.0], 2001, source=2),
        Line([14.0], territory=2, source=3),
    )
    assert found(inputs_of(here, later, there)) == []
