"""Sheets out of XLSX, XLS and ODS workbooks, read by calamine.

Calamine lays a sheet out in memory from its first to its last cell, and shows error values as empty cells. So
an XLSX file is looked through beforehand: for its true extent, for errors, and for formulas that were never
computed, and for cells shown as per cent; an ODS file for its true extent.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from html import unescape
from pathlib import Path

import python_calamine as calamine

from indicators.tables.cells import Row
from indicators.tables.filetypes import FileType
from indicators.tables.opendocument import refuse_oversized_sheets
from indicators.tables.percents import as_shown, cells_in, percent_styles
from indicators.tables.refusals import FileProblem, UnreadableFile, refuse_oversize

_CHUNK = 4 * 2**20
_LONGEST_ROW = 64 * 2**20
_ATTRIBUTE = r"""\s*=\s*["']([^"']*)["']"""
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\st=["']e["'])[^>]*\sr=["']([A-Z]+)([0-9]+)["'][^>]*>"""
    rb"""(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""",
    re.DOTALL,
)
_UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\st=["']str["'])[^>]*\sr=["']([A-Z]+)([0-9]+)["'][^>]*>\s*"""
    rb"""<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*"""
    rb"""</(?:\w+:)?c>"""
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")


@dataclass
class Inspection:
    """One worksheet of an XLSX file before it is read; `texts` replace what calamine would show as empty."""

    columns: int = 0
    rows: int = 0
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    styles: frozenset[bytes] = frozenset()
    percents: dict[int, list[int]] = field(default_factory=dict)
    """By row, the columns of the cells that are shown as per cent, which `styles` are."""

    def note(self, chunk: bytes) -> None:
        """Take in a piece of the sheet that ends with a whole row."""
        found = _REFERENCE.findall(chunk)
        for letters in {letters for letters, _ in found}:
            self.columns = max(self.columns, _column_number(letters))
        self.rows = max([self.rows, *{int(digits) for _, digits in found}])
        if b'"e"' in chunk or b"'e'" in chunk:
            self._keep(_ERROR.findall(chunk), "")
        if b"<f" in chunk or b":f" in chunk:
            self._keep(_UNCOMPUTED.findall(chunk), "=")
        if self.styles:
            for letters, digits in cells_in(self.styles).findall(chunk):
                self.percents.setdefault(int(digits) - 1, []).append(_column_number(letters) - 1)

    def _keep(self, found: list[tuple[bytes, bytes, bytes]], prefix: str) -> None:
        for letters, digits, text in found:
            row = self.texts.setdefault(int(digits) - 1, {})
            row[_column_number(letters) - 1] = prefix + unescape(text.decode("utf-8", "replace"))


def read_workbook_sheets(path: Path, kind: FileType) -> Iterator[tuple[str, bool, list[Row]]]:
    """(name, whether hidden, rows) of each worksheet, in order. Raises `UnreadableFile`."""
    inspections = inspect(path) if kind is FileType.XLSX else {}
    if kind is FileType.ODS:
        refuse_oversized_sheets(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                    hidden = sheet.visible != calamine.SheetVisibleEnum.Visible
                    rows = _rows(workbook.get_sheet_by_name(sheet.name), inspections.get(sheet.name))
                    yield sheet.name, hidden, rows
    except calamine.PasswordError as error:
        raise UnreadableFile(FileProblem.ENCRYPTED) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error


def _rows(sheet: calamine.CalamineSheet, inspection: Inspection | None) -> list[Row]:
    refuse_oversize(sheet.name, sheet.total_width, sheet.total_height)
    if sheet.start is None and inspection is None:
        return []
    texts = inspection.texts if inspection else {}
    margin = ("",) * (sheet.start[1] if sheet.start else 0)
    share: dict[object, str] = {}
    rows: list[Row] = []
    for row in sheet.iter_rows():
        cells = [share.setdefault(cell, cell) if isinstance(cell, str) else cell for cell in row]
        rows.append((*margin, *cells))
    for number, cells_of_row in texts.items():
        rows.extend([()] * (number + 1 - len(rows)))
        rows[number] = _overlaid(rows[number], cells_of_row)
    for number, columns in inspection.percents.items() if inspection else ():
        if number < len(rows):
            shown = set(columns)
            rows[number] = tuple(as_shown(c) if i in shown else c for i, c in enumerate(rows[number]))
    return rows


def _overlaid(row: Row, texts: dict[int, str]) -> Row:
    cells = [*row, *[""] * (max(texts) + 1 - len(row))]
    for column, text in texts.items():
        cells[column] = cells[column] if cells[column] not in {"", None} else text
    return tuple(cells)


def inspect(path: Path) -> dict[str, Inspection]:
    """What the XLSX file's worksheets hold, by sheet name; reading every member proves the sizes stated.

    Raises `UnreadableFile` for broken archives and for sheets too large to lay out.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            styles = percent_styles(archive)
            members = {name: _read_through(archive, name, styles) for name in archive.namelist()}
            inspections = {name: found for name, found in members.items() if found.rows or found.texts}
            for name, found in inspections.items():
                refuse_oversize(name.rpartition("/")[2], found.columns, found.rows)
            return {
                sheet: inspections[member]
                for sheet, member in _sheet_members(archive).items()
                if member in inspections
            }
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError) as error:
        raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error


def _read_through(archive: zipfile.ZipFile, name: str, styles: frozenset[bytes]) -> Inspection:
    """Unpack one member to its end, looking into worksheets on the way."""
    found = Inspection(styles=styles)
    is_sheet = "/worksheets/" in name and name.endswith(".xml")
    with archive.open(name) as member:
        rest = b""
        while chunk := member.read(_CHUNK):
            if is_sheet:
                whole, row_end, rest = (rest + chunk).rpartition(b"row>")
                found.note(whole + row_end)
                if len(rest) > _LONGEST_ROW:
                    raise ValueError("a row without end")
        if is_sheet:
            found.note(rest)
    return found


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which member of the archive holds the sheet of a name."""
    workbook = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {
        _value(tag, "Id"): _value(tag, "Target").removeprefix("/xl/").removeprefix("./")
        for tag in _RELATION.findall(relations)
    }
    return {
        _value(tag, "name"): f"xl/{targets.get(_value(tag, r'[a-zA-Z0-9]+:id'), '')}"
        for tag in _SHEET.findall(workbook)
    }


def _value(tag: str, attribute: str) -> str:
    match = re.search(rf"\s{attribute}{_ATTRIBUTE}", tag)
    return unescape(match[1]) if match else ""


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    return reduce(lambda number, letter: 26 * number + letter - 64, letters.upper(), 0)
