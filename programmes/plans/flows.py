"""The flow of money, from sources to goals or programmes to years: its tables and its drawings."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts.flow import Link, Name, draw
from common.drawings import svg
from programmes.models import Funding
from programmes.plans.budget import rounded_amount
from programmes.plans.counting import NOT_STATED, Row, Share
from programmes.plans.money import Amount, Years

MOST = 10
"""Nodes of a column; the smallest of more are drawn as one."""
SIZES = {"wide": (960.0, 200.0), "narrow": (350.0, 122.0)}
"""Px of a drawing's width, and of the room beside its columns."""
OTHERS = "others"
NO_YEARS: Years = (None, None)


@dataclass(frozen=True)
class Line:
    """A line of a table: its name, what is planned and paid, and planned by source; None is not stated."""

    key: Hashable
    name: str
    planned: Decimal | None
    paid: Decimal | None
    by_source: Mapping[str, Decimal]


@dataclass(frozen=True)
class Column:
    """The nodes of a column of the drawing, and in which node each key of its table is drawn."""

    nodes: Sequence[tuple[Hashable, Name]]
    node_of: Mapping[Hashable, Hashable]


@dataclass(frozen=True)
class Flow:
    """Money counted once; `owner` says whose a share is, `names` holds the owners' names in their order."""

    shares: Sequence[Share]
    owner: Callable[[Share], Hashable]
    names: Mapping[Hashable, str]

    @cached_property
    def by_source(self) -> list[Line]:
        """A line for each source, the largest first, the one that is not stated last."""
        planned = _sums(share.by_source for share in self.shares)
        paid = _paid(self.shares, lambda row: row.level)
        keys = sorted(
            {*planned, *paid}, key=lambda level: (level == NOT_STATED, -planned.get(level, Decimal(0)), level)
        )
        return [Line(key, source_name(key), planned.get(key), paid.get(key), {}) for key in keys]

    @cached_property
    def by_owner(self) -> list[Line]:
        """A line for each owner of money."""
        found: defaultdict[Hashable, list[Share]] = defaultdict(list)
        for share in self.shares:
            found[self.owner(share)].append(share)
        return [_line(key, name, found[key]) for key, name in self.names.items() if key in found]

    @cached_property
    def by_years(self) -> list[Line]:
        """A line for each span of years, in order; the one that is not stated last."""
        planned = _sums(share.by_years for share in self.shares)
        paid = _paid(self.shares, lambda row: row.years)
        spans = sorted({*planned, *paid}, key=_chronological)
        return [Line(span, years_name(span), planned.get(span), paid.get(span), {}) for span in spans]

    def drawings(self, title: str) -> list[SafeString]:
        """One drawing for wide screens, two for narrow ones; none where no amount is planned."""
        columns = [
            _column("source", self.by_source, {NOT_STATED}),
            _column("owner", self.by_owner, {None}),
            _column("years", self.by_years, {NO_YEARS}),
        ]
        into, onward = self._links(columns)
        drawn = [
            _drawn(columns, [*into, *onward], title, "wide"),
            _drawn(columns[:2], into, title, "narrow"),
            _drawn(columns[1:], onward, title, "narrow", part=2),
        ]
        return [drawing for drawing in drawn if drawing]

    def _links(self, columns: Sequence[Column]) -> tuple[list[Link], list[Link]]:
        """From sources to owners, and from owners to years."""
        sources, owners, years = (column.node_of for column in columns)
        into: defaultdict[tuple[Hashable, Hashable], Decimal] = defaultdict(Decimal)
        onward: defaultdict[tuple[Hashable, Hashable], Decimal] = defaultdict(Decimal)
        for share in self.shares:
            owner = owners.get(self.owner(share))
            for level, amount in share.by_source.items():
                into[sources[level], owner] += amount
            for span, amount in share.by_years.items():
                onward[owner, years[span]] += amount
        return _as_links(into), _as_links(onward)


def source_name(level: str) -> str:
    """A source of money in words."""
    return str(dict(Funding.Level.choices)[level])


def years_name(years: Years) -> str:
    """A span of years in words."""
    first, last = years
    if first is None:
        return _("years not stated") if last is None else _("to %(year)s") % {"year": last}
    if last is None:
        return _("from %(year)s") % {"year": first}
    return str(first) if first == last else f"{first}–{last}"


def _as_links(amounts: Mapping[tuple[Hashable, Hashable], Decimal]) -> list[Link]:
    return [Link(source, target, float(amount)) for (source, target), amount in amounts.items()]


def _line(key: Hashable, name: str, shares: Sequence[Share]) -> Line:
    planned = [share.planned.low for share in shares if share.planned is not None]
    paid = [share.paid for share in shares if share.paid is not None]
    return Line(
        key,
        name,
        sum(planned, Decimal(0)) if planned else None,
        sum(paid, Decimal(0)) if paid else None,
        _sums(share.by_source for share in shares),
    )


def _sums(parts: Iterable[Mapping[Any, Decimal]]) -> dict[Any, Decimal]:
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for part in parts:
        for key, amount in part.items():
            sums[key] += amount
    return dict(sums)


def _paid(shares: Iterable[Share], key: Callable[[Row], Hashable]) -> dict[Any, Decimal]:
    return _sums({key(row): row.paid or Decimal(0)} for share in shares for row in share.payments)


def _chronological(span: Years) -> tuple[bool, int, int]:
    first, last = span
    return span == NO_YEARS, last or first or 0, first or 0


def _column(kind: str, lines: Sequence[Line], missing: set[Hashable]) -> Column:
    """A node for each line with an amount; of more than `MOST` the smallest go into one at the end."""
    stated = [(line, line.planned) for line in lines if line.planned]
    kept = {line.key for line, _amount in sorted(stated, key=lambda pair: -pair[1])[:MOST]}
    rest = [(line, amount) for line, amount in stated if line.key not in kept]
    nodes: list[tuple[Hashable, Name]] = [
        ((kind, line.key), Name(line.name, _written(amount), line.key in missing))
        for line, amount in stated
        if line.key in kept
    ]
    if rest:
        text = ngettext("%(n)s other", "%(n)s others", len(rest)) % {"n": len(rest)}
        nodes.append(((kind, OTHERS), Name(text, _written(sum((a for _l, a in rest), Decimal(0))))))
    node_of = {line.key: (kind, line.key if line.key in kept else OTHERS) for line, _amount in stated}
    return Column(nodes, {**{line.key: (kind, line.key) for line in lines}, **node_of})


def _written(amount: Decimal) -> str:
    return rounded_amount(Amount(amount, amount))


def _drawn(
    columns: Sequence[Column], links: Sequence[Link], title: str, size: str, part: int = 1
) -> SafeString | None:
    width, beside = SIZES[size]
    flow = draw([column.nodes for column in columns], links, width, beside)
    if flow is None:
        return None
    described = (
        "; ".join(f"{name.text} – {name.amount}" for _key, name in column.nodes) for column in columns
    )
    context = {
        "flow": flow,
        "size": size,
        "id": f"flow-{size}-{part}",
        "title": title,
        "description": " → ".join(described),
    }
    return svg("programmes/funding_flow.svg", context)
