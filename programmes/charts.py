"""Where everything of a KPI's chart lies: figures in, coordinates out (docs/decisions/0006-charts.md).

Pure geometry without Django. The template `programmes/chart.svg` draws what is computed here; texts come in
as the reader's language writes them, through `write`.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

Write = Callable[[float], str]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

LETTER = 7.4  # px: the usual width of a wide character at 13 px


@dataclass(frozen=True)
class Figures:
    """What a chart shows. Years are whole; a target is (year, level, upper level or None), a forecast (year,
    lower end, upper end)."""

    actuals: dict[int, float]
    targets: Sequence[tuple[int, float, float | None]] = ()
    baseline: tuple[int, float] | None = None
    path: str = "linear"
    forecast: Sequence[tuple[int, float, float]] = ()

    @property
    def knots(self) -> list[tuple[int, float]]:
        """The points that the expected path runs through, by year."""
        levels = [(year, level) for year, level, _ in self.targets]
        return sorted({**dict([self.baseline] if self.baseline else []), **dict(levels)}.items())

    @property
    def years(self) -> list[int]:
        """Every year from the first figure to the last."""
        known = [*self.actuals, *(year for year, _ in self.knots), *(year for year, _, _ in self.forecast)]
        return list(range(min(known), max(known) + 1))

    @property
    def values(self) -> list[float]:
        """Every level that must fit."""
        highs = [high for _, _, high in self.targets if high is not None]
        ends = [end for _, *pair in self.forecast for end in pair]
        return [*self.actuals.values(), *(value for _, value in self.knots), *highs, *ends]

    def band(self) -> list[tuple[float, float]]:
        """The outline of the forecast: from the last actual along the upper ends and back along the lower."""
        if not self.forecast or not self.actuals:
            return []
        last = max(self.actuals)
        highs = [(float(year), high) for year, _, high in self.forecast]
        lows = [(float(year), low) for year, low, _ in reversed(self.forecast)]
        return [(float(last), self.actuals[last]), *highs, *lows]

    def expected(self) -> list[tuple[float, float]]:
        """The path as the line to draw: straight, in steps, or curved."""
        knots = self.knots
        if self.path == "step":
            return [p for (x, y), (x2, y2) in pairwise(knots) for p in ((x, y), (x2, y), (x2, y2))]
        if self.path == "geometric":
            return [p for start, end in pairwise(knots) for p in _curve(start, end)]
        return [(float(year), value) for year, value in knots] if len(knots) > 1 else []

    def runs(self) -> Iterator[list[tuple[int, float]]]:
        """Actuals of consecutive years: a missing year is a gap between two runs."""
        run: list[tuple[int, float]] = []
        for year, value in sorted(self.actuals.items()):
            if run and year > run[-1][0] + 1:
                yield run
                run = []
            run.append((year, value))
        if run:
            yield run


def _curve(start: tuple[int, float], end: tuple[int, float]) -> list[Point]:
    """Yearly points of steady relative growth; a straight line where a level is not positive."""
    (x, y), (x2, y2) = start, end
    if y <= 0 or y2 <= 0:
        return [(x, y), (x2, y2)]
    return [(year, y * (y2 / y) ** ((year - x) / (x2 - x))) for year in range(x, x2 + 1)]


@dataclass(frozen=True)
class Label:
    """A text beside a mark; `kind` is the class that colours it."""

    x: float
    y: float
    text: str
    kind: str


class Wish(NamedTuple):
    """A label that would be good to have: where its mark is, and on which side of it the text should stand.

    A named one may stand farther off than a mere number, to which it is cut where it fits nowhere.
    """

    x: float
    y: float
    text: str
    kind: str
    above: bool
    named: bool = False
    number: str = ""


@dataclass(frozen=True)
class Words:
    """The names written beside the marks, in the reader's language."""

    actual: str
    target: str
    baseline: str
    expected: str


@dataclass
class Chart:
    """Coordinates in px from the top left corner; lines are SVG path data."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    expected: list[Point]
    runs: list[list[Point]]
    targets: list[Point]
    ranges: list[tuple[float, float, float]]
    baseline: Point | None
    band: list[Point] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def actuals(self) -> list[Point]:
        """Every actual's point."""
        return [point for run in self.runs for point in run]

    @property
    def expected_path(self) -> str:
        """The expected line as SVG path data."""
        return _path(self.expected)

    @property
    def band_path(self) -> str:
        """The forecast's outline as SVG path data."""
        return f"{_path(self.band)}Z"

    @property
    def actual_paths(self) -> list[str]:
        """The lines through consecutive actuals as SVG path data."""
        return [_path(run) for run in self.runs if len(run) > 1]


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def draw(figures: Figures, words: Words, write: Write, width: int = 720, height: int = 320) -> Chart | None:
    """The chart, or None where fewer than two figures could be shown."""
    if len(figures.values) < 2 or len(figures.years) < 2:
        return None
    ticks = list(_ticks(figures.values))
    tick_texts = [write(value) for value in ticks]
    years = figures.years
    left = 10 + LETTER * max(map(len, tick_texts))
    right, top, bottom = width - 24.0, 26.0, height - 28.0

    def x(year: float) -> float:
        return round(left + 14 + (right - left - 14) * (year - years[0]) / (years[-1] - years[0]), 1)

    def y(value: float) -> float:
        return round(bottom - (bottom - top) * (value - ticks[0]) / (ticks[-1] - ticks[0]), 1)

    def points(line: Iterable[tuple[float, float]]) -> list[Point]:
        return [(x(year), y(value)) for year, value in line]

    chart = Chart(
        width, height, left, right, bottom,
        x_ticks=[(x(year), str(year)) for year in _year_ticks(years, right - left)],
        y_ticks=[(y(value), text) for value, text in zip(ticks, tick_texts, strict=True)],
        expected=points(figures.expected()),
        runs=[points(run) for run in figures.runs()],
        targets=points((year, value) for year, value, _ in figures.targets),
        ranges=[(x(year), y(high), y(low)) for year, low, high in figures.targets if high is not None],
        baseline=points([figures.baseline])[0] if figures.baseline else None,
        band=points(figures.band()),
    )  # fmt: skip
    wishes = _wishes(figures, words, write)
    chart.labels = list(_place((wish._replace(x=x(wish.x), y=y(wish.y)) for wish in wishes), chart))
    return chart


