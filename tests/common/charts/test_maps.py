"""Maps as geometry: classes, tiles, discs, outlines and small lines."""

import math
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import courses, sparks, tiles
from common.charts.classes import CLASSES, equal_steps, fifths
from common.charts.outlines import paths
from common.charts.points import Frame, spread

figures = st.dictionaries(
    st.integers(), st.decimals(-1000, 1000, places=1), min_size=1, max_size=40
)  # fmt: skip


def of(*values: str) -> dict[int, Decimal]:
    return {number: Decimal(value) for number, value in enumerate(values)}


def test_five_values_make_five_classes() -> None:
    assert list(fifths(of("5", "1", "4", "2", "3")).number_of.values()) == [5, 1, 4, 2, 3]


def test_three_values_get_the_first_the_middle_and_the_last_class() -> None:
    assert list(fifths(of("1", "2", "9")).number_of.values()) == [1, 3, 5]


def test_equal_values_are_one_class_with_their_count() -> None:
    found = fifths(of("4.8", "4.8", "4.8"))
    assert [(step.number, step.low, step.high, step.count) for step in found.steps] == [
        (3, Decimal("4.8"), Decimal("4.8"), 3)
    ]


@given(figures)
def test_a_larger_value_is_never_in_a_paler_class(values: dict[int, Decimal]) -> None:
    number_of = fifths(values).number_of
    for one, other in combinations(values, 2):
        if values[one] <= values[other]:
            assert number_of[one] <= number_of[other]
        if values[one] == values[other]:
            assert number_of[one] == number_of[other]


@given(figures)
def test_classes_hold_everybody_once_and_do_not_overlap(values: dict[int, Decimal]) -> None:
    steps = fifths(values).steps
    assert sum(step.count for step in steps) == len(values)
    assert all(1 <= step.number <= CLASSES for step in steps)
    assert all(one.high < other.low for one, other in pairwise(steps))


def test_shares_have_equal_steps_and_a_whole_belongs_to_the_last() -> None:
    found = equal_steps(of("0", "19.9", "20", "100"), Decimal(0), Decimal(100))
    assert list(found.number_of.values()) == [1, 1, 2, 5]
    assert [step.low for step in found.steps] == [Decimal(0), Decimal(20), Decimal(80)]
    assert [step.high for step in found.steps] == [Decimal(20), Decimal(40), Decimal(100)]


def test_no_values_make_no_classes() -> None:
    assert fifths({}).steps == []


def test_tiles_fill_the_width_and_do_not_overlap() -> None:
    sheet = tiles.lay_out({"a": (0, 0), "b": (1, 0), "c": (1, 1)}, width=100, height=30, gap=4)
    assert (sheet.width, sheet.height) == (100, 64)
    assert (sheet.tiles["a"].x, sheet.tiles["b"].x, sheet.tiles["c"].y) == (0, 52, 34)
    assert sheet.tiles["a"].width == 48


@pytest.mark.parametrize(
    ("name", "cut"), [("Абай", "Абай"), ("Қызылорда", "Қызыл."), ("Батыс Қазақстан", "Батыс.")]
)
def test_a_name_is_cut_to_its_tile(name: str, cut: str) -> None:
    assert tiles.cut(name, 47, 10.5) == cut


def test_a_long_figure_is_smaller_but_never_tiny() -> None:
    assert tiles.fitting_size("4,8", 47, 13) == 13
    assert tiles.SMALLEST <= tiles.fitting_size("1 234 567", 47, 13) < 13
    assert tiles.fitting_size("9" * 40, 47, 13) == tiles.SMALLEST


def test_north_is_up_and_east_is_right() -> None:
    frame = Frame.around([(50, 42), (80, 55)], width=400, margin=10)
    assert frame((50, 55)) == (10, 10)
    x, y = frame((80, 42))
    assert (round(x), round(y)) == (390, round(frame.height - 10))


def test_one_place_alone_can_be_drawn() -> None:
    assert all(map(math.isfinite, Frame.around([(70, 50)], 400, 10)((70, 50))))


