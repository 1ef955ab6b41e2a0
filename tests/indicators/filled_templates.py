"""A template in the hands of an analyst: its cells are found by their hidden codes and typed into."""

from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from indicators.tables.template import HIDDEN_SHEET, MARKER


class FilledTemplate:
    """The workbook, open in a spreadsheet program."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(BytesIO(content))

    @property
    def pages(self) -> list[Worksheet]:
        return [sheet for sheet in self.book.worksheets if sheet.title != HIDDEN_SHEET]

    @property
    def passport(self) -> dict[str, Any]:
        """The single rows of the hidden sheet, by their names, as cells."""
        return {row[0].value: row[1] for row in self.book[HIDDEN_SHEET].iter_rows()}

    def cell(self, line: str, column: str) -> Any:
        """The cell of the line's and the column's codes."""
        for page in self.pages:
            codes = [cell.value for cell in page[1]]
            lines = [cell.value for cell in page["A"]]
            if page["A1"].value == MARKER and column in codes and line in lines:
                return page.cell(lines.index(line) + 1, codes.index(column) + 1)
        raise LookupError(f"{line} · {column}")

    def type(self, line: str, column: str, value: object) -> Any:
        """Types into the cell, and returns it."""
        cell = self.cell(line, column)
        cell.value = value
        return cell

    def content(self) -> bytes:
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def save(self, path: Path) -> Path:
        path.write_bytes(self.content())
        return path
