"""A file's rejected cells, marked and commented in the file itself, to be corrected and sent in again.

An XLSX keeps everything else that it holds; other formats, and workbooks too large to be taken apart, become
a plain workbook of their cells. Made by a worker when somebody asks for it, and kept beside the upload.
"""

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from indicators import messages
from indicators.models import StagedFigure, Upload
from indicators.tables import Sheet, read_workbook

MOST_COMMENTS = 3_000
"""Spreadsheet programs open a sheet with some thousands of comments; with more they stall."""
MOST_MARKED = 100_000
MOST_CELLS_KEPT = 1_000_000
"""A larger XLSX would not fit into a worker's memory with everything else that it holds."""
FILL = PatternFill("solid", fgColor="FFFFC7B8")
WIDTH, LINE_HEIGHT, LETTERS_A_LINE = 320, 18, 45
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")

Marks = dict[str, dict[tuple[int, int], str]]
"""By sheet, then row and column (from 1): what is said about the cell; nothing where it is only coloured."""


def error_workbook(upload: Upload, language: str) -> Path | None:
    """Where the upload's errors lie, or will lie, in the language; None where it has none.

    Another reading of the file stages other cells, and so has another workbook.
    """
    first = upload.figures.filter(change=StagedFigure.Change.REJECTED).order_by("pk").first()
    if first is None:
        return None
    return Path(settings.MEDIA_ROOT) / "uploads" / "errors" / f"{upload.pk}-{first.pk}-{language}.xlsx"


def mark_errors(pk: int, language: str) -> None:
    """Makes the upload's workbook of errors in the language, unless it is there. It appears as a whole."""
    upload = Upload.objects.get(pk=pk)
    path = error_workbook(upload, language)
    if path is None or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with override(language):
        workbook = marked_workbook(upload)
    part = path.with_suffix(".part")
    workbook.save(part)
    os.replace(part, path)
    for other in path.parent.glob(f"{pk}-*.xlsx"):
        if other.name.split("-")[1] != path.name.split("-")[1]:
            other.unlink(missing_ok=True)


def marked_workbook(upload: Upload) -> Workbook:
    """The upload's file with its rejected cells marked, in the current language. Raises `UnreadableFile`."""
    read = read_workbook(upload.file.path, upload.file_name, limit=settings.UPLOAD_MAX_BYTES)
    marks, rejected, commented = _marks(upload)
    cells = sum(len(row) for sheet in read.sheets for row in sheet.rows)
    workbook = None
    if read.type == "xlsx" and cells <= MOST_CELLS_KEPT:
        workbook = _marked_original(upload, marks)
    if workbook is None:
        workbook = _plain(read.sheets, Path(upload.file_name).stem, marks)
    if rejected > commented:
        _say_how_many(workbook, rejected, commented)
    return workbook


def _marks(upload: Upload) -> tuple[Marks, int, int]:
    """The marks, and how many cells are rejected and commented."""
    marks: Marks = {}
    commented = 0
    rejected = upload.figures.filter(change=StagedFigure.Change.REJECTED).order_by("pk")
    for figure in rejected[:MOST_MARKED].iterator():
        text = ""
        if commented < MOST_COMMENTS:
            text = messages.problem(figure.problem, {"text": figure.raw, **(figure.details or {})})
            commented += 1
        of_sheet = marks.setdefault(figure.sheet, {})
        place = figure.row, figure.column
        of_sheet[place] = "\n".join(filter(None, (of_sheet.get(place), text)))
    return marks, rejected.count(), commented


def _marked_original(upload: Upload, marks: Marks) -> Workbook | None:
    """The XLSX itself with its marks; None where it cannot be taken apart without loss of the rest."""
    try:
        workbook = load_workbook(upload.file.path)
    except Exception:  # whatever openpyxl stumbles over, the cells can still be shown
        return None
    for sheet in workbook.worksheets:
        for (row, column), text in marks.get(sheet.title, {}).items():
            cell = _anchor(sheet, row, column)
            said = cell.comment.text if cell.comment else ""
            _mark(cell, "\n".join(filter(None, (said, text))))
    return workbook


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, or the one in whose merged range it lies."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        ranges = (each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        merged = next(ranges)
        cell = sheet.cell(merged.min_row, merged.min_col)
    return cell


def _plain(sheets: list[Sheet], name: str, marks: Marks) -> Workbook:
    """The cells of the sheets with their marks, written row by row."""
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        written = workbook.create_sheet(NOT_IN_A_TITLE.sub(" ", sheet.name or name)[:31] or None)
        written.sheet_state = "hidden" if sheet.is_hidden else "visible"
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in marks.get(sheet.name, {}).items():
            by_row.setdefault(row, {})[column] = text
        for number, values in enumerate(sheet.rows, start=1):
            cells = [_written(written, value) for value in values]
            for column, text in by_row.get(number, {}).items():
                cells.extend([None] * (column - len(cells)))
                value = cells[column - 1]
                cells[column - 1] = value if isinstance(value, Cell) else WriteOnlyCell(written, value)
                _mark(cells[column - 1], text)
            written.append(cells)
    return workbook


def _written(sheet: Worksheet, value: object) -> Any:
    """The value as a workbook may hold it: a text stays a text, also where it looks like a formula."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if not text:
        return None
    if text[0] not in "=+-@":
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _mark(cell: Cell, text: str) -> None:
    cell.fill = FILL
    if text:
        lines = sum(1 + len(line) // LETTERS_A_LINE for line in text.split("\n"))
        safe = ILLEGAL_CHARACTERS_RE.sub("", text)
        cell.comment = Comment(safe, "Bağdar", height=LINE_HEIGHT * (lines + 1), width=WIDTH)


def _say_how_many(workbook: Workbook, rejected: int, commented: int) -> None:
    """A sheet in front that says why not every cell has its comment."""
    sheet = workbook.create_sheet(_("Errors"), 0)
    said = ngettext("%(count)s cell was not accepted.", "%(count)s cells were not accepted.", rejected) % {
        "count": rejected
    }
    rest = _("The first %(count)s have a comment that says why; up to %(most)s are coloured.")
    sheet.append([said])
    sheet.append([rest % {"count": commented, "most": MOST_MARKED}])
