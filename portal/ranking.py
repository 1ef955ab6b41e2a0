"""Ranks within a group of peers, with what is uncertain about them; pure (docs/territories.md).

Ranks are those of a competition: two that share rank 2 are followed by rank 4. Values that differ by less
than figures are rounded to cannot be told apart and share a rank, and so do all that such steps connect.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Entry(Generic[Key]):
    """Somebody's value, None where it is missing; what other sources say instead; whether it may change."""

    key: Key
    value: Decimal | None
    others: tuple[Decimal, ...] = ()
    is_provisional: bool = False


@dataclass(frozen=True)
class Ranked(Generic[Key]):
    """A rank, who else has it, and the ranks that the other sources' values would give (its own included)."""

    entry: Entry[Key]
    rank: int
    is_tied: bool
    best: int
    worst: int

    @property
    def is_uncertain(self) -> bool:
        """Whether another source would rank it differently."""
        return self.best != self.worst


@dataclass(frozen=True)
class Ranking(Generic[Key]):
    """Those with a value, best first, and those without, in the order in which they came."""

    ranked: Sequence[Ranked[Key]]
    missing: Sequence[Entry[Key]]

    @property
    def total(self) -> int:
        """How many have a value."""
        return len(self.ranked)

    def of(self, key: Key) -> Ranked[Key] | None:
        """The one with that key; None where it has no value."""
        return next((each for each in self.ranked if each.entry.key == key), None)


def rank(entries: Sequence[Entry[Key]], *, rounding: Decimal, highest_first: bool) -> Ranking[Key]:
    """The ranking of the entries. `rounding` is the step between two figures as they are shown: 0.1."""
    values = [each.value for each in entries if each.value is not None]
    ranks = _ranks(values, rounding, highest_first=highest_first)
    sharing = Counter(ranks[value] for value in values)
    ranked = []
    for entry in entries:
        if entry.value is None:
            continue
        place = ranks[entry.value]
        possible = [place, *_elsewhere(entry, values, rounding, highest_first=highest_first)]
        ranked.append(Ranked(entry, place, sharing[place] > 1, min(possible), max(possible)))
    ranked.sort(key=lambda each: each.rank)
    return Ranking(ranked, [each for each in entries if each.value is None])


def _ranks(values: Sequence[Decimal], rounding: Decimal, *, highest_first: bool) -> Mapping[Decimal, int]:
    """The rank of each value that occurs."""
    ranks: dict[Decimal, int] = {}
    before: Decimal | None = None
    for place, value in enumerate(sorted(values, reverse=highest_first), start=1):
        is_tied = before is not None and (value == before or abs(value - before) < rounding)
        ranks[value] = ranks[before] if is_tied and before is not None else place
        before = value
    return ranks


def _elsewhere(
    entry: Entry[Key], values: Sequence[Decimal], rounding: Decimal, *, highest_first: bool
) -> list[int]:
    """The ranks of the entry if it had the values of other sources, everybody else keeping theirs."""
    if not entry.others or entry.value is None:
        return []
    rest = list(values)
    rest.remove(entry.value)
    return [_ranks([*rest, other], rounding, highest_first=highest_first)[other] for other in entry.others]
