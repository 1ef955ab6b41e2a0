"""One sheet of a template: its head, its hidden codes, its columns, and what may be typed into them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from indicators.models import FormLine, Indicator
from indicators.tables.template import HIDDEN_SHEET, LABEL, MARKER, Part, line_code
from indicators.writing import written

LONGEST_COMMENT = 500
# What may stand in the place of a figure, as `parse_number` reads it: Latin and Cyrillic x, dashes, dots.
MARKS = ("x", "х", "-", "–", "…", "...")
CODES, TITLE, GROUPS, HEADINGS, FIRST = 1, 2, 6, 7, 8
"""Rows, counted from 1: hidden codes, the title and what follows it, two of headings, the first line."""
A4, LONGEST_TITLE, MOST_DECIMALS = "9", 31, 9
# The limits of Excel for the texts of a message.
LONGEST_MESSAGE = 250
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")

THIN = Border(*[Side(style="thin", color="C9D3D5")] * 4)
DARK, PALE, YELLOW, GREY = (
    PatternFill("solid", start_color=c) for c in ("0A5A61", "F3F6F6", "FFF8DC", "E4E8E9")
)
QUIET = Font(color="4A5A5E")
LINE_HEIGHT = 15.75  # points
WIDE_LETTER = 1.25  # of a column's unit, which is the width of a digit: bold and Cyrillic ones are wider


@dataclass(frozen=True)
class Column:
    """A column: its headings, width in characters, and what it shows of a line: a number or a text.

    One that is typed in has its hidden code; that of a closed report is locked.
    """

    heading: str
    width: float
    content: Callable[[FormLine], Any]
    part: Part | None = None
    code: str = LABEL
    group: str = ""
    is_number: bool = False
    is_locked: bool = True


def put_text(cell: SheetCell, text: str) -> None:
    """Writes a text, if there is one, that no spreadsheet takes for a formula, be it edited or not."""
    if not text:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


class TemplatePage:
    """A worksheet that is being made."""

    def __init__(self, sheet: Worksheet, columns: Sequence[Column], lines: Sequence[FormLine]) -> None:
        self.sheet, self.columns, self.lines = sheet, columns, lines
        self.is_typed_in = any(column.part for column in columns)

    def write(self, head: Sequence[str], labels: int, statuses: int) -> None:
        """Writes the lines of the head, the columns, of which the first so many are labels and stay in view,
        and the rules. So many statuses stand at the beginning of the hidden sheet."""
        for number, text in enumerate(head):
            cell = self.sheet.cell(TITLE + number, 2)
            put_text(cell, text)
            cell.font = QUIET if number else Font(bold=True, size=14)
        for index, column in enumerate(self.columns, start=2):
            self._write_headings(index, column)
            for row, line in enumerate(self.lines, start=FIRST):
                self._write_cell(self.sheet.cell(row, index), column, line)
        self._fit_heights()
        self._merge_groups()
        if self.is_typed_in:
            self._write_codes()
            self._validate(statuses)
        self._lay_out(labels)

    def _write_headings(self, index: int, column: Column) -> None:
        self.sheet.column_dimensions[get_column_letter(index)].width = column.width
        for row, text in ((GROUPS, column.group), (HEADINGS, column.heading)):
            if text:
                cell = self.sheet.cell(row, index)
                put_text(cell, text)
                cell.font, cell.fill, cell.border = Font(bold=True, color="FFFFFF"), DARK, THIN
                cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")

    def _write_cell(self, cell: SheetCell, column: Column, line: FormLine) -> None:
        content = column.content(line)
        if isinstance(content, str):
            put_text(cell, content)
        else:
            cell.value = content
        cell.border = THIN
        is_figure = column.is_number or column.part is Part.FIGURE
        cell.alignment = Alignment(
            wrap_text=not is_figure, vertical="center", horizontal="right" if is_figure else None
        )
        if is_figure:
            cell.number_format = number_format(line.indicator)
        if column.part is None:
            cell.fill, cell.font = PALE, QUIET if column.is_number else Font()
            return
        cell.fill = GREY if column.is_locked else YELLOW
        cell.protection = Protection(locked=column.is_locked)
        if column.part is not Part.FIGURE:
            cell.number_format = "@"

    def _fit_heights(self) -> None:
        """Rows as high as their longest label needs: not every program fits them itself."""
        rows = {
            row: [column.content(line) for column in self.columns]
            for row, line in enumerate(self.lines, start=FIRST)
        }
        rows[HEADINGS] = [column.heading for column in self.columns]
        for row, texts in rows.items():
            lines = [
                ceil(len(text) * WIDE_LETTER / column.width)
                for text, column in zip(texts, self.columns, strict=True)
                if isinstance(text, str)
            ]
            self.sheet.row_dimensions[row].height = LINE_HEIGHT * max([1, *lines])

    def _merge_groups(self) -> None:
        """One heading over the columns that share it."""
        start = 0
        for index, column in enumerate(self.columns):
            following = self.columns[index + 1].group if index + 1 < len(self.columns) else ""
            if column.group != following:
                if column.group and index > start:
                    first, last = start + 2, index + 2
                    self.sheet.merge_cells(
                        start_row=GROUPS, end_row=GROUPS, start_column=first, end_column=last
                    )
                start = index + 1

    def _write_codes(self) -> None:
        put_text(self.sheet.cell(CODES, 1), MARKER)
        for row in range(TITLE, FIRST):
            put_text(self.sheet.cell(row, 1), LABEL)
        for index, column in enumerate(self.columns, start=2):
            put_text(self.sheet.cell(CODES, index), column.code)
        for row, line in enumerate(self.lines, start=FIRST):
            put_text(self.sheet.cell(row, 1), line_code(line.indicator.code, line.breakdown.code))
        self.sheet.row_dimensions[CODES].hidden = True

    def _validate(self, statuses: int) -> None:
        """The rules of the cells; those of figures row by row, for their ranges differ."""
        indices: dict[Part, list[int]] = {part: [] for part in Part}
        for index, column in enumerate(self.columns, start=2):
            if column.part:
                indices[column.part].append(index)
        if found := indices[Part.FIGURE]:
            for row, line in enumerate(self.lines, start=FIRST):
                first, last = (f"{get_column_letter(index)}{row}" for index in (found[0], found[-1]))
                self._rule(figure_rule(line.indicator, first), f"{first}:{last}")
        for part, rule in ((Part.STATUS, status_rule(statuses)), (Part.COMMENT, comment_rule())):
            if found := indices[part]:
                first, last = (get_column_letter(index) for index in (found[0], found[-1]))
                self._rule(rule, f"{first}{FIRST}:{last}{FIRST + len(self.lines) - 1}")

    def _rule(self, rule: DataValidation, cells: str) -> None:
        rule.errorTitle, rule.error = _("Not possible here")[:LONGEST_TITLE], rule.error[:LONGEST_MESSAGE]
        rule.showErrorMessage = True
        rule.add(cells)
        self.sheet.add_data_validation(rule)

    def _lay_out(self, labels: int) -> None:
        sheet = self.sheet
        sheet.column_dimensions["A"].hidden = True
        sheet.freeze_panes = first = f"{get_column_letter(labels + 2)}{FIRST}"
        for selection in sheet.sheet_view.selection:
            selection.activeCell = selection.sqref = first
        sheet.sheet_view.showGridLines = False
        protect(sheet)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = f"{GROUPS}:{HEADINGS}"
        sheet.oddFooter.center.text = "&P / &N"


def protect(sheet: Worksheet) -> None:
    """Locks what is not to be typed in, without a password; widths and heights stay free."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def page_title(text: str) -> str:
    """The text as a sheet can be named."""
    return FORBIDDEN.sub(" ", text)[:LONGEST_TITLE].strip()


