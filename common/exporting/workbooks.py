"""Rows as a workbook, written row by row to disk: the memory that it takes does not grow with the rows.

Text is always written as text: nothing that a row holds can become a formula or a link.
"""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""Rows on a sheet below its heading; what comes after goes to a further sheet."""
MOST_CHARACTERS = 32_767
"""In a cell; the rest of a longer text is cut off, and three dots say so."""
MOST_DIGITS = 15
"""That a workbook's numbers keep; a number with more is written as text, digit for digit."""


def write_workbook(title: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The file, which disappears when it is closed, at its beginning."""
    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        sheet, line = None, 0
        for row in rows:
            if sheet is None or line == MOST_ROWS:
                sheet, line = _sheet(book, title, names, bold), 0
            line += 1
            _write(sheet, line, row)
        if sheet is None:
            _sheet(book, title, names, bold)
    file.seek(0)
    return file


def _sheet(book: Any, title: str, names: Sequence[str], bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(title[:31] if number == 1 else f"{title[:25]} {number}")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write(sheet: Any, line: int, row: Sequence[Any]) -> None:
    number, text = sheet.write_number, sheet.write_string
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            text(line, column, cell if len(cell) <= MOST_CHARACTERS else cell[: MOST_CHARACTERS - 1] + "…")
        elif isinstance(cell, bool):
            text(line, column, "true" if cell else "false")
        elif _is_kept(cell):
            number(line, column, cell)
        else:
            text(line, column, str(cell))


def _is_kept(cell: object) -> bool:
    """Whether a workbook gives the number back as it was: they are doubles, without infinities."""
    match cell:
        case float():
            return math.isfinite(cell)
        case int():
            return len(str(abs(cell))) <= MOST_DIGITS
        case Decimal():
            return len(cell.as_tuple().digits) <= MOST_DIGITS and math.isfinite(float(cell))
    return False
