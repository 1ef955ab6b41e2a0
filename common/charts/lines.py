"""Lines of figures over time: a missing year is a gap, never a straight line across it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]


def path(points: Iterable[Point]) -> str:
    """The points as SVG path data."""
    text = "L".join(f"{x} {y}" for x, y in points)
    return f"M{text}" if text else ""


def runs(figures: Iterable[Point], step: float = 1) -> Iterator[list[Point]]:
    """Figures by time, in order and no farther than `step` apart: where more is missing, a run ends."""
    run: list[Point] = []
    for when, value in sorted(figures):
        if run and when - run[-1][0] > step * 1.01:
            yield run
            run = []
        run.append((when, value))
    if run:
        yield run


def along(line: Sequence[Point], every: float = 8) -> Iterator[Point]:
    """Points every few px of a line, which labels keep off."""
    for (x, y), (x2, y2) in pairwise(line):
        count = int(math.hypot(x2 - x, y2 - y) // every) + 1
        yield from ((x + (x2 - x) * i / count, y + (y2 - y) * i / count) for i in range(count))
