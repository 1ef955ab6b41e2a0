"""Finds contradictions by rule: values in, findings out, no database (docs/discrepancies.md).

Numbers of an object are compared in its own unit; the caller converts them.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

from programmes.codes import Finder

ABOUT = Decimal("0.05")  # "about 100" leaves 95 to 105 open
MORE_THAN = Decimal("0.25")  # "more than 2 million" is said of 2.1, hardly of 2.6


@dataclass(frozen=True)
class Printed:
    """A number in one place of a document: the place's id, its range, how the text qualifies it."""

    place: int
    value: Decimal
    value_max: Decimal | None = None
    qualifier: str = "exact"


@dataclass(frozen=True)
class Line:
    """A line of a funding tree: its code, the line above, how it relates to it, and its printed amount."""

    code: str
    parent: str | None
    relation: str
    printed: Printed
    is_yearly: bool = False
    years: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Finding:
    """A contradiction: the rule, the object it is about, the places in it, and the sum computed."""

    rule: Finder
    about: Hashable
    places: tuple[int, ...]
    total: Decimal | None = None


def agree(one: Printed, other: Printed) -> bool:
    """Whether both can be true: equal, one the other rounded, or within what the words leave open."""
    if one.value_max is not None or other.value_max is not None:
        low, high = max(one.value, other.value), min(_top(one), _top(other))
        return low <= high
    return (
        _is_rounded(one.value, other.value)
        or _is_rounded(other.value, one.value)
        or _leaves_open(one, other.value)
        or _leaves_open(other, one.value)
    )


def _top(printed: Printed) -> Decimal:
    return printed.value if printed.value_max is None else printed.value_max


def _is_rounded(rough: Decimal, exact: Decimal) -> bool:
    """Whether the rough number is the exact one with fewer digits."""
    step = _step(rough)
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == rough


def _step(number: Decimal) -> Decimal:
    """What one unit of its last digit is worth. Zeros at the end of a whole number may be digits or rounding:
    they count as rounding while that is finer than `ABOUT` of the number."""
    exponent = int(number.normalize().as_tuple().exponent) if number else 0
    if exponent > 0:
        exponent = max(0, min(exponent, (abs(number) * ABOUT).adjusted()))
    return Decimal(1).scaleb(exponent)


def _leaves_open(printed: Printed, value: Decimal) -> bool:
    slack = abs(printed.value)
    match printed.qualifier:
        case "about":
            return abs(value - printed.value) <= slack * ABOUT
        case "at_least":
            return 0 <= value - printed.value <= slack * MORE_THAN
        case "at_most":
            return 0 <= printed.value - value <= slack * MORE_THAN
    return False


def repeated(objects: Mapping[Any, Sequence[Printed]]) -> Iterator[Finding]:
    """Objects whose number is printed differently in different places."""
    for about, places in objects.items():
        if any(not agree(one, other) for one, other in combinations(places, 2)):
            yield Finding(Finder.REPEATED, about, tuple(printed.place for printed in places))


def parts(lines: Sequence[Line]) -> Iterator[Finding]:
    """Lines whose parts exceed them, or whose shares by source or by period do not make them up.

    Parts that fall short are no contradiction: a document need not list all of them.
    """
    for line in lines:
        for relation in ("part", "source", "period"):
            children = [
                child
                for child in lines
                if child.parent == line.code
                and child.relation == relation
                and child.is_yearly == line.is_yearly
            ]
            if len(children) < 2:
                continue
            total = sum((child.printed.value for child in children), Decimal(0))
            over = total - _top(line.printed)
            slack = _slack([line.printed, *(child.printed for child in children)])
            if (over > slack and not _leaves_open(line.printed, total)) or (
                relation != "part" and line.printed.value - total > slack
            ):
                places = (line.printed.place, *(child.printed.place for child in children))
                yield Finding(Finder.PARTS, line.code, places, total)


def _slack(printed: Iterable[Printed]) -> Decimal:
    """How far rounded numbers may miss their sum: half of the last printed digit of each."""
    total = Decimal(0)
    for each in printed:
        step = _step(each.value)
        total += step / 2 if each.qualifier == "exact" else max(step / 2, abs(each.value) * ABOUT)
    return total


def rows(totals: Mapping[Any, Printed], summands: Mapping[Any, Sequence[Printed]]) -> Iterator[Finding]:
    """Printed totals of a plan, by year, that its rows do not add up to, exactly."""
    for about, printed in totals.items():
        if each := summands.get(about):
            total = sum((summand.value for summand in each), Decimal(0))
            if total != printed.value:
                yield Finding(Finder.ROWS, about, (printed.place, *(one.place for one in each)), total)


def areas(totals: Mapping[Any, Printed], members: Mapping[Any, Sequence[Printed]]) -> Iterator[Finding]:
    """Totals of a place that the figures of all its parts do not add up to, rounding aside."""
    for about, printed in totals.items():
        if each := members.get(about):
            total = sum((member.value for member in each), Decimal(0))
            if abs(total - printed.value) > _slack([printed, *each]):
                yield Finding(Finder.AREAS, about, (printed.place, *(one.place for one in each)), total)


def baseline(pairs: Mapping[Any, tuple[Printed, Printed]]) -> Iterator[Finding]:
    """Baselines that differ from the document's own figure of the same place and period."""
    for about, (stated, own) in pairs.items():
        if not agree(stated, own):
            yield Finding(Finder.BASELINE, about, (stated.place, own.place))


def backwards(promises: Mapping[Any, tuple[str, Printed, Printed]]) -> Iterator[Finding]:
    """Promises (comparator, baseline, last target) that would leave things worse than they were."""
    for about, (comparator, start, end) in promises.items():
        worse = {"at_least": _top(end) < start.value, "at_most": end.value > _top(start)}
        if worse.get(comparator, False):
            yield Finding(Finder.BACKWARDS, about, (start.place, end.place))
