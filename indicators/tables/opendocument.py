"""How large the sheets of an ODS file are before they are laid out.

A cell or a row may be declared repeated a million times in a few bytes.
"""

import re
import zipfile
import zlib
from pathlib import Path

from indicators.tables.refusals import FileProblem, UnreadableFile, refuse_oversize

_CHUNK = 4 * 2**20
_TAG = re.compile(rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)(/?)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")


class _Extent:
    """The rows and columns of one sheet up to its last cell that is not empty."""

    def __init__(self) -> None:
        self.columns = self.rows = 0
        self._empty_rows = self._row_repeated = 0
        self._width = self._empty_cells = 0

    def take(self, closing: bytes, name: bytes, attributes: bytes, self_closing: bytes) -> None:
        repeated = int(match[1]) if (match := _REPEATED.search(attributes)) else 1
        if name == b"table-row":
            if not closing:
                self._row_repeated, self._width, self._empty_cells = repeated, 0, 0
            if closing or self_closing:
                self._end_row()
        elif not closing and name != b"table":
            if self_closing and b"office:value" not in attributes:
                self._empty_cells += repeated
            else:
                self._width += self._empty_cells + repeated
                self._empty_cells = 0

    def _end_row(self) -> None:
        self._empty_rows += self._row_repeated
        if self._width:
            self.columns = max(self.columns, self._width)
            self.rows += self._empty_rows
            self._empty_rows = 0
            refuse_oversize("", self.columns, self.rows)


def refuse_oversized_sheets(path: Path) -> None:
    """Raises `UnreadableFile` for a broken archive and for a sheet too large to lay out."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            extent, rest = _Extent(), b""
            while chunk := content.read(_CHUNK):
                whole, end, rest = (rest + chunk).rpartition(b">")
                for tag in _TAG.finditer(whole + end):
                    if tag[2] == b"table":
                        extent = _Extent()
                    extent.take(*tag.groups())
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError) as error:
        raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error
