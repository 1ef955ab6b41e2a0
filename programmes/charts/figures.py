"""What a KPI's chart shows, before it lies anywhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from common.charts import lines
from common.charts.lines import Point

Level = tuple[int, float, float | None]  # year, level, upper level of a range or None


class Mark(StrEnum):
    """What an actual is besides a figure."""

    PROVISIONAL = "provisional"
    ESTIMATED = "estimated"
    REVISED = "revised"


class Benchmark(NamedTuple):
    """Another place's figure; `year` is None where the document states none."""

    place: str
    year: int | None
    value: float


@dataclass(frozen=True)
class Figures:
    """What a chart shows. Years are whole; a forecast is (year, lower end, upper end), `originals` are the
    targets as first set, where they have been replaced since."""

    actuals: Mapping[int, float]
    targets: Sequence[Level] = ()
    baseline: tuple[int, float] | None = None
    path: str = "linear"
    forecast: Sequence[tuple[int, float, float]] = ()
    originals: Sequence[Level] = ()
    marks: Mapping[int, frozenset[Mark]] = field(default_factory=dict)
    benchmarks: Sequence[Benchmark] = ()

    @property
    def knots(self) -> list[tuple[int, float]]:
        """The points that the expected path runs through, by year."""
        levels = [(year, level) for year, level, _ in self.targets]
        return sorted({**dict([self.baseline] if self.baseline else []), **dict(levels)}.items())

    @property
    def own_years(self) -> list[int]:
        """Every year in which the KPI itself has something, in no order."""
        knots, forecast = (year for year, _ in self.knots), (year for year, _, _ in self.forecast)
        return [*self.actuals, *knots, *forecast, *(year for year, _, _ in self.originals)]

    @property
    def years(self) -> list[int]:
        """Every year from the first figure to the last."""
        known = [*self.own_years, *(each.year for each in self.near if each.year is not None)]
        return list(range(min(known), max(known) + 1))

    @property
    def own_values(self) -> list[float]:
        """Every level of the KPI itself."""
        levels = [(low, high) for _, low, high in (*self.targets, *self.originals)]
        ends = [end for _, *pair in self.forecast for end in pair]
        stated = [end for pair in levels for end in pair if end is not None]
        return [*self.actuals.values(), *(value for _, value in self.knots), *stated, *ends]

    @property
    def values(self) -> list[float]:
        """Every level that must fit."""
        return [*self.own_values, *(each.value for each in self.near)]

    @property
    def near(self) -> list[Benchmark]:
        """The benchmarks that leave the KPI's own figures legible: no farther off than these are apart, or
        than they are high, and no more than a decade before or after them."""
        if not self.own_values:
            return []
        low, high = min(self.own_values), max(self.own_values)
        room = max(high - low, abs(high), abs(low))
        first, last = min(self.own_years) - 10, max(self.own_years) + 10
        return [
            each
            for each in self.benchmarks
            if low - room <= each.value <= high + room and (each.year is None or first <= each.year <= last)
        ]

    def band(self) -> list[Point]:
        """The outline of the forecast: from the last actual along the upper ends and back along the lower."""
        if not self.forecast or not self.actuals:
            return []
        last = max(self.actuals)
        highs = [(float(year), high) for year, _, high in self.forecast]
        lows = [(float(year), low) for year, low, _ in reversed(self.forecast)]
        return [(float(last), self.actuals[last]), *highs, *lows]

    def expected(self) -> list[Point]:
        """The path as the line to draw: straight, in steps, or curved."""
        knots = self.knots
        if self.path == "step":
            return [p for (x, y), (x2, y2) in pairwise(knots) for p in ((x, y), (x2, y), (x2, y2))]
        if self.path == "geometric":
            return [p for start, end in pairwise(knots) for p in _curve(start, end)]
        return [(float(year), value) for year, value in knots] if len(knots) > 1 else []

    def runs(self) -> Iterator[list[Point]]:
        """Actuals of consecutive years: a missing year is a gap between two runs."""
        return lines.runs(self.actuals.items())

    def marked(self, mark: Mark) -> Iterable[tuple[int, float]]:
        """The actuals that carry the mark."""
        return ((year, value) for year, value in self.actuals.items() if mark in self.marks.get(year, ()))

    def plain(self) -> Iterable[tuple[int, float]]:
        """The actuals that are neither provisional nor estimated."""
        doubtful = {Mark.PROVISIONAL, Mark.ESTIMATED}
        return (pair for pair in self.actuals.items() if not doubtful & self.marks.get(pair[0], frozenset()))


def _curve(start: tuple[int, float], end: tuple[int, float]) -> list[Point]:
    """Yearly points of steady relative growth; a straight line where a level is not positive."""
    (x, y), (x2, y2) = start, end
    if y <= 0 or y2 <= 0:
        return [(x, y), (x2, y2)]
    return [(year, y * (y2 / y) ** ((year - x) / (x2 - x))) for year in range(x, x2 + 1)]
