"""What a table's rows and columns are: the result of detection, correctable and storable as JSON.

Every layout, long or wide, is described alike. *Stub* columns say something about their whole row (the
territory, the period, a category); *value* columns hold figures and may say something about all of them (the
year above the column). Block rows say something about the rows below them. Rows and columns count from 0.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from indicators.periods import Frequency
from indicators.tables.cells import DecimalMark
from indicators.tables.headings import Caveat, Heading, without_period
from indicators.tables.names import fold
from indicators.tables.vocabulary import Category

_COUNTED = re.compile(r"[0-9]+")


class LayoutKind(StrEnum):
    """The shape of a table, for people; extraction looks at the columns alone."""

    TIDY = "tidy"
    """One figure a row."""
    PERIODS_ACROSS = "periods_across"
    TERRITORIES_ACROSS = "territories_across"
    CATEGORIES_ACROSS = "categories_across"


class Role(StrEnum):
    """What a column holds."""

    TERRITORY = "territory"
    PERIOD = "period"
    DIMENSION = "dimension"
    INDICATOR = "indicator"
    UNIT = "unit"
    STATUS = "status"
    VALUE = "value"
    COMMENT = "comment"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    """Not understood: read as nothing, and reported."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with the text that heads it.

    `dimension` belongs to the role `DIMENSION`; the period, the territory (as written), the categories,
    the indicator and the unit are what the headings above a value column say of its figures.
    """

    index: int
    role: Role
    text: str = ""
    dimension: str | None = None
    period: Heading | None = None
    territory: str | None = None
    breakdown: tuple[Category, ...] = ()
    indicator: str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A row that names what the rows below it, up to the next block, have in common."""

    row: int
    text: str
    breakdown: tuple[Category, ...] = ()
    period: Heading | None = None
    indicator: str | None = None
    is_unknown: bool = False
    """The label was not understood: the rows below it are refused."""
    territory: str | None = None
    """Text of the territory that the label names, where no column names one."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; `cells` are the (row, column) of names and headings that carry its mark."""

    row: int
    text: str
    mark: str = ""
    cells: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells with one meaning, bounds inclusive; for colouring a picture of the table."""

    role: str
    top: int
    left: int
    bottom: int
    right: int


class Doubt(StrEnum):
    """What a person should look at before trusting the layout."""

    BLOCK_ORDER = "block_order"
    """A block replaces another of a different dimension; it may have been meant within it."""
    NO_TERRITORY = "no_territory"
    """Nothing names a territory; the figures are taken for the country's."""
    NO_PERIOD = "no_period"
    """Nothing names the year."""
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_BLOCK = "unknown_block"
    HIDDEN_SHEET = "hidden_sheet"
    """The sheet is hidden: nothing is read from it until a person says so."""