@given(st.lists(st.tuples(st.floats(20, 380), st.floats(20, 280)), min_size=2, max_size=12))
def test_discs_keep_off_one_another_and_stay_on_the_sheet(places: list[tuple[float, float]]) -> None:
    moved = spread({str(number): place for number, place in enumerate(places)}, 20, 400, 300)
    for (x, y), (x2, y2) in combinations(moved.values(), 2):
        assert math.hypot(x2 - x, y2 - y) > 17
    assert all(10 <= x <= 390 and 10 <= y <= 290 for x, y in moved.values())


def test_discs_that_are_apart_stay_where_they_are() -> None:
    places = {"a": (50.0, 50.0), "b": (100.0, 50.0)}
    assert spread(places, 20, 400, 300) == places


SQUARE = [[[0.0, 0.0], [0.0, 10.0], [10.0, 10.0], [10.0, 0.0], [0.0, 0.0]]]
FLAT = Frame(0, 10, 10, 1, 0, 100, 100)


def test_a_square_is_four_corners() -> None:
    assert paths({"a": [SQUARE]}, FLAT) == {"a": "M0 100l0 -100 100 0 0 100z"}


def test_points_on_a_straight_line_and_rings_without_area_go() -> None:
    ring = [[0.0, 0.0], [0.0, 5.0], [0.0, 10.0], [10.0, 10.0], [10.0, 0.0], [0.0, 0.0]]
    speck = [[1.0, 1.0], [1.001, 1.0], [1.0, 1.001], [1.0, 1.0]]
    assert paths({"a": [[ring], [speck]]}, FLAT) == paths({"a": [SQUARE]}, FLAT)


def test_neighbours_keep_their_common_border_however_coarse() -> None:
    wiggly = [[5 + math.sin(number) / 5, number / 10] for number in range(101)]
    west = [[[0.0, 0.0], *wiggly, [0.0, 10.0], [0.0, 0.0]]]
    east = [[[10.0, 0.0], *wiggly, [10.0, 10.0], [10.0, 0.0]]]
    drawn = paths({"west": [west], "east": [east]}, FLAT, most=60)
    assert all(path.count(" ") < 60 for path in drawn.values())
    corners = [set(_corners(path)) for path in drawn.values()]
    border = [point for point in corners[0] if 40 <= point[0] <= 60 and 0 < point[1] < 100]
    assert border
    assert all(point in corners[1] for point in border)


def _corners(path: str) -> list[tuple[int, int]]:
    """Where the path's corners lie."""
    start, _l, rest = path.removeprefix("M").removesuffix("z").partition("l")
    numbers = list(map(int, rest.split()))
    x, y = map(int, start.split())
    found = [(x, y)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_a_missing_year_is_a_gap_in_a_small_line() -> None:
    spark = sparks.draw({2019: 1.0, 2020: 2.0, 2022: 3.0})
    assert spark is not None
    assert (len(spark.lines), len(spark.points)) == (1, 1)
    assert spark.last == spark.points[0]


def test_one_figure_is_no_line_and_equal_ones_are_a_level_one() -> None:
    assert sparks.draw({2020: 1.0}) is None
    level = sparks.draw({2020: 0.0, 2021: 0.0})
    assert level is not None
    assert level.last[1] == sparks.HEIGHT / 2


def test_lines_of_places_are_named_at_their_ends_without_covering_one_another() -> None:
    drawn = courses.draw(
        [("Алматы", {2020: 1.0, 2021: 2.0}), ("Астана", {2021: 2.0}), ("Шымкент", {})], str, 860, 300
    )
    assert drawn is not None
    assert [each.number for each in drawn.courses] == [1, 2]
    first, second = (each.name_y for each in drawn.courses)
    assert abs(first - second) >= courses.APART
    assert [len(each.paths) for each in drawn.courses] == [1, 0]


def test_no_figure_is_no_drawing() -> None:
    assert courses.draw([("Алматы", {})], str, 860, 300) is None


def test_sixty_years_can_be_drawn_and_one_year_too() -> None:
    years = {year: float(year % 7) for year in range(1960, 2020)}
    drawn = courses.draw([("A", years)], str, 350, 260)
    assert drawn is not None
    assert len(drawn.years) < 10
    assert courses.draw([("A", {2011: 5.0})], str, 350, 260) is not None
