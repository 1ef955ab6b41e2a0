"""Figures sorted into at most five classes, for colours that differ in lightness alone; pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

CLASSES = 5
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Step:
    """A class that holds somebody: its number from 1 (palest), its ends, and how many it holds."""

    number: int
    low: Decimal
    high: Decimal
    count: int


@dataclass(frozen=True)
class Classes(Generic[Key]):
    """Who is in which class, and the classes that hold somebody, from the palest."""

    number_of: Mapping[Key, int]
    steps: Sequence[Step]


def fifths(values: Mapping[Key, Decimal]) -> Classes[Key]:
    """Each class holds about a fifth of the values; equal values are never apart, and three values get the
    first, the middle and the last class. A class reaches from its lowest value to its highest."""
    ordered = sorted(values.values())

    def number(value: Decimal) -> int:
        middle = bisect_left(ordered, value) + bisect_right(ordered, value)
        return 1 + CLASSES * middle // (2 * len(ordered))

    return _classes(values, number, lambda _number, inside: (min(inside), max(inside)))


def equal_steps(values: Mapping[Key, Decimal], low: Decimal, high: Decimal) -> Classes[Key]:
    """Five equal steps from `low` to `high`, between which all values lie: for shares of a known whole."""
    step = (high - low) / CLASSES

    def number(value: Decimal) -> int:
        return min(1 + int((value - low) / step), CLASSES)

    return _classes(values, number, lambda number, _inside: (low + step * (number - 1), low + step * number))


def _classes(
    values: Mapping[Key, Decimal],
    number: Callable[[Decimal], int],
    ends: Callable[[int, Collection[Decimal]], tuple[Decimal, Decimal]],
) -> Classes[Key]:
    number_of = {key: number(value) for key, value in values.items()}
    inside: defaultdict[int, list[Decimal]] = defaultdict(list)
    for key, value in values.items():
        inside[number_of[key]].append(value)
    steps = [Step(each, *ends(each, found), len(found)) for each, found in sorted(inside.items())]
    return Classes(number_of, steps)