@dataclass(frozen=True)
class Layout:
    """How to read one table of a sheet."""

    sheet: str
    kind: LayoutKind
    header_rows: tuple[int, ...]
    first_row: int
    columns: tuple[Column, ...]
    last_row: int | None = None
    """The table's last row; None means to the end of the sheet."""
    blocks: tuple[Block, ...] = ()
    breakdown: tuple[Category, ...] = ()
    """What the sheet's name says of all its figures."""
    period: Heading | None = None
    """What the title says of all its figures."""
    territory: str | None = None
    """Text of the territory meant where no column names one; None means the country."""
    indicator: str | None = None
    title: str = ""
    """The first line of words above the table."""
    indicator_texts: tuple[str, ...] = ()
    """Title, sheet name and file name: candidates for the indicator, the likeliest first."""
    unit_text: str = ""
    notes: tuple[Note, ...] = ()
    decimal: DecimalMark = ","
    doubts: tuple[Doubt, ...] = ()
    confidence: float = 1.0
    """From 0 to 1: how much of what was found fits together."""
    is_ignored: bool = False
    """Nothing is read."""
    fills_down: bool = False
    """In a long table: blank cells are merged with the filled one above them; otherwise they mean the country
    and the total."""
    outer_territory: int | None = None
    """The column that names the territory of a row whose own column is blank: the oblast beside districts."""
    multiplier: int | None = None
    """The column with the power of ten by which a figure is to be multiplied: SDMX's `UNIT_MULT`."""

    def with_role(self, role: Role) -> list[Column]:
        return [column for column in self.columns if column.role is role]

    def column_with(self, role: Role) -> Column | None:
        """The first column with that role."""
        return next((column for column in self.columns if column.role is role), None)

    @property
    def fingerprint(self) -> str:
        """The same for the issues of one table, whatever their years and the number of their rows."""
        columns = [(c.role, without_years(c.text)) for c in self.columns if c.period is None]
        labels = [b.text for b in self.blocks if b.period is None and b.territory is None]
        shape = [
            self.kind,
            without_years(self.sheet),
            without_years(self.title),
            list(dict.fromkeys(columns)),
            list(dict.fromkeys(map(without_years, labels))),
        ]
        return hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()[:32]

    def with_columns(self, columns: tuple[Column, ...]) -> Self:
        """With other columns; what was found of a column whose role has changed no longer holds."""
        before, after = self.column_with(Role.TERRITORY), {column.index: column.role for column in columns}
        is_same = before is not None and after.get(before.index) is Role.TERRITORY
        helpers = {self.outer_territory if is_same else None, self.multiplier}
        kept = {index for index in helpers if index is not None and after.get(index) is Role.IGNORED}
        return replace(
            self,
            columns=columns,
            outer_territory=self.outer_territory if self.outer_territory in kept else None,
            multiplier=self.multiplier if self.multiplier in kept else None,
        )

    def without_settled_doubts(self, *, is_decided: bool = False) -> Self:
        """After a correction; `is_decided` says that somebody decided whether the table is read."""
        roles = {column.role for column in self.columns}
        is_dated = all(c.period is not None and c.period.year is not None for c in self.with_role(Role.VALUE))
        settled = {
            Doubt.NO_TERRITORY: self.territory is not None or Role.TERRITORY in roles,
            Doubt.NO_PERIOD: self.period is not None or Role.PERIOD in roles or is_dated,
            Doubt.UNKNOWN_COLUMN: Role.UNKNOWN not in roles,
            Doubt.UNKNOWN_BLOCK: not any(block.is_unknown for block in self.blocks),
            Doubt.HIDDEN_SHEET: is_decided,
        }
        return replace(self, doubts=tuple(doubt for doubt in self.doubts if not settled.get(doubt)))

    def regions(self, height: int) -> list[Region]:
        """The parts of a table of so many rows, each with its role; later ones lie on top of earlier."""
        last = height - 1 if self.last_row is None else self.last_row
        width = max(column.index for column in self.columns)
        regions = [Region("header", row, 0, row, width) for row in self.header_rows]
        regions += [
            Region(column.role, self.first_row, column.index, last, column.index) for column in self.columns
        ]
        regions += [Region("block", block.row, 0, block.row, width) for block in self.blocks]
        regions += [Region("note", note.row, 0, note.row, width) for note in self.notes]
        return regions

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; `from_dict` reads them back."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Raises `ValueError`, `KeyError` or `TypeError` on data that no layout wrote."""
        return cls(
            **data
            | {
                "kind": LayoutKind(data["kind"]),
                "header_rows": tuple(data["header_rows"]),
                "columns": tuple(
                    Column(**column | {"role": Role(column["role"])} | _facts(column))
                    for column in data["columns"]
                ),
                "blocks": tuple(Block(**block | _facts(block)) for block in data["blocks"]),
                "indicator_texts": tuple(data["indicator_texts"]),
                "notes": tuple(
                    Note(**note | {"cells": tuple((row, column) for row, column in note["cells"])})
                    for note in data["notes"]
                ),
                "doubts": tuple(Doubt(doubt) for doubt in data["doubts"]),
            }
            | _facts(data)
        )


def without_years(text: str) -> str:
    """A heading, title or name as the next issue of its table has it too."""
    return fold(_COUNTED.sub("", fold(without_period(text))))


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    """The period and the categories of a column, a block or a layout."""
    period = data["period"]
    if period is not None:
        caveat = period["caveat"] and Caveat(period["caveat"])
        period = Heading(**period | {"frequency": Frequency(period["frequency"]), "caveat": caveat})
    return {"period": period, "breakdown": tuple(Category(**category) for category in data["breakdown"])}
