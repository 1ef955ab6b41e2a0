"""A programme's money: the tree of its lines with their sums, and what its plan spends in each year.

Amounts in, sums out; all in one unit, whichever the caller keeps. What is paid every year is added only to
its like: documents often leave open for how many years it is paid.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Generic, Self, TypeVar

T = TypeVar("T")
Years = tuple[int | None, int | None]

ADDED_UP = ("part", "source", "period")
"""Relations whose lines make up the line above; what is `additional` comes on top of it."""


@dataclass(frozen=True)
class Amount:
    """A sum of money, or the range in which it lies."""

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, low: Decimal | None, high: Decimal | None = None) -> Self | None:
        """The amount; None where none is stated."""
        return None if low is None else cls(low, low if high is None else high)

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.low - other.high, self.high - other.low)


NOTHING = Amount(Decimal(0), Decimal(0))


def total(amounts: Iterable[Amount]) -> Amount:
    """All amounts together."""
    return reduce(add, amounts, NOTHING)


class Comparison(StrEnum):
    """How a sum compares with the whole that is printed; `OPEN` where a range leaves room for both."""

    LESS = "less"
    EQUAL = "equal"
    MORE = "more"
    OPEN = "open"


@dataclass(frozen=True)
class Gap:
    """How far a sum stays from its whole, without a sign."""

    comparison: Comparison
    amount: Amount

    @classmethod
    def between(cls, added: Amount, whole: Amount) -> Self:
        """The gap between what is added up and what is printed."""
        rest = whole - added
        if rest.low == rest.high == 0:
            return cls(Comparison.EQUAL, rest)
        if rest.low > 0:
            return cls(Comparison.LESS, rest)
        if rest.high < 0:
            return cls(Comparison.MORE, Amount(-rest.high, -rest.low))
        return cls(Comparison.OPEN, rest)


@dataclass(frozen=True)
class Line(Generic[T]):
    """A line of the tree: the caller's own row, its key, the line above and the relation to it."""

    item: T
    key: int
    parent: int | None
    relation: str
    amount: Amount | None
    is_yearly: bool = False


@dataclass(frozen=True)
class Sum:
    """The lines of one relation under a line: how many are added and left out, their sum, and the gap."""

    relation: str
    count: int
    amount: Amount
    gap: Gap | None
    left_out: int
    unstated: int


@dataclass(frozen=True)
class Node(Generic[T]):
    """A line with the lines below it."""

    line: Line[T]
    parts: list["Node[T]"] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The number of lines, itself and all below."""
        return 1 + sum(part.size for part in self.parts)

    @property
    def sums(self) -> list[Sum]:
        """The sum of each relation that the lines below have."""
        below = [part.line for part in self.parts]
        groups = {relation: [line for line in below if line.relation == relation] for relation in ADDED_UP}
        return [self._sum(relation, lines) for relation, lines in groups.items() if lines]

    def _sum(self, relation: str, lines: list[Line[T]]) -> Sum:
        alike = [line for line in lines if line.is_yearly == self.line.is_yearly]
        amounts = [line.amount for line in alike if line.amount is not None]
        added, whole = total(amounts), self.line.amount
        return Sum(
            relation=relation,
            count=len(amounts),
            amount=added,
            gap=Gap.between(added, whole) if amounts and whole is not None else None,
            left_out=len(lines) - len(alike),
            unstated=len(alike) - len(amounts),
        )


def tree(lines: Iterable[Line[T]]) -> list[Node[T]]:
    """The lines without a line above them, each with those below, in the order given."""
    nodes = {line.key: Node(line) for line in lines}
    roots: list[Node[T]] = []
    for node in nodes.values():
        parent = nodes.get(node.line.parent) if node.line.parent is not None else None
        (roots if parent is None else parent.parts).append(node)
    return roots


@dataclass(frozen=True)
class Spending(Generic[T]):
    """What one of the plan's rows costs in a year or a span of years; a printed total belongs to no row."""

    item: T
    years: Years
    amount: Amount
    row: Hashable = None


@dataclass(frozen=True)
class Cell(Generic[T]):
    """The spending of a row in a column; no amount where nothing is planned."""

    years: Years
    items: list[T]
    amount: Amount | None


@dataclass(frozen=True)
class Column(Generic[T]):
    """What the rows of a column add up to, the total that is printed for its years, and the gap."""

    amount: Amount
    printed: Cell[T]
    gap: Gap | None

    @property
    def years(self) -> Years:
        """The years of the column."""
        return self.printed.years


@dataclass(frozen=True)
class Plan(Generic[T]):
    """The plan's money as a table: rows in the order given, columns in the order of years."""

    columns: list[Column[T]]
    rows: dict[Hashable, list[Cell[T]]]

    @property
    def has_totals(self) -> bool:
        """Whether a total is printed for any of its years."""
        return any(column.gap is not None for column in self.columns)


def plan(spendings: Iterable[Spending[T]], totals: Iterable[Spending[T]]) -> Plan[T]:
    """The table of the spendings, beside the totals that are printed for the same years."""
    rows: dict[Hashable, list[Spending[T]]] = {}
    for spending in spendings:
        rows.setdefault(spending.row, []).append(spending)
    everything, printed = [each for row in rows.values() for each in row], list(totals)
    spans = sorted({each.years for each in everything}, key=_chronological)
    columns = [_column(_cell(years, everything), _cell(years, printed)) for years in spans]
    return Plan(columns, {row: [_cell(years, found) for years in spans] for row, found in rows.items()})


def _cell(years: Years, spendings: Iterable[Spending[T]]) -> Cell[T]:
    """The spendings of these years together."""
    found = [each for each in spendings if each.years == years]
    return Cell(years, [each.item for each in found], total(each.amount for each in found) if found else None)


def _column(spent: Cell[T], printed: Cell[T]) -> Column[T]:
    amount = spent.amount or NOTHING
    return Column(amount, printed, Gap.between(amount, printed.amount) if printed.amount else None)


def _chronological(years: Years) -> tuple[int, int]:
    return years[0] or 0, years[1] or 0
