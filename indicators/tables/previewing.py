"""A table as a person is shown it: the first rows, each cell with the role in which it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from indicators.tables.cells import Row, cell_text
from indicators.tables.files import Sheet
from indicators.tables.layout import Layout

TITLE, HEADER, BLOCK, NOTE = "title", "header", "block", "note"
_TITLE_ROWS = 8
_NOTE_ROWS = 3


class PreviewCell(NamedTuple):
    """`role` is a `Role`, or title, header, block, note; empty where the cell is not part of the table."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the sheet, `number` counting from 0; iterating gives its cells."""

    number: int
    cells: list[PreviewCell]

    def __iter__(self) -> Iterator[PreviewCell]:
        return iter(self.cells)

    def __len__(self) -> int:
        return len(self.cells)


def preview(sheet: Sheet, layout: Layout, rows: int = 40, columns: int = 30) -> list[PreviewRow]:
    """At most `rows` rows of `columns` cells, in order: the header, what stands above it, the labels inside
    the table with the row below each, some footnotes, and the first of the other rows.
    """
    roles = {column.index: column.role.value for column in layout.columns}
    blocks = {block.row for block in layout.blocks}
    notes = {note.row for note in layout.notes}
    headers = [sheet.rows[row] for row in layout.header_rows if row < len(sheet.rows)]

    def role(number: int, column: int, text: str, *, is_header: bool) -> str:
        if number in layout.header_rows or is_header:
            return HEADER
        if number < layout.first_row:
            return TITLE if text else ""
        if number in blocks:
            return BLOCK
        if number in notes:
            return NOTE
        return roles.get(column, "") if layout.last_row is None or number <= layout.last_row else ""

    def shown(number: int, row: Row) -> PreviewRow:
        texts = [cell_text(cell) for cell in (*row, *("",) * width)[:width]]
        is_header = row in headers
        cells = [PreviewCell(t, role(number, i, t, is_header=is_header)) for i, t in enumerate(texts)]
        return PreviewRow(number, cells)

    numbers = _chosen(sheet, layout, rows)
    width = min(columns, max((len(sheet.rows[number]) for number in numbers), default=0))
    return [shown(number, sheet.rows[number]) for number in numbers]


def _chosen(sheet: Sheet, layout: Layout, most: int) -> list[int]:
    """The numbers of the rows to be shown, in order."""
    end = len(sheet.rows) if layout.last_row is None else min(layout.last_row + 1, len(sheet.rows))
    top = layout.header_rows[0]
    chosen = dict.fromkeys(range(top, min(layout.first_row, end)))
    above = range(max(0, top - _TITLE_ROWS), min(top, end))
    chosen |= dict.fromkeys(row for row in above if any(sheet.rows[row]))
    chosen |= dict.fromkeys(note.row for note in layout.notes[:_NOTE_ROWS])
    labels = [row for block in layout.blocks for row in (block.row, block.row + 1) if row < end]
    room = max(0, most - len(chosen))
    chosen |= dict.fromkeys(islice(labels, room // 2))
    rest = (row for row in range(layout.first_row, end) if row not in chosen)
    chosen |= dict.fromkeys(islice(rest, max(0, most - len(chosen))))
    return sorted(row for row in islice(chosen, most) if row < len(sheet.rows))