def _ticks(values: Sequence[float]) -> Iterator[float]:
    """Three to six round levels that enclose the values."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1
    unit = 10 ** math.floor(math.log10(span / 3))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if span / (unit * factor) <= 4)
    first, last = math.floor(low / step), math.ceil(high / step)
    for index in range(first, max(last, first + 1) + 1):
        yield round(index * step, 10)


def _year_ticks(years: Sequence[int], width: float) -> list[int]:
    """Years to write under the axis: all that fit, else every second, fifth or tenth."""
    step = next(s for s in (1, 2, 5, 10, 100) if len(years) / s * 38 <= width or s == 100)
    return [year for year in years if year % step == 0]


def _wishes(figures: Figures, words: Words, write: Write) -> Iterator[Wish]:
    """Labels by importance, with years and levels for coordinates."""
    actuals = sorted(figures.actuals.items())
    levels = dict(figures.knots)
    for year, value in actuals[-1:]:
        above = value >= levels.get(year, value)
        text = write(value)
        yield Wish(year, value, f"{words.actual} {text}", "actual", above, named=True, number=text)
    for count, (year, level, high) in enumerate(reversed(figures.targets)):
        text = write(level) if high is None else f"{write(level)}–{write(high)}"
        above = level > figures.actuals.get(year, -math.inf)
        wish = Wish(year, level, text, "target", above)
        yield wish if count else wish._replace(text=f"{words.target} {text}", named=True, number=text)
    if figures.baseline and figures.actuals.get(figures.baseline[0]) != figures.baseline[1]:
        text = f"{words.baseline} {write(figures.baseline[1])}"
        yield Wish(*figures.baseline, text, "baseline", above=True)
    if len(figures.knots) > 1:
        (year, value), (year2, value2) = max(
            pairwise(figures.knots), key=lambda pair: pair[1][0] - pair[0][0]
        )
        middle = (year + year2) / 2, (value + value2) / 2
        yield Wish(*middle, words.expected, "expected", value2 >= value, named=True)
    yield from _inner_wishes(actuals, min(levels, default=0), write)


def _inner_wishes(actuals: Sequence[tuple[int, float]], since: int, write: Write) -> Iterator[Wish]:
    """Labels of the other actuals: since the baseline, and the first, highest and lowest of all."""
    values = [value for _, value in actuals]
    notable = {0, values.index(max(values)), values.index(min(values))} if values else set()
    for index, (year, value) in enumerate(actuals[:-1]):
        if year >= since or index in notable:
            beside = [actuals[max(index - 1, 0)][1], actuals[index + 1][1]]
            yield Wish(year, value, write(value), "actual", value >= sum(beside) / 2)


def _place(wishes: Iterable[Wish], chart: Chart) -> Iterator[Label]:
    """Labels that neither leave the chart nor cover a mark or one another; the rest are left out."""
    lines = [point for line in (*chart.runs, chart.expected) for point in _along(line)]
    points = [*chart.actuals, *chart.targets, *lines, *([chart.baseline] if chart.baseline else [])]
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in points]
    for wish in wishes:
        label = _fit(wish, chart, taken)
        if label is None and wish.number:
            label = _fit(wish._replace(text=wish.number, named=False), chart, taken)
        if label is not None:
            taken.append(_box(label.x, label.y, label.text))
            yield label


def _fit(wish: Wish, chart: Chart, taken: Sequence[Box]) -> Label | None:
    """The label at the first offset where it stays inside and clear of what is taken."""
    half = len(wish.text) * LETTER / 2
    for dx, dy in _offsets(half, wish.above, far=wish.named):
        centre, base = min(max(wish.x + dx, chart.left + half), chart.width - half - 2), wish.y + dy
        box = _box(centre, base, wish.text)
        inside = box[0] >= 0 and box[1] >= 0 and box[3] <= chart.bottom
        if inside and not any(_overlap(box, other) for other in taken):
            return Label(round(centre, 1), base, wish.text, wish.kind)
    return None


def _box(centre: float, base: float, text: str) -> Box:
    half = len(text) * LETTER / 2
    return centre - half, base - 11, centre + half, base + 3


def _offsets(half: float, above: bool, *, far: bool) -> Iterator[Point]:
    """Where to try a text that is 2 × `half` wide, from its mark: the wished side first, then beside it."""
    for distance in (0, 10, 20, 30) if far else (0,):
        up, down = -10.0 - distance, 20.0 + distance
        for dy in (up, down) if above else (down, up):
            yield from ((0, dy), (half + 4, dy), (-half - 4, dy))
        yield from ((half + 12, 4), (-half - 12, 4))


def _along(line: Sequence[Point]) -> Iterator[Point]:
    """Points every few px of a line, which labels keep off."""
    for (x, y), (x2, y2) in pairwise(line):
        count = int(math.hypot(x2 - x, y2 - y) // 8) + 1
        yield from ((x + (x2 - x) * i / count, y + (y2 - y) * i / count) for i in range(count))


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
