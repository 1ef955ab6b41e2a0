"""From the bytes of an upload to rows of cells, whatever the format."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indicators.tables.cells import Row
from indicators.tables.delimited import read_records, read_separated
from indicators.tables.encoding import detect_encoding
from indicators.tables.filetypes import WORKBOOKS, FileType, recognise
from indicators.tables.refusals import MAX_COLUMNS, MAX_ROWS, FileProblem, UnreadableFile, refuse_oversize
from indicators.tables.workbooks import read_workbook_sheets

DEFAULT_LIMIT = 50 * 2**20
HARD_LIMIT = 200 * 2**20
"""In bytes: what is refused unless the caller allows more, and what is refused always."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's cells by row; rows may be shorter than the widest. The one sheet of a text has no name."""

    name: str
    rows: list[Row]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that has been read. `encoding` is that of a text file."""

    name: str
    type: str
    sheets: list[Sheet]
    encoding: str | None = None


def read_workbook(path: Path | str, name: str = "", limit: int = DEFAULT_LIMIT) -> Workbook:
    """Read a CSV, JSON, XLSX, XLS or ODS file; its content decides what it is, not its name.

    `name` is the name under which it was uploaded, `limit` the largest size in bytes (at most `HARD_LIMIT`).
    Raises `UnreadableFile`.
    """
    path = Path(path)
    name = name or path.name
    size, limit = path.stat().st_size, min(limit, HARD_LIMIT)
    if size == 0:
        raise UnreadableFile(FileProblem.EMPTY_FILE)
    if size > limit:
        raise UnreadableFile(FileProblem.TOO_LARGE, bytes=size, limit=limit)
    kind = recognise(path)
    if kind in WORKBOOKS:
        sheets = [Sheet(sheet, rows, hidden) for sheet, hidden, rows in read_workbook_sheets(path, kind)]
        workbook = Workbook(name, kind.value, sheets)
    elif kind is FileType.TEXT:
        workbook = _read_text(path, name)
    else:
        raise UnreadableFile(FileProblem.NOT_A_TABLE, found=kind.value)
    if not any(cell not in {"", None} for sheet in workbook.sheets for row in sheet.rows for cell in row):
        raise UnreadableFile(FileProblem.EMPTY_FILE)
    return workbook


def _read_text(path: Path, name: str) -> Workbook:
    encoding = detect_encoding(path)
    with path.open(encoding=encoding) as file:
        start = file.read(1024).lstrip("\ufeff \t\r\n")
    if not start and path.stat().st_size < 1024:
        raise UnreadableFile(FileProblem.EMPTY_FILE)
    if start.startswith(("[", "{")):
        return Workbook(name, "json", [Sheet("", _limited(read_records(path, encoding)))], encoding)
    return Workbook(name, "csv", [Sheet("", _limited(read_separated(path, encoding)))], encoding)


def _limited(rows: Iterable[Row]) -> list[Row]:
    kept: list[Row] = []
    width = 0
    for row in rows:
        kept.append(row)
        width = max(width, len(row))
        if len(kept) > MAX_ROWS or width > MAX_COLUMNS:
            refuse_oversize("", width, len(kept))
    return kept
