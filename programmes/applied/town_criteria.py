"""The criteria of a monotown as pages show them: in words, with limits, answers, evidence and its lines."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from indicators.models import Unit
from indicators.writing import NO_BREAK_SPACE, written
from programmes.applied import labels
from programmes.methods.monotown_criteria import (
    Answer,
    Citation,
    Criterion,
    Evidence,
    Group,
    Number,
    Result,
    YesNo,
)
from programmes.methods.monotowns import ENTRY, HIGH, LOW, Policy, classify, enter
from programmes.models import Citation as StoredCitation
from programmes.models import Qualifier, Rule

PROGRAMME = "monotowns-2012-2020"
DECIMALS = 4

Symbols = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A criterion with its answer, or a group of them within an item, which has no limit and no evidence."""

    node: Criterion | Group
    result: Result
    depth: int
    symbols: Symbols

    @property
    def is_group(self) -> bool:
        """Whether its parts follow."""
        return isinstance(self.node, Group)

    @property
    def label(self) -> str:
        """What it states, so that yes satisfies it."""
        if isinstance(self.node, YesNo) and not self.node.wanted:
            return str(labels.DENIED[self.node.code])
        return str((labels.PARTS if self.is_group else labels.CRITERIA)[self.node.code])

    @property
    def answer(self) -> str:
        """The answer in words."""
        return str(labels.ANSWERS[self.result.answer])

    @property
    def is_unknown(self) -> bool:
        """Whether there is no answer."""
        return self.result.answer == Answer.UNKNOWN

    @property
    def join(self) -> str:
        """How its parts combine, in words; nothing for a criterion or a single part."""
        return _join(self.result)

    @property
    def is_join_printed(self) -> bool:
        """Whether the document says how its parts combine; otherwise the policy does."""
        return _is_join_printed(self.node)

    @property
    def limit(self) -> str:
        """What the number is held against."""
        if not isinstance(self.node, Number):
            return ""
        limit = self.node.limit
        bound = (
            str(labels.MEANS[self.node.code]) if limit is None else self._with_unit(written(limit, DECIMALS))
        )
        return f"{labels.SIGNS[self.node.relation]}{NO_BREAK_SPACE}{bound}"

    @property
    def stated(self) -> str:
        """The number that the document gives, with its qualifier and the mean beside it."""
        known = self.result.evidence
        if known is None or known.value is None:
            return ""
        ends = [end for end in (known.value, known.value_max) if end is not None]
        text = self._with_unit("–".join(written(end, DECIMALS) for end in ends))
        qualifier = Qualifier(known.qualifier.value)
        if qualifier != Qualifier.EXACT:
            text = f"{qualifier.label} {text}"
        if known.reference is None:
            return text
        return _("%(value)s, the mean being %(mean)s") % {
            "value": text,
            "mean": self._with_unit(written(known.reference, DECIMALS)),
        }

    @property
    def note(self) -> str:
        """What the document says, in the reader's language."""
        return self.result.evidence.reason if self.result.evidence else ""

    @property
    def place(self) -> Citation | None:
        """Where it says so."""
        return self.result.evidence.citation if self.result.evidence else None

    def _with_unit(self, number: str) -> str:
        unit = labels.UNITS.get(self.node.code)
        return f"{number}{NO_BREAK_SPACE}{self.symbols[unit]}" if unit else number


@dataclass(frozen=True)
class Item:
    """An item of a list: its provision, its answer, and its parts line by line."""

    node: Criterion | Group
    result: Result
    rule: Rule | None
    lines: list[Line]

    @property
    def label(self) -> str:
        """What it is about, in a few words."""
        return str(labels.ITEMS[self.result.code])

    @property
    def answer(self) -> str:
        """The answer in words."""
        return str(labels.ANSWERS[self.result.answer])

    @property
    def join(self) -> str:
        """How its parts combine, in words."""
        return _join(self.result)

    @property
    def is_join_printed(self) -> bool:
        """Whether the document says so; otherwise the policy does."""
        return _is_join_printed(self.node)


@dataclass(frozen=True)
class Section:
    """The entry test, or one of the two lists of signs."""

    result: Result
    items: list[Item]

    @property
    def code(self) -> str:
        """The provision's code, or `entry`."""
        return self.result.code

    @property
    def title(self) -> str:
        """What it is called."""
        return str(labels.LISTS[self.result.code])

    @property
    def answer(self) -> str:
        """The answer in words."""
        return str(labels.ANSWERS[self.result.answer])

    @property
    def join(self) -> str:
        """How its items combine, in words."""
        return _join(self.result)


def sections(known: Mapping[str, Evidence], policy: Policy) -> list[Section]:
    """The entry test and both lists with the answers that a policy gives; four queries."""
    found = classify(known, policy)
    symbols = {unit.code: unit.symbol for unit in Unit.objects.filter(code__in=set(labels.UNITS.values()))}
    cited = Prefetch("citations", StoredCitation.objects.select_related("document"))
    rules = {
        rule.code: rule
        for rule in Rule.objects.filter(programme__code=PROGRAMME, code__in=labels.ITEMS).prefetch_related(
            cited
        )
    }
    lists = ((ENTRY.parts, enter(known)), (HIGH, found.high), (LOW, found.low))
    return [
        Section(
            result,
            [
                Item(node, part, rules.get(part.code), list(_lines(node, part, symbols)))
                for node, part in zip(nodes, result.parts, strict=True)
            ],
        )
        for nodes, result in lists
    ]


def _lines(node: Criterion | Group, result: Result, symbols: Symbols, depth: int = 0) -> Iterator[Line]:
    """The parts of a node and all below them; the parts of an item have the depth 0."""
    parts = node.parts if isinstance(node, Group) else ()
    for part, answered in zip(parts, result.parts, strict=True):
        yield Line(part, answered, depth, symbols)
        yield from _lines(part, answered, symbols, depth + 1)


def _is_join_printed(node: Criterion | Group) -> bool:
    return isinstance(node, Group) and node.join is not None


def _join(result: Result) -> str:
    return str(labels.JOINS[result.join]) if result.join and len(result.parts) > 1 else ""
