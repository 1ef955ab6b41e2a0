"""A paper as a workbook: a sheet of facts, one for each kind of table, one of sources.

Figures are numbers with their unit in the format, days are days, and text is text even where it looks like a
formula. Columns say the period and the sources of their figures where they have any.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from papers.document import Cell, Column, Document, Table, Text

FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME, LONGEST_TEXT = 31, 32_767
WIDEST, NARROWEST = 40, 9
A3, A4 = 8, 9
MOST_ON_A4 = 200
"""Characters side by side that can still be read when the sheet is printed on A4."""
LINE = 13
"""Points that a line of a cell takes."""
TONES = {"good": "#00594f", "risk": "#7a4b00", "bad": "#9c1f2e", "none": "#53615e"}
LARGEST = Decimal(10) ** 15
"""Workbooks keep fifteen digits: longer figures are written as text, exactly."""


@dataclass(frozen=True)
class Written:
    """A column of a sheet: title, one cell a row, and what it shows of them: `cell`, `period` or `notes`."""

    title: str
    cells: Sequence[Cell]
    shows: str


def render_xlsx(document: Document, made_on: dt.datetime, footer: str = "") -> bytes:
    """The paper as XLSX."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with override(document.language), xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {"title": document.title[:255], "subject": document.kind, "created": made_on.replace(tzinfo=None)}
        )
        sheets = Sheets(book, footer)
        sheets.write_facts(document)
        grouped: dict[tuple[str, ...], list[Table]] = {}
        for table in document.tables:
            key = (table.sheet, *(column.title for column in table.columns))
            grouped.setdefault(key, []).append(table)
        for (name, *_titles), tables in grouped.items():
            sheets.write_tables(name, tables)
        sheets.write_sources(document)
    return stream.getvalue()


class Sheets:
    """The sheets of a workbook and the formats that they share."""

    def __init__(self, book: xlsxwriter.Workbook, footer: str) -> None:
        self.book, self.footer = book, footer
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def format(self, **wanted: Any) -> Any:
        """The cell format with these properties, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(
                {"valign": "top", "font_name": "Arial", "font_size": 10, **wanted}
            )
        return self._formats[key]

    def add(self, name: str) -> Any:
        """A new sheet, ready to be printed on upright pages as wide as the sheet."""
        sheet = self.book.add_worksheet(self._free(name))
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.footer.replace('&', '&&')}&R&P / &N"[:255])
        return sheet

    def _free(self, name: str) -> str:
        """The name as a workbook takes it: short, without forbidden signs, not given twice."""
        base = FORBIDDEN.sub(" ", name).strip()[:LONGEST_NAME] or "1"
        free, number = base, 2
        while free.casefold() in self._names:
            free = f"{base[: LONGEST_NAME - 4]} {number}"
            number += 1
        self._names.add(free.casefold())
        return free

    def write_facts(self, document: Document) -> None:
        """What the paper is, what it says in words, and its facts."""
        sheet = self.add(_("About"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        lines = [(document.kind, document.title), ("", document.summary), *document.facts]
        row = 0
        for name, text in lines:
            is_title = row == 0
            sheet.write_string(row, 0, name[:LONGEST_TEXT], self.format(bold=is_title, text_wrap=True))
            sheet.write_string(row, 1, text[:LONGEST_TEXT], self.format(bold=is_title, text_wrap=True))
            row += 1
        for text in _said(document):
            row += 1
            sheet.write_string(row, 1, text[:LONGEST_TEXT], self.format(text_wrap=True))

    def write_tables(self, name: str, tables: Sequence[Table]) -> None:
        """The tables of one sheet under each other, under one frozen row of titles."""
        sheet, columns = self.add(name), list(_columns(tables))
        sheet.set_landscape()
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        head = self.format(bold=True, text_wrap=True, bottom=1, bg_color="#eef3f2")
        widths = list(map(_width, columns))
        sheet.set_paper(A3 if sum(widths) > MOST_ON_A4 else A4)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, widths[at])
            sheet.write_string(0, at, column.title[:LONGEST_TEXT], head)
            for row, cell in enumerate(column.cells, start=1):
                self._write(sheet, row, at, cell, column.shows)
        for row, lines in enumerate(_heights(columns, widths)):
            sheet.set_row(row, LINE * lines)
        sheet.autofilter(0, 0, max(len(columns[0].cells), 1), len(columns) - 1)

    def _write(self, sheet: Any, row: int, at: int, cell: Cell, shows: str) -> None:
        if shows == "period":
            self._write_period(sheet, row, at, cell.period)
        elif shows == "notes":
            sheet.write_string(row, at, ", ".join(map(str, cell.notes)), self.format())
        elif cell.number and abs(Decimal(cell.number)) < LARGEST:
            sheet.write_number(row, at, float(cell.number), self.format(num_format=_number_format(cell)))
        elif cell.day and cell.day >= "1900-03-01":
            day = dt.datetime.fromisoformat(cell.day)
            sheet.write_datetime(row, at, day, self.format(num_format="yyyy-mm-dd", align="left"))
        else:
            looks = {"font_color": TONES[cell.tone]} if cell.tone else {}
            looks |= {"font_color": TONES["none"]} if cell.is_missing else {}
            sheet.write_string(row, at, cell.marked[:LONGEST_TEXT], self.format(text_wrap=True, **looks))

    def _write_period(self, sheet: Any, row: int, at: int, period: str) -> None:
        if period.isdecimal():
            sheet.write_number(row, at, int(period), self.format(num_format="0"))
        else:
            sheet.write_string(row, at, period, self.format())

    def write_sources(self, document: Document) -> None:
        """The sources with the numbers by which columns name them."""
        if not document.sources:
            return
        sheet = self.add(_("Sources"))
        sheet.freeze_panes(1, 0)
        head = self.format(bold=True, bottom=1, bg_color="#eef3f2")
        for at, (title, width) in enumerate(((_("No."), 6), (_("Source"), 90), (_("Address"), 50))):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, head)
        for row, source in enumerate(document.sources, start=1):
            sheet.write_number(row, 0, source.number, self.format(num_format="0"))
            sheet.write_string(row, 1, source.text[:LONGEST_TEXT], self.format(text_wrap=True))
            sheet.write_string(row, 2, source.url[:LONGEST_TEXT], self.format(text_wrap=True))


def _said(document: Document) -> Iterator[str]:
    """The paper's sentences, in order."""
    for block in document.blocks:
        if isinstance(block, Text):
            yield block.text


