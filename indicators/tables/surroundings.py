"""What stands around a table: its title, the unit, footnotes."""

import re

from indicators.tables.cells import cell_text
from indicators.tables.grid import Grid
from indicators.tables.layout import Note
from indicators.tables.names import SUPERSCRIPTS, footnote_mark
from indicators.tables.vocabulary import split_unit

_UNIT = re.compile(
    r"^\s*\(?(?:единиц[аы] измерения|ед\.?\s*изм\.?|өлшем бірлігі|unit(?: of measure)?)\s*:?\s*(.+?)\)?$",
    re.I,
)
_NOTE_MARK = re.compile(rf"^\s*([*†‡]+|[{SUPERSCRIPTS}]+\)?|\d{{1,2}}\))")
_NOTE_WORD = re.compile(
    r"^\s*(?:примечани[ея]|источник|сноска|ескерт[ус]|ескертпе|дереккөз|note|source)\b", re.IGNORECASE
)
_NOTE_LENGTH = 60

Lines = list[tuple[int, int, str]]
"""(row, column, text) of the cells above a table."""


def lines_above(grid: Grid, start: int, header: int) -> Lines:
    """The cells between `start` and the header."""
    return [
        (row, column, grid.text(row, column)) for row in range(start, header) for column in grid.filled(row)
    ]


def unit_text(grid: Grid, lines: Lines) -> str:
    """The unit as written above the table: after its name, as a known unit, or alone at the right."""
    for row, column, text in lines:
        if match := _UNIT.match(text):
            return match[1].strip()
        if grid.vocabulary.unit(text.strip("() ")):
            return text.strip("() ")
        if column > 0 and grid.filled(row) == [column] and column >= grid.width // 2:
            return text
    return next((unit for _, _, text in lines if (unit := split_unit(text, grid.vocabulary)[1])), "")


def corner_unit(grid: Grid, header: range, first_column: int) -> str:
    """The unit in the corner, above the names at the left."""
    texts = (grid.text(row, column) for row in header for column in grid.filled(row) if column < first_column)
    return next((text for text in texts if grid.vocabulary.unit(text.strip("() "))), "").strip("() ")


def note_at(grid: Grid, row: int) -> str:
    """The text of a row that is a footnote by its mark, its first word or its length; else nothing."""
    filled = grid.filled(row)
    text = cell_text(grid.cell(row, filled[0])) if len(filled) == 1 else ""
    is_note = _NOTE_MARK.match(text) or _NOTE_WORD.match(text) or len(text) > _NOTE_LENGTH
    return text if is_note else ""


def notes_with_cells(
    notes: dict[int, str], grid: Grid, header: range, body: range, stub: list[int]
) -> tuple[Note, ...]:
    """The footnotes, each with the headings and names that carry its mark."""
    marked: dict[str, list[tuple[int, int]]] = {}
    cells = [(row, column) for row in header for column in grid.filled(row)]
    cells += [(row, column) for row in body if row not in notes for column in stub]
    for row, column in cells:
        if mark := footnote_mark(grid.text(row, column)):
            marked.setdefault(mark, []).append((row, column))
    found = []
    for row, text in sorted(notes.items()):
        match = _NOTE_MARK.match(text)
        mark = match[1] if match else ""
        found.append(Note(row, text, mark, tuple(marked.get(mark, ()) if mark else ())))
    return tuple(found)
