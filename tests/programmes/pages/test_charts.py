"""The geometry of charts: what is drawn, what is left out, and that texts do not collide."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts.fitting import LETTER
from programmes.charts import NARROW, WIDE, Benchmark, Chart, Figures, Mark, Size, Words, draw

WORDS = Words("actual", "target", "baseline", "expected path")
NEET = Figures(
    actuals={2022: 3.8, 2023: 5.2},
    targets=[(2023, 5.7, None), (2024, 5.1, None), (2025, 4.5, None), (2030, 3.0, None)],
    baseline=(2022, 6.3),
)


def drawn(figures: Figures, size: Size = WIDE) -> Chart:
    """The chart, which must exist."""
    chart = draw(figures, WORDS, lambda value: f"{value:g}", size)
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
    for size in (WIDE, NARROW):
        texts = [label.text for label in drawn(NEET, size).labels]
        assert "actual 5.2" in texts
        assert "target 3" in texts


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_last_target_that_has_no_room_for_its_name_has_its_number(size: Size) -> None:
    words = Words("actual", "a target with a very long name", "baseline", "expected path")
    ceiling = Figures({}, [(2015, 5.5, None), (2020, 5.0, None)])
    chart = draw(ceiling, words, lambda value: f"{value:g}", size)
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


AMENDED = Figures(
    actuals={2021: 4.0, 2022: 4.5, 2023: 5.0},
    targets=[(2025, 6.0, None)],
    originals=[(2025, 8.0, None), (2024, 7.0, None)],
    marks={2022: frozenset({Mark.REVISED}), 2023: frozenset({Mark.PROVISIONAL, Mark.REVISED})},
    benchmarks=[
        Benchmark("Astana", 2022, 6.2),
        Benchmark("Shymkent", None, 3.9),
        Benchmark("Oslo", 2022, 99),
    ],
)
KEYS = {
    kind: f"the word for {kind}" for kind in ("original", "provisional", "estimated", "revised", "benchmark")
}


def test_targets_as_first_set_lie_beside_those_that_replaced_them() -> None:
    chart = drawn(AMENDED)
    (now,), first, dropped = chart.targets, *chart.originals
    assert first[0] == now[0]
    assert first[1] < now[1]
    assert dropped[0] < now[0]


def test_what_an_actual_is_besides_a_figure_is_marked() -> None:
    chart = drawn(AMENDED)
    assert chart.plain == chart.actuals[:2]
    assert chart.provisional == chart.actuals[2:]
    assert chart.revised == chart.actuals[1:]
    assert chart.estimated == []


def test_only_marks_that_are_there_are_explained() -> None:
    chart = draw(AMENDED, Words("a", "t", "b", "e", KEYS), str, WIDE)
    assert chart is not None
    assert [key.kind for key in chart.keys] == ["original", "provisional", "revised", "benchmark"]
    assert all(0 <= key.x < key.x + len(key.text) * LETTER <= WIDE.width for key in chart.keys)


def test_a_benchmark_that_would_flatten_the_rest_is_left_to_the_table() -> None:
    assert [each.place for each in AMENDED.near] == ["Astana", "Shymkent"]
    assert any(label.text == "Astana 6.2" for label in drawn(AMENDED).labels)


levels = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))


@given(
    actuals=st.dictionaries(st.integers(1990, 2030), levels, min_size=2, max_size=30),
    targets=st.dictionaries(st.integers(2015, 2040), levels, max_size=6),
    size=st.sampled_from([WIDE, NARROW]),
)
def test_nothing_leaves_the_chart_and_no_texts_collide(
    actuals: dict[int, float], targets: dict[int, float], size: Size
) -> None:
    chart = drawn(Figures(actuals, [(y, v, None) for y, v in sorted(targets.items())]), size)
    for x, y in (*chart.actuals, *chart.targets):
        assert 0 <= x <= size.width
        assert 0 <= y <= chart.bottom + 0.1
        assert math.isfinite(x + y)
    for a, b in combinations(chart.labels, 2):
        apart_x = abs(a.x - b.x) >= (len(a.text) + len(b.text)) * LETTER / 2 - 0.2
        assert apart_x or abs(a.y - b.y) >= 14
