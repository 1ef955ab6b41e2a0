"""The geometry of charts: what is drawn, what is left out, and that texts do not collide."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.charts import LETTER, Chart, Figures, Words, draw

WORDS = Words("actual", "target", "baseline", "expected path")
NEET = Figures(
    actuals={2022: 3.8, 2023: 5.2},
    targets=[(2023, 5.7, None), (2024, 5.1, None), (2025, 4.5, None), (2030, 3.0, None)],
    baseline=(2022, 6.3),
)


def drawn(figures: Figures, width: int = 720) -> Chart:
    """The chart, which must exist."""
    chart = draw(figures, WORDS, lambda value: f"{value:g}", width)
    assert chart is not None
    return chart


def test_time_runs_right_and_values_run_up() -> None:
    chart = drawn(NEET)
    (x1, y1), (x2, y2) = chart.actuals
    assert x1 < x2
    assert y1 > y2
    assert chart.baseline is not None
    assert chart.baseline[0] == x1


def test_an_actual_equal_to_a_target_lies_on_it() -> None:
    chart = drawn(Figures({2023: 5.7}, NEET.targets))
    assert chart.actuals[0] == chart.targets[0]


def test_a_missing_year_is_a_gap() -> None:
    chart = drawn(Figures({2018: 1, 2019: 2, 2021: 4, 2022: 5}))
    assert [len(run) for run in chart.runs] == [2, 2]
    assert len(chart.actual_paths) == 2


def test_the_latest_actual_and_the_last_target_are_always_named() -> None:
    for width in (720, 350):
        texts = [label.text for label in drawn(NEET, width).labels]
        assert "actual 5.2" in texts
        assert "target 3" in texts


@pytest.mark.parametrize("width", [720, 350])
def test_a_last_target_that_has_no_room_for_its_name_has_its_number(width: int) -> None:
    words = Words("actual", "a target with a very long name", "baseline", "expected path")
    ceiling = Figures({}, [(2015, 5.5, None), (2020, 5.0, None)])
    chart = draw(ceiling, words, lambda value: f"{value:g}", width)
    assert chart is not None
    assert any(label.text.split()[-1] == "5" for label in chart.labels)


def test_round_levels_enclose_all_values() -> None:
    assert [text for _, text in drawn(NEET).y_ticks] == ["3", "4", "5", "6", "7"]


@pytest.mark.parametrize(
    ("path", "points"), [("linear", 2), ("step", 3), ("geometric", 9)], ids=["linear", "step", "geometric"]
)
def test_the_expected_line_follows_the_path(path: str, points: int) -> None:
    figures = Figures({}, [(2030, 2.0, None)], (2022, 1.0), path)
    assert len(figures.expected()) == points


def test_a_range_is_drawn_from_its_lower_to_its_upper_end() -> None:
    chart = drawn(Figures({2020: 1}, [(2021, 2.0, 4.0)]))
    [(_, high, low)] = chart.ranges
    assert high < low
    assert any(label.text == "target 2–4" for label in chart.labels)


@pytest.mark.parametrize("figures", [Figures({2020: 1.0}), Figures({}, [(2030, 5.0, None)])])
def test_one_figure_makes_no_chart(figures: Figures) -> None:
    assert draw(figures, WORDS, str) is None


levels = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))


@given(
    actuals=st.dictionaries(st.integers(1990, 2030), levels, min_size=2, max_size=30),
    targets=st.dictionaries(st.integers(2015, 2040), levels, max_size=6),
    width=st.sampled_from([350, 720]),
)
def test_nothing_leaves_the_chart_and_no_texts_collide(
    actuals: dict[int, float], targets: dict[int, float], width: int
) -> None:
    chart = drawn(Figures(actuals, [(y, v, None) for y, v in sorted(targets.items())]), width)
    for x, y in (*chart.actuals, *chart.targets):
        assert 0 <= x <= width
        assert 0 <= y <= chart.bottom + 0.1
        assert math.isfinite(x + y)
    for a, b in combinations(chart.labels, 2):
        apart_x = abs(a.x - b.x) >= (len(a.text) + len(b.text)) * LETTER / 2 - 0.2
        assert apart_x or abs(a.y - b.y) >= 14