def _columns(tables: Sequence[Table]) -> Iterator[Written]:
    """The columns of all tables together: the part first, and beside a figure its period and sources."""
    rows = [(table.part, row) for table in tables for row in table.rows]
    if any(part for part, _row in rows):
        yield Written(_("Part"), [Cell(part) for part, _row in rows], "cell")
    for at, column in enumerate(tables[0].columns):
        cells = [row[at] for _part, row in rows]
        yield Written(_titled(column, cells), cells, "cell")
        if any(cell.period for cell in cells):
            yield Written(_("%(column)s: period") % {"column": column.title}, cells, "period")
        if any(cell.notes for cell in cells):
            yield Written(_("%(column)s: sources") % {"column": column.title}, cells, "notes")


def _titled(column: Column, cells: Sequence[Cell]) -> str:
    """The column's title, with the unit where all figures have the same."""
    units = {cell.unit for cell in cells if cell.number}
    return f"{column.title}, {units.pop()}" if len(units) == 1 and "" not in units else column.title


def _texts(column: Written) -> list[str]:
    """What stands in the cells of the column."""
    match column.shows:
        case "period":
            return [cell.period for cell in column.cells]
        case "notes":
            return [", ".join(map(str, cell.notes)) for cell in column.cells]
        case _:
            return [cell.text for cell in column.cells]


def _width(column: Written) -> int:
    longest = max(map(len, _texts(column)), default=0)
    return min(WIDEST, max(NARROWEST, longest + 2, len(column.title) // 2))


def _heights(columns: Sequence[Written], widths: Sequence[int]) -> Iterator[int]:
    """How many lines each row takes, the titles' row first: not every program finds that out by itself."""
    rows = zip(*([column.title, *_texts(column)] for column in columns), strict=True)
    for row in rows:
        # Capitals and bold letters are wider than the figure by which a column is measured.
        yield max(len(wrap(text, width - 3)) for text, width in zip(row, widths, strict=True)) or 1


def _number_format(cell: Cell) -> str:
    """The format that shows the figure as the paper does; a unit is text within it."""
    is_count = not cell.decimals and not cell.unit and abs(Decimal(cell.number)) < 10_000
    digits = "0" if is_count else "#,##0"
    decimals = f".{'0' * cell.decimals}" if cell.decimals else ""
    unit = cell.unit.replace('"', "").replace("\\", "")
    return f'{digits}{decimals}" {unit}"' if unit else f"{digits}{decimals}"
