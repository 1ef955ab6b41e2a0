"""Small multiples: a line in a panel for each place or group, all on the same two scales."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from common.charts.fitting import in_lines, width_of
from common.charts.lines import Point, path, runs
from common.charts.scales import Scale, round_levels, round_years

Write = Callable[[float], str]

SIZE = 12  # px of the text in a panel
TITLE, AXIS, GAP, TICK = 34.0, 22.0, 12.0, 7.6  # px: two lines of title, years, space between, a digit
SIDE = 14.0  # px: half of a year's text
BESIDE = 6.0  # px: between a level's text and the panel


@dataclass(frozen=True)
class Line:
    """What a panel shows: figures by year (a part of a year after the point), and levels to reach by year."""

    name: str
    figures: Mapping[float, float]
    targets: Mapping[float, float] = field(default_factory=dict)
    step: float = 1


class Last(NamedTuple):
    """The latest figure: its mark, and its text at `text_y`, which ends, begins or is centred there."""

    x: float
    y: float
    text: str
    text_y: float
    anchor: str


@dataclass
class Panel:
    """A panel's corner in px of the whole drawing, and its marks in px from there; titles end above it.

    Where there is no figure, a word can stand at `empty_y` clear of the targets.
    """

    x: float
    y: float
    title: list[tuple[float, str]]
    lines: list[list[Point]]
    targets: list[Point]
    last: Last | None
    empty_y: float

    @property
    def paths(self) -> list[str]:
        """The lines through figures without a gap as SVG path data."""
        return [path(line) for line in self.lines if len(line) > 1]

    @property
    def points(self) -> list[Point]:
        """Figures between two gaps, which would be invisible as lines."""
        return [line[0] for line in self.lines if len(line) == 1]


@dataclass
class Multiples:
    """Panels in rows, with the levels and the years, in px within a panel, that are written beside them: the
    levels left of the panels that begin at `left`."""

    width: float
    height: float
    left: float
    panel_width: float
    panel_height: float
    panels: list[Panel]
    levels: list[tuple[float, str]]
    years: list[tuple[float, str]]
    zero: float | None


def draw(
    lines: Sequence[Line], write: Write, width: float, columns: int, height: float = 92
) -> Multiples | None:
    """Panels for the lines in so many columns, `height` being a panel's own; None without any figure.

    All share both scales, so that panels can be compared; levels and years are px within a panel.
    """
    values = [value for line in lines for value in (*line.figures.values(), *line.targets.values())]
    times = [when for line in lines for when in (*line.figures, *line.targets)]
    if not values or not any(line.figures for line in lines):
        return None
    levels = round_levels(values, most=2)
    texts = [write(level) for level in levels]
    left = BESIDE + 2 + TICK * max(map(len, texts))
    inner = (width - left - GAP * (columns - 1)) / columns
    x = Scale(min(times), max(times), SIDE, inner - SIDE)
    y = Scale(levels[0], levels[-1], height - 4, 4)
    panels = []
    for index, line in enumerate(lines):
        row, column = divmod(index, columns)
        corner = round(left + column * (inner + GAP), 1), round(TITLE + row * (height + TITLE + AXIS), 1)
        panels.append(_panel(line, corner, inner, x, y, write))
    rows = -(-len(lines) // columns)
    first, last = int(min(times)), int(max(times))
    years = round_years(first, last, inner - 2 * SIDE, room=34) if last > first else [first]
    return Multiples(
        width, rows * (height + TITLE + AXIS), round(left, 1), round(inner, 1), height, panels,
        levels=[(y(level), text) for level, text in zip(levels, texts, strict=True)],
        years=[(x(year), str(year)) for year in years if x.low <= year <= x.high],
        zero=y(0) if levels[0] < 0 < levels[-1] else None,
    )  # fmt: skip


def _panel(line: Line, corner: Point, width: float, x: Scale, y: Scale, write: Write) -> Panel:
    title = in_lines(line.name, width, SIZE)
    targets = [(x(when), y(value)) for when, value in sorted(line.targets.items())]
    is_free_below = all(py < y.start / 2 for _px, py in targets)
    return Panel(
        *corner,
        title=[(-8.0 - 14 * (len(title) - 1 - index), text) for index, text in enumerate(title)],
        lines=[[(x(when), y(value)) for when, value in run] for run in runs(line.figures.items(), line.step)],
        targets=targets,
        last=_last(line, width, x, y, write),
        empty_y=round(y.start - 8 if is_free_below else 18.0, 1),
    )


def _last(line: Line, width: float, x: Scale, y: Scale, write: Write) -> Last | None:
    """The text stands above its mark, or below where the line comes from above; never beyond the panel."""
    if not line.figures:
        return None
    *earlier, (when, value) = sorted(line.figures.items())
    px, py = x(when), y(value)
    is_above = not earlier or earlier[-1][1] <= value
    if py < 18 or py > y.start - 18:  # there is no room on one of the sides
        is_above = py > 18
    half = width_of(text := write(value), SIZE) / 2
    anchor = "end" if px + half > width else "start" if px < half else "middle"
    return Last(px, py, text, round(py - 8 if is_above else py + 18, 1), anchor)