def number_format(indicator: Indicator) -> str:
    """With the indicator's decimals; the spreadsheet program writes its reader's separators."""
    decimals = min(indicator.decimals, MOST_DECIMALS)
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def figure_rule(indicator: Indicator, cell: str) -> DataValidation:
    """A number within the indicator's range, or a mark for a missing one. A rule for decimals would refuse
    the marks, and a formula of a rule may hold no list of them."""
    low, high = indicator.minimum, indicator.maximum
    bounds = [f"ISNUMBER({cell})"]
    bounds += [f"{cell}>={low:f}"] if low is not None else []
    bounds += [f"{cell}<={high:f}"] if high is not None else []
    allowed = [f"AND({','.join(bounds)})", *(f'{cell}="{mark}"' for mark in MARKS)]
    rule = DataValidation(type="custom", formula1=f"OR({','.join(allowed)})", allow_blank=True)
    rule.error = _range_message(indicator)
    return rule


def _range_message(indicator: Indicator) -> str:
    low, high = (
        None if bound is None else written(bound, MOST_DECIMALS)
        for bound in (indicator.minimum, indicator.maximum)
    )
    if low is not None and high is not None:
        text = _("Type a number from %(low)s to %(high)s (%(unit)s). If there is none, type x, - or ….")
    elif low is not None:
        text = _("Type a number of %(low)s or more (%(unit)s). If there is none, type x, - or ….")
    elif high is not None:
        text = _("Type a number of %(high)s or less (%(unit)s). If there is none, type x, - or ….")
    else:
        text = _("Type a number (%(unit)s). If there is none, type x, - or ….")
    return text % {"low": low, "high": high, "unit": indicator.unit.symbol}


def status_rule(statuses: int) -> DataValidation:
    """One of the statuses at the beginning of the hidden sheet."""
    words = f"{quote_sheetname(HIDDEN_SHEET)}!$B$1:$B${statuses}"
    rule = DataValidation(type="list", formula1=words, allow_blank=True)
    rule.error = _("Choose one from the list, or leave the cell empty: then the figure is a normal one.")
    return rule


def comment_rule() -> DataValidation:
    """A text that the portal can keep."""
    rule = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_COMMENT), allow_blank=True
    )
    rule.error = _("A comment may have %(limit)s characters.") % {"limit": LONGEST_COMMENT}
    return rule
