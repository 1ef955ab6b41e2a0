"""Where everything of a KPI's chart lies."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from common.charts.fitting import LETTER, Label, placed, width_of
from common.charts.lines import Point, along, path
from common.charts.scales import Scale, round_levels, round_years
from programmes.charts.figures import Figures, Mark
from programmes.charts.labelling import wishes

Write = Callable[[float], str]

KEY, SYMBOL, BETWEEN = 20.0, 24.0, 18.0  # px: a row of keys, a key's drawing, and between two keys


class Size(NamedTuple):
    """The drawing's width, and the height of the plot with its axis, in px."""

    width: int
    height: int


WIDE, NARROW = Size(720, 330), Size(350, 290)


@dataclass(frozen=True)
class Words:
    """The names written beside the marks, in the reader's language; `keys` those of marks that have no room
    for a name, by kind."""

    actual: str
    target: str
    baseline: str
    expected: str
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Key:
    """A mark at (x, y), and what it means beside it."""

    x: float
    y: float
    kind: str
    text: str


@dataclass
class Chart:
    """Coordinates in px from the top left corner; lines are SVG path data, actuals come by their mark."""

    width: int
    height: float
    left: float
    right: float
    bottom: float
    x: Scale
    y: Scale
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    expected: list[Point]
    runs: list[list[Point]]
    targets: list[Point]
    originals: list[Point]
    ranges: list[tuple[float, float, float]]
    baseline: Point | None
    plain: list[Point]
    provisional: list[Point]
    estimated: list[Point]
    revised: list[Point]
    benchmarks: list[Point]
    band: list[Point] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)

    @property
    def actuals(self) -> list[Point]:
        """Every actual's point."""
        return [point for run in self.runs for point in run]

    @property
    def marks(self) -> list[Point]:
        """Every point and line that a label keeps off."""
        lines = [point for line in (*self.runs, self.expected) for point in along(line)]
        points = [*self.actuals, *self.targets, *self.originals, *self.benchmarks, *lines]
        return [*points, *([self.baseline] if self.baseline else [])]

    @property
    def expected_path(self) -> str:
        """The expected line as SVG path data."""
        return path(self.expected)

    @property
    def band_path(self) -> str:
        """The forecast's outline as SVG path data."""
        return f"{path(self.band)}Z"

    @property
    def actual_paths(self) -> list[str]:
        """The lines through consecutive actuals as SVG path data."""
        return [path(run) for run in self.runs if len(run) > 1]


def draw(figures: Figures, words: Words, write: Write, size: Size = WIDE) -> Chart | None:
    """The chart, or None where fewer than two figures could be shown."""
    if len(figures.own_values) < 2 or len(figures.years) < 2:
        return None
    chart = _plot(figures, write, size)
    room = (chart.left, 0.0, size.width - 2.0, chart.bottom)
    wished = (wish._replace(x=chart.x(wish.x), y=chart.y(wish.y)) for wish in wishes(figures, words, write))
    chart.labels = list(placed(wished, room, chart.marks))
    chart.keys = list(_keys(words, chart))
    if chart.keys:
        chart.height = chart.keys[-1].y + KEY / 2
    return chart


def _plot(figures: Figures, write: Write, size: Size) -> Chart:
    ticks = round_levels(figures.values)
    texts = [write(value) for value in ticks]
    years = figures.years
    left, right = 10 + LETTER * max(map(len, texts)), size.width - 24.0
    bottom = size.height - 28.0
    x = Scale(years[0], years[-1], left + 14, right)
    y = Scale(ticks[0], ticks[-1], bottom, 26.0)

    def points(line: Iterable[tuple[float, float]]) -> list[Point]:
        return [(x(year), y(value)) for year, value in line]

    return Chart(
        size.width, size.height, left, right, bottom, x, y,
        x_ticks=[(x(year), str(year)) for year in round_years(years[0], years[-1], right - left)],
        y_ticks=[(y(value), text) for value, text in zip(ticks, texts, strict=True)],
        expected=points(figures.expected()),
        runs=[points(run) for run in figures.runs()],
        targets=points((year, value) for year, value, _ in figures.targets),
        originals=points((year, value) for year, value, _ in figures.originals),
        ranges=[(x(year), y(high), y(low)) for year, low, high in figures.targets if high is not None],
        baseline=points([figures.baseline])[0] if figures.baseline else None,
        plain=points(figures.plain()),
        provisional=points(figures.marked(Mark.PROVISIONAL)),
        estimated=points(figures.marked(Mark.ESTIMATED)),
        revised=points(figures.marked(Mark.REVISED)),
        benchmarks=points((each.year or years[-1], each.value) for each in figures.near),
        band=points(figures.band()),
    )  # fmt: skip


def _keys(words: Words, chart: Chart) -> Iterator[Key]:
    """What the marks mean that are in the chart and have no name beside them, row by row."""
    present = {
        "original": chart.originals, "provisional": chart.provisional, "estimated": chart.estimated,
        "revised": chart.revised, "forecast": chart.band, "benchmark": chart.benchmarks,
    }  # fmt: skip
    x, y = chart.left, chart.height + 6
    for kind, marks in present.items():
        if not marks or kind not in words.keys:
            continue
        text = words.keys[kind]
        width = SYMBOL + width_of(text)
        if x > chart.left and x + width > chart.width:
            x, y = chart.left, y + KEY
        yield Key(round(x, 1), y, kind, text)
        x += width + BETWEEN
