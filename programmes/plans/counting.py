"""A programme's money counted once: which lines of funding make the whole, and how it divides.

Documents print an amount, its parts, its sources and its periods; added together they would count several
times over. The rules are those of docs/measures-and-money.md. All in one unit, no Django.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from programmes.plans.money import ADDED_UP, Amount, Years, total

ALL_SOURCES, NOT_STATED = "total", "unspecified"
ON_TOP = "additional"
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Row:
    """A line of funding: its key, the line above and the relation to it, whose it is, from which source."""

    key: int
    parent: int | None
    relation: str
    level: str
    years: Years
    planned: Amount | None
    paid: Decimal | None
    is_yearly: bool
    programme: int
    goal: int | None
    measure: int | None = None


@dataclass(frozen=True)
class Share:
    """Money counted once: what is planned, divided by source and by years, and what is paid.

    `payments` are the rows that say what is paid. None is what is not stated.
    """

    row: Row
    planned: Amount | None
    paid: Decimal | None
    by_source: Mapping[str, Decimal]
    by_years: Mapping[Years, Decimal]
    payments: Sequence[Row] = ()


@dataclass
class Counted:
    """The money that counts, and how many lines do not: every year's, without an amount, compared only."""

    shares: list[Share] = field(default_factory=list)
    yearly: int = 0
    unstated: int = 0
    compared: int = 0

    @property
    def planned(self) -> Amount | None:
        """What is planned altogether; None where no line states an amount."""
        amounts = [share.planned for share in self.shares if share.planned is not None]
        return total(amounts) if amounts else None

    @property
    def paid(self) -> Decimal | None:
        """What is paid altogether, as far as that is known; None where no line says."""
        amounts = [share.paid for share in self.shares if share.paid is not None]
        return sum(amounts, Decimal(0)) if amounts else None

    @property
    def unpaid(self) -> int:
        """Of how many shares it is not known what is paid."""
        return sum(share.paid is None for share in self.shares)


def counted(rows: Iterable[Row]) -> Counted:
    """The shares of all programmes' lines, in the order given."""
    listed = list(rows)
    parts: defaultdict[int | None, list[Row]] = defaultdict(list)
    keys = {row.key for row in listed}
    for row in listed:
        stands_alone = row.parent not in keys or row.relation == ON_TOP
        parts[None if stands_alone else row.parent].append(row)
    measured = {(row.programme, row.years) for row in listed if row.measure is not None and row.planned}
    found = Counted()
    for root in parts[None]:
        if root.measure is None and root.goal is None and (root.programme, root.years) in measured:
            found.compared += 1
        else:
            _count(root, parts, found)
    return found


def _count(row: Row, parts: Mapping[int | None, Sequence[Row]], found: Counted) -> None:
    """The row, or the lines below it where it states no amount."""
    if row.is_yearly:
        found.yearly += 1
    elif row.planned is None and row.paid is None:
        found.unstated += 1
        for part in _alike(parts.get(row.key, ()), ADDED_UP):
            _count(part, parts, found)
    else:
        found.shares.append(_share(row, parts))


def _alike(rows: Sequence[Row], relations: Iterable[str]) -> list[Row]:
    """The rows of the first relation that any has: parts, sources and periods divide the same money."""
    for relation in relations:
        if found := [row for row in rows if row.relation == relation]:
            return found
    return []


def _share(row: Row, parts: Mapping[int | None, Sequence[Row]]) -> Share:
    below = [part for part in parts.get(row.key, ()) if not part.is_yearly]
    own = NOT_STATED if row.level == ALL_SOURCES else row.level
    payments = [row] if row.paid is not None else _payments(below)
    return Share(
        row=row,
        planned=row.planned,
        paid=sum((each.paid or Decimal(0) for each in payments), Decimal(0)) if payments else None,
        by_source=_divided(row, own, [(each.level, each) for each in below if each.relation == "source"]),
        by_years=_divided(
            row, row.years, [(each.years, each) for each in below if each.relation == "period"]
        ),
        payments=payments,
    )


def _payments(below: Sequence[Row]) -> list[Row]:
    """The lines of one relation that together say what is paid; none where one of them does not say."""
    found = _alike(below, ADDED_UP)
    return found if all(row.paid is not None for row in found) else []


def _divided(row: Row, own: K, parts: Sequence[tuple[K, Row]]) -> dict[K, Decimal]:
    """The lower end of what is planned, by the parts that state amounts; what they leave open is the row's.

    Parts that make more than the whole contradict it: then nothing is divided.
    """
    if row.planned is None:
        return {}
    whole = row.planned.low
    found: defaultdict[K, Decimal] = defaultdict(Decimal)
    for key, part in parts:
        if part.planned is not None:
            found[key] += part.planned.low
    rest = whole - sum(found.values(), Decimal(0))
    if rest < 0:
        return {own: whole}
    if rest or not found:
        found[own] += rest
    return dict(found)
