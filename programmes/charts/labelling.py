"""The labels of a KPI's chart, by importance."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from common.charts.fitting import Wish
from programmes.charts.figures import Figures, Level

Write = Callable[[float], str]


class Names(Protocol):
    """The names written beside the marks."""

    @property
    def actual(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def baseline(self) -> str: ...
    @property
    def expected(self) -> str: ...


def wishes(figures: Figures, words: Names, write: Write) -> Iterator[Wish]:
    """What should be written beside the marks, with years and levels for coordinates."""
    actuals = sorted(figures.actuals.items())
    levels = dict(figures.knots)
    for year, value in actuals[-1:]:
        above = value >= levels.get(year, value)
        text = write(value)
        yield Wish(year, value, f"{words.actual} {text}", "actual", above, named=True, number=text)
    yield from _of_targets(figures, words, write)
    if figures.baseline and figures.actuals.get(figures.baseline[0]) != figures.baseline[1]:
        text = f"{words.baseline} {write(figures.baseline[1])}"
        yield Wish(*figures.baseline, text, "baseline", above=True)
    for benchmark in figures.near:
        text, number = f"{benchmark.place} {write(benchmark.value)}", write(benchmark.value)
        when = benchmark.year or figures.years[-1]
        yield Wish(when, benchmark.value, text, "benchmark", above=True, named=True, number=number)
    if len(figures.knots) > 1:
        (year, value), (year2, value2) = max(
            pairwise(figures.knots), key=lambda pair: pair[1][0] - pair[0][0]
        )
        middle = (year + year2) / 2, (value + value2) / 2
        yield Wish(*middle, words.expected, "expected", value2 >= value, named=True)
    yield from _of_earlier_actuals(actuals, min(levels, default=0), write)


def _of_targets(figures: Figures, words: Names, write: Write) -> Iterator[Wish]:
    for count, target in enumerate(reversed(figures.targets)):
        year, level, _high = target
        text = _range(target, write)
        wish = Wish(year, level, text, "target", level > figures.actuals.get(year, -math.inf))
        yield wish if count else wish._replace(text=f"{words.target} {text}", named=True, number=text)
    levels = dict(figures.knots)
    for target in figures.originals:
        year, level, _high = target
        yield Wish(year, level, _range(target, write), "original", level > levels.get(year, math.inf))


def _range(target: Level, write: Write) -> str:
    _year, low, high = target
    return write(low) if high is None else f"{write(low)}–{write(high)}"


def _of_earlier_actuals(actuals: Sequence[tuple[int, float]], since: int, write: Write) -> Iterator[Wish]:
    """Labels of the actuals before the last: since the baseline, and the first, highest and lowest of all."""
    values = [value for _, value in actuals]
    notable = {0, values.index(max(values)), values.index(min(values))} if values else set()
    for index, (year, value) in enumerate(actuals[:-1]):
        if year >= since or index in notable:
            beside = [actuals[max(index - 1, 0)][1], actuals[index + 1][1]]
            yield Wish(year, value, write(value), "actual", value >= sum(beside) / 2)
