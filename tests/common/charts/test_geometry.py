"""Scales, texts, small multiples and bars: what lies where."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.charts import bars, multiples
from common.charts.fitting import in_lines, shortened, width_of
from common.charts.frames import framed
from common.charts.lines import path, runs
from common.charts.multiples import Line
from common.charts.scales import Scale, decimals_of, round_levels, round_years

numbers = st.floats(-1e12, 1e12, allow_nan=False)


@given(st.lists(numbers, min_size=1, max_size=8), st.integers(2, 6))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_round_levels_enclose_every_value_and_are_few(values: list[float], most: int) -> None:
    levels = round_levels(values, most)
    assert 2 <= len(levels) <= most + 2
    room = 1e-9 * max(1, *map(abs, values))
    assert levels[0] <= min(values) + room
    assert levels[-1] >= max(values) - room


def test_a_scale_of_a_single_level_puts_it_in_the_middle() -> None:
    assert Scale(5, 5, 0, 100)(5) == 50


@pytest.mark.parametrize(
    ("last", "width", "years"),
    [
        (2004, 400, [2000, 2001, 2002, 2003, 2004]),
        (2004, 100, [2000, 2002, 2004]),
        (2060, 150, [2000, 2020, 2040, 2060]),
    ],
)
def test_as_many_years_are_written_as_fit(last: int, width: float, years: list[int]) -> None:
    assert round_years(2000, last, width) == years


@pytest.mark.parametrize(("level", "decimals"), [(3, 0), (2.5, 1), (0.25, 2), (1 / 3, 0)])
def test_a_level_is_written_whole(level: float, decimals: int) -> None:
    assert decimals_of(level) == decimals


@given(st.text(max_size=300), st.floats(20, 400))
def test_a_shortened_text_fits(text: str, width: float) -> None:
    assert width_of(shortened(text, width)) <= max(width, width_of("xx"))


def test_a_long_name_is_broken_into_lines_and_cut_at_the_last() -> None:
    lines = in_lines("Share of young people " * 20, 150, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert in_lines("Алматы", 150) == ["Алматы"]
    assert in_lines("", 150) == []


def test_a_line_stops_where_a_figure_is_missing() -> None:
    assert [len(run) for run in runs([(2020, 1), (2023, 4), (2021, 2)])] == [2, 1]
    assert [len(run) for run in runs([(2020, 1), (2020.25, 1), (2020.75, 1)], step=0.25)] == [2, 1]
    assert path([]) == ""


def test_panels_share_both_scales() -> None:
    lines = [Line("A", {2000: 1, 2010: 3}), Line("B", {2005: 3}, targets={2010: 2}), Line("C", {})]
    drawn = multiples.draw(lines, str, 700, columns=2)
    assert drawn is not None
    first, second, empty = drawn.panels
    assert first.lines[0][0][1] > second.points[0][1] == first.points[1][1]
    assert second.targets[0][0] == first.points[1][0]
    assert (first.x, first.y) < (second.x, second.y + 1)
    assert (empty.x, empty.last) == (drawn.left, None)
    assert empty.y > first.y + drawn.panel_height


def test_nothing_makes_no_panels_and_no_bars() -> None:
    assert multiples.draw([Line("A", {}, targets={2020: 1})], str, 700, columns=2) is None
    assert bars.draw([bars.Row("A", None)], str, "no figure", 700) is None


@given(st.lists(st.none() | numbers, min_size=1, max_size=12), st.sampled_from([350, 720]))
def test_bars_and_their_numbers_stay_inside(values: list[float | None], width: int) -> None:
    rows = [bars.Row(f"Place {index}" * 9, value) for index, value in enumerate(values)]
    drawn = bars.draw(rows, lambda value: f"{value:.3g}", "no figure", width)
    assert (drawn is None) is (set(values) == {None})
    for bar in drawn.bars if drawn else []:
        side = width_of(bar.text) if bar.anchor == "start" else -width_of(bar.text)
        assert bar.width >= 0
        assert 0 <= bar.x <= bar.x + bar.width <= width
        assert 0 <= bar.text_x + side <= width


def test_zero_is_a_bar_without_width_and_missing_is_a_word() -> None:
    drawn = bars.draw(
        [bars.Row("A", 0), bars.Row("B", None), bars.Row("C", 4)], str, "no figure", 700, mark=5
    )
    assert drawn is not None
    zero, missing, full = drawn.bars
    assert (zero.width, zero.text, zero.is_missing) == (0, "0", False)
    assert (missing.text, missing.is_missing) == ("no figure", True)
    assert drawn.mark is not None
    assert drawn.mark > full.x + full.width


def test_a_drawing_that_leaves_its_page_has_its_title_above_and_its_source_below() -> None:
    frame = framed(720, 300, head=["A long title " * 40, "Almaty, %"], foot=["Source: a bureau"])
    titles = [line for line in frame.texts if line.is_title]
    assert len(titles) == 3
    assert titles[-1].text.endswith("…")
    assert titles[-1].y < frame.texts[3].y < frame.top
    assert frame.top + 300 < frame.texts[-1].y < frame.height
