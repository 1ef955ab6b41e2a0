"""From figures to px, and the round levels and years that are written beside the axes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Figures from `low` to `high` lie evenly between the px `start` and `end`; one level, in the middle."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where the figure lies, in tenths of a px."""
        if self.low == self.high:
            return round((self.start + self.end) / 2, 1)
        return round(self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low), 1)


def round_levels(values: Sequence[float], most: int = 4) -> list[float]:
    """Two round levels or more, at most `most` + 2, that enclose the values; there is at least one value."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or 1
    unit = 10 ** math.floor(math.log10(span / most))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10, 20) if span / (unit * factor) <= most)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 10) for index in range(first, max(last, first + 1) + 1)]


def round_years(first: int, last: int, width: float, room: float = 38) -> list[int]:
    """Years to write under an axis of that width: all that fit, else every second, fifth, tenth …"""
    count = last - first + 1
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if count / s * room <= width or s == 100)
    return [year for year in range(first, last + 1) if year % step == 0]


def decimals_of(value: float) -> int:
    """Decimals, at most four, that a round level needs to be written whole."""
    return len(f"{value:.4f}".rstrip("0").split(".")[1]) if value == round(value, 4) else 0
