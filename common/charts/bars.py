"""Horizontal bars: one figure for each name, from zero, with its number beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from common.charts.fitting import in_lines, width_of
from common.charts.scales import Scale

ROW, THICK, GAP = 34.0, 16.0, 8.0  # px: a row, its bar, and between texts and bars


@dataclass(frozen=True)
class Row:
    """A name and its figure, None where it is missing."""

    name: str
    value: float | None


@dataclass(frozen=True)
class Bar:
    """A row's px: its name in lines with their base, the bar from (x, y), the number beside its end."""

    name: list[tuple[float, str]]
    y: float
    x: float
    width: float
    text: str
    text_x: float
    anchor: str
    is_missing: bool = False


@dataclass
class Bars:
    """The whole drawing; `zero` is where bars begin, `mark` where a level to compare with lies."""

    width: float
    height: float
    zero: float
    thick: float
    bars: list[Bar]
    mark: float | None = None


def draw(
    rows: Sequence[Row], write: Callable[[float], str], missing: str, width: float, mark: float | None = None
) -> Bars | None:
    """A bar for each row; a missing figure is the word `missing`, zero a bar without width. None without any
    figure. Names get at most two fifths of the width, in two lines."""
    values = [row.value for row in rows if row.value is not None]
    if not values:
        return None
    texts = [missing if row.value is None else write(row.value) for row in rows]
    names = min(max(width_of(row.name) for row in rows), width * 0.4)
    beside = max(map(width_of, texts)) + GAP
    ends = [*values, 0.0, *([] if mark is None else [mark])]
    low, high = min(ends), max(ends)
    before = beside if low < 0 else 0.0
    x = (
        Scale(low, high, names + GAP + before, width - beside)
        if high > low
        else Scale(0, 1, names + GAP, width)
    )
    bars = [
        _bar(row, text, index * ROW, x, names)
        for index, (row, text) in enumerate(zip(rows, texts, strict=True))
    ]
    return Bars(width, len(rows) * ROW, x(0), THICK, bars, None if mark is None else x(mark))


def _bar(row: Row, text: str, top: float, x: Scale, names: float) -> Bar:
    lines, y = in_lines(row.name, names), top + (ROW - THICK) / 2
    first = y + 12 - 7 * (len(lines) - 1)
    name = [(first + 14 * index, line) for index, line in enumerate(lines)]
    if row.value is None:
        return Bar(name, y, x(0), 0, text, x(0) + GAP, "start", is_missing=True)
    left, right = min(x(0), x(row.value)), max(x(0), x(row.value))
    width = round(right - left, 1)
    if row.value < 0:
        return Bar(name, y, left, width, text, round(left - GAP, 1), "end")
    return Bar(name, y, left, width, text, round(right + GAP, 1), "start")
