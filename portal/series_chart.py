"""Where everything of a series' chart lies: figures over time in, coordinates out; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from common.charts.fitting import Label, Wish, placed, width_of
from common.charts.lines import Point, along, path, runs
from common.charts.scales import Scale, round_levels, round_years

Write = Callable[[float], str]
SIZES = {"wide": (720, 300), "narrow": (350, 260)}
FEW = 30
"""Figures that are each drawn as a point; of more only those that stand alone and the last."""


@dataclass(frozen=True)
class SeriesChart:
    """Coordinates in px from the top left corner; lines are SVG path data."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]
    lines: Sequence[str]
    points: Sequence[Point]
    labels: Sequence[Label]


def draw(figures: Sequence[Point], step: float, write: Write, size: str) -> SeriesChart | None:
    """The chart of figures, by time in years, that come every `step` years; None of fewer than two."""
    if len(figures) < 2:
        return None
    width, height = SIZES[size]
    figures = sorted(figures)
    levels = round_levels([value for _when, value in figures])
    texts = [write(level) for level in levels]
    left, right, bottom = 10 + max(map(width_of, texts)), width - 24.0, height - 28.0
    first, last = int(figures[0][0]), int(figures[-1][0])
    x = Scale(figures[0][0], figures[-1][0], left + 14, right)
    y = Scale(levels[0], levels[-1], bottom, 26)
    drawn = [[(x(when), y(value)) for when, value in run] for run in runs(figures, step)]
    return SeriesChart(
        width, height, left, right, bottom,
        x_ticks=[
            (x(year), str(year)) for year in round_years(first, last, right - left)
            if figures[0][0] <= year <= figures[-1][0]
        ],
        y_ticks=[(y(level), text) for level, text in zip(levels, texts, strict=True)],
        lines=[path(run) for run in drawn if len(run) > 1],
        points=_points(drawn),
        labels=_labels(figures, drawn, x, y, write, (left, 0, width - 2, bottom)),
    )  # fmt: skip


def _points(drawn: Sequence[Sequence[Point]]) -> list[Point]:
    everything = list(chain.from_iterable(drawn))
    if len(everything) <= FEW:
        return everything
    return [*(run[0] for run in drawn if len(run) == 1), everything[-1]]


def _labels(
    figures: Sequence[Point],
    drawn: Sequence[Sequence[Point]],
    x: Scale,
    y: Scale,
    write: Write,
    room: tuple[float, float, float, float],
) -> list[Label]:
    """The last figure, the first, the highest and the lowest, where there is room."""
    values = [value for _when, value in figures]
    notable = dict.fromkeys((len(values) - 1, 0, values.index(max(values)), values.index(min(values))))
    middle = (max(values) + min(values)) / 2
    wishes = [
        Wish(x(when), y(value), write(value), "actual", above=value >= middle)
        for when, value in (figures[index] for index in notable)
    ]
    marks = [*chain.from_iterable(drawn), *(point for run in drawn for point in along(run))]
    return list(placed(wishes, room, marks))
