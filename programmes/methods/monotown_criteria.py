"""Criteria with three-valued answers: yes, no, or unknown where the answer depends on what is not known.

Parts are joined by Kleene's logic, extended by a majority. `monotowns` builds its tests of these.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Answer(StrEnum):
    """What is known of a statement."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Join(StrEnum):
    """How many of several parts must hold. A majority is more than half of all, not of the known ones."""

    ANY = "any"
    MAJORITY = "majority"
    ALL = "all"


class Relation(StrEnum):
    """How a number must stand to its limit."""

    OVER = "over"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"


class Qualifier(StrEnum):
    """Whether a number is meant exactly or as a bound."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


INFINITY = Decimal("Infinity")
HOLDS = {
    Relation.OVER: operator.gt,
    Relation.AT_LEAST: operator.ge,
    Relation.AT_MOST: operator.le,
    Relation.BELOW: operator.lt,
}


@dataclass(frozen=True)
class Citation:
    """Where it is written; lines are counted from 1."""

    document: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Evidence:
    """What is known of one criterion in one town: yes or no, or a number, a range or a bound.

    `reference` is what the number is compared with where the criterion names a mean (of the oblast, of the
    country) and not a limit; both are in one unit. Beside an answer a number only illustrates.
    `ValueError` if it says nothing, or if a range is upside down.
    """

    answer: bool | None = None
    value: Decimal | None = None
    value_max: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    reference: Decimal | None = None
    reason: str = ""
    citation: Citation | None = None

    def __post_init__(self) -> None:
        if self.answer is None and self.value is None:
            raise ValueError("evidence needs an answer or a value")
        if self.value_max is not None and (self.value is None or self.value_max < self.value):
            raise ValueError("a range runs from its lower end to its upper end")

    def ends(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest that the number can be."""
        low, high = self.value, self.value if self.value_max is None else self.value_max
        if low is None or self.qualifier == Qualifier.AT_MOST:
            low = -INFINITY
        if high is None or self.qualifier == Qualifier.AT_LEAST:
            high = INFINITY
        return low, high


@dataclass(frozen=True)
class YesNo:
    """A criterion that a person answers, and the answer that satisfies it."""

    code: str
    wanted: bool = True

    def test(self, evidence: Evidence) -> Answer:
        """Unknown where the evidence gives a number without saying what it amounts to."""
        return Answer.UNKNOWN if evidence.answer is None else _answer(evidence.answer is self.wanted)


@dataclass(frozen=True)
class Number:
    """A criterion that a number answers; without a limit it is compared with the evidence's reference."""

    code: str
    relation: Relation
    limit: Decimal | None = None

    def test(self, evidence: Evidence) -> Answer:
        """Unknown where the reference is missing, or a range lies on both sides of the limit."""
        limit = evidence.reference if self.limit is None else self.limit
        if limit is None:
            return Answer.UNKNOWN
        found = {HOLDS[self.relation](end, limit) for end in evidence.ends()}
        return _answer(found.pop()) if len(found) == 1 else Answer.UNKNOWN


Criterion = YesNo | Number


@dataclass(frozen=True)
class Group:
    """Parts of one item. `join` is what the document prints ("or", "and"); None leaves it to the policy."""

    code: str
    parts: "tuple[Criterion | Group, ...]"
    join: Join | None = None


@dataclass(frozen=True)
class Result:
    """The answer to a list, an item, a group (with its parts) or a criterion (with its evidence, if any)."""

    code: str
    answer: Answer
    parts: "tuple[Result, ...]" = ()
    join: Join | None = None
    evidence: Evidence | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Criteria that lack evidence, or enough of it, to settle the answer: each once, in order."""
        if self.answer != Answer.UNKNOWN:
            return ()
        if not self.parts:
            return (self.code,)
        return tuple(dict.fromkeys(code for part in self.parts for code in part.missing))


def joined(answers: Sequence[Answer], join: Join) -> Answer:
    """Yes or no where the unknown answers cannot change it, else unknown."""
    needed = {Join.ANY: 1, Join.MAJORITY: len(answers) // 2 + 1, Join.ALL: len(answers)}[join]
    if answers.count(Answer.YES) >= needed:
        return Answer.YES
    within_reach = len(answers) - answers.count(Answer.NO)
    return Answer.UNKNOWN if within_reach >= needed else Answer.NO


def assess(node: Criterion | Group, evidence: Mapping[str, Evidence], silent: Join) -> Result:
    """The answer to a node; `silent` joins the groups for which the document prints no connective."""
    if isinstance(node, Group):
        parts = tuple(assess(part, evidence, silent) for part in node.parts)
        join = node.join or silent
        return Result(node.code, joined([part.answer for part in parts], join), parts, join)
    known = evidence.get(node.code)
    return Result(node.code, Answer.UNKNOWN if known is None else node.test(known), evidence=known)


def criteria(node: Criterion | Group) -> Iterator[Criterion]:
    """The criteria in a group, in the document's order."""
    if isinstance(node, Group):
        for part in node.parts:
            yield from criteria(part)
    else:
        yield node


def _answer(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO
