"""What a person corrects of a layout, and what of it holds for the next issue of the table.

Corrections are plain JSON; every key may be missing, rows and columns count from 0::

    {
      "is_ignored": false,
      "header_rows": [4, 5], "first_row": 6, "last_row": 40,
      "columns": {"3": {"role": "dimension", "dimension": "SEX"}, "5": {"role": "value", "period": "2024"}},
      "blocks": {"17": {"role": "ignored"}, "29": {"breakdown": [["SEX", "M"]]}},
      "period": "2024-Q1", "territory": "KZAKM", "indicator": "unemployment", "unit": "%",
      "breakdown": [["SEX", "M"]]
    }

A column of role `value`, a block and the whole table may each state a period, a territory (its code or name),
an indicator, a unit and a breakdown. What a column says itself goes before what is said of the whole table; a
unit stated for the whole table holds for all columns.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from indicators.tables.detect import layout_below
from indicators.tables.files import Sheet
from indicators.tables.grid import Grid
from indicators.tables.headings import Heading, parse_heading
from indicators.tables.layout import Block, Column, Doubt, Layout, LayoutKind, Role
from indicators.tables.previewing import PreviewCell, PreviewRow, preview
from indicators.tables.refusals import MAX_COLUMNS
from indicators.tables.remembering import apply_remembered, transferable
from indicators.tables.vocabulary import Category, Vocabulary

__all__ = [
    "CorrectionError",
    "PreviewCell",
    "PreviewRow",
    "apply_remembered",
    "blank_layout",
    "corrected",
    "preview",
    "transferable",
]

Changes = Mapping[str, Any]

_LONE = frozenset((Role.TERRITORY, Role.INDICATOR, Role.UNIT, Role.STATUS))
"""Roles that one column of a table has; given to another, the first one loses it."""


class CorrectionError(ValueError):
    """A correction that means nothing. `code` says what is wrong, `text` what was given."""

    def __init__(self, code: str, text: object) -> None:
        super().__init__(code, text)
        self.code, self.text = code, str(text)


def corrected(
    layout: Layout, changes: Changes, sheet: Sheet | None = None, vocabulary: Vocabulary | None = None
) -> Layout:
    """The layout with the changes; whatever doubt they settle is gone.

    Where other rows become the header, the headings are read anew if `sheet` and `vocabulary` are given.
    Raises `CorrectionError` with the code bad_role, bad_dimension, bad_period, bad_row or bad_column.
    """
    layout = _with_rows(layout, changes, sheet, vocabulary)
    columns = _changed_columns(layout, changes.get("columns") or {})
    blocks = _changed_blocks(layout, changes.get("blocks") or {})
    stated = _stated(changes)
    if "unit" in changes:
        stated["unit_text"] = stated.pop("unit")
        columns = tuple(replace(column, unit="") for column in columns)
        blocks = tuple(replace(block, unit="") for block in blocks)
    if "is_ignored" in changes:
        stated["is_ignored"] = bool(changes["is_ignored"])
    layout = replace(layout.with_columns(columns), blocks=blocks, **stated)
    return layout.without_settled_doubts(is_decided="is_ignored" in changes)


def blank_layout(sheet: Sheet, header_row: int = 0) -> Layout:
    """A table of which nothing is understood yet, for a person to say what its columns are."""
    cells = sheet.rows[header_row] if header_row < len(sheet.rows) else ()
    texts = [str(cell or "").strip() for cell in cells]
    return Layout(
        sheet=sheet.name,
        kind=LayoutKind.TIDY,
        header_rows=(header_row,),
        first_row=header_row + 1,
        columns=tuple(Column(index, Role.UNKNOWN, text) for index, text in enumerate(texts)),
        doubts=(Doubt.NO_TERRITORY, Doubt.NO_PERIOD, Doubt.UNKNOWN_COLUMN),
        confidence=0.0,
    )


def _with_rows(
    layout: Layout, changes: Changes, sheet: Sheet | None, vocabulary: Vocabulary | None
) -> Layout:
    header = tuple(sorted(_row(row) for row in changes.get("header_rows") or layout.header_rows))
    if header != layout.header_rows:
        if layout.last_row is not None and layout.last_row <= header[-1]:
            layout = replace(layout, last_row=None)
        if sheet is not None and vocabulary is not None:
            layout = layout_below(Grid(sheet, vocabulary), header, layout) or layout
        layout = replace(layout, header_rows=header, first_row=header[-1] + 1)
    first = _row(changes.get("first_row", layout.first_row))
    last = changes.get("last_row", layout.last_row)
    if first <= header[-1] or (last is not None and _row(last) < first):
        raise CorrectionError("bad_row", f"{first}–{last}")
    return replace(layout, first_row=first, last_row=last)


def _row(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise CorrectionError("bad_row", value)
    return value


def _changed_columns(layout: Layout, changes: Mapping[str, Changes]) -> tuple[Column, ...]:
    columns = {column.index: column for column in layout.columns}
    for key, change in changes.items():
        if not str(key).isdecimal() or int(key) >= MAX_COLUMNS:
            raise CorrectionError("bad_column", key)
        index = int(key)
        columns[index] = _changed_column(columns.get(index, Column(index, Role.UNKNOWN)), change)
        if columns[index].role in _LONE:
            for other in [c for c in columns.values() if c.index != index and str(c.index) not in changes]:
                if other.role is columns[index].role:
                    columns[other.index] = Column(other.index, Role.IGNORED, other.text)
    return tuple(columns[index] for index in sorted(columns))


def _changed_column(column: Column, change: Changes) -> Column:
    try:
        role = Role(change.get("role", column.role))
    except ValueError as error:
        raise CorrectionError("bad_role", change["role"]) from error
    if role is Role.VALUE:
        if column.role is not Role.VALUE:
            column = Column(column.index, role, column.text)
        return replace(column, **_stated(change))
    dimension = change.get("dimension", column.dimension) if role is Role.DIMENSION else None
    if role is Role.DIMENSION and not dimension:
        raise CorrectionError("bad_dimension", dimension)
    return Column(column.index, role, column.text, dimension)


def _changed_blocks(layout: Layout, changes: Mapping[str, Changes]) -> tuple[Block, ...]:
    """A block that is ignored says what the one above it says."""
    blocks: list[Block] = []
    for block in layout.blocks:
        change = changes.get(str(block.row))
        if change is None:
            blocks.append(block)
        elif change.get("role") == Role.IGNORED:
            above = blocks[-1] if blocks else Block(block.row, "")
            blocks.append(replace(above, row=block.row, text=block.text))
        else:
            blocks.append(replace(block, is_unknown=False, **_stated(change)))
    return tuple(blocks)


def _stated(change: Changes) -> dict[str, Any]:
    """The period, territory, indicator, unit and breakdown that a change states, as fields."""
    fields: dict[str, Any] = {
        key: change[key] or (None if key != "unit" else "")
        for key in ("territory", "indicator", "unit")
        if key in change
    }
    if "period" in change:
        fields["period"] = _period(change["period"])
    if "breakdown" in change:
        fields["breakdown"] = tuple(
            Category(str(dimension), str(code)) for dimension, code in change["breakdown"]
        )
    return fields


def _period(text: object) -> Heading | None:
    if text in {None, ""}:
        return None
    heading = parse_heading(str(text))
    if heading is None:
        raise CorrectionError("bad_period", text)
    return heading
