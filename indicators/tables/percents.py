"""Cells that a workbook shows as per cent: the file holds 0.048 where people read 4.8 %."""

import re
import zipfile
from decimal import Decimal
from functools import cache

from indicators.tables.cells import Cell

_BUILT_IN = frozenset((b"9", b"10"))
_NUMBER_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^>]*>")
_CELL_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^>]*>")
_LITERAL = re.compile(rb"&quot;.*?&quot;|\\.")


def percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the cell formats of an XLSX file that show a value as per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = archive.read("xl/styles.xml")
    custom = {
        _value(tag, b"numFmtId")
        for tag in _NUMBER_FORMAT.findall(styles)
        if b"%" in _LITERAL.sub(b"", _value(tag, b"formatCode"))
    }
    formats = _CELL_FORMATS.search(styles)
    tags = _CELL_FORMAT.findall(formats[0]) if formats else []
    return frozenset(
        str(number).encode()
        for number, tag in enumerate(tags)
        if _value(tag, b"numFmtId") in _BUILT_IN | custom
    )


@cache
def cells_in(styles: frozenset[bytes]) -> re.Pattern[bytes]:
    """Finds (letters of the column, number of the row) of the cells that have one of the formats."""
    numbers = b"|".join(sorted(styles))
    return re.compile(
        rb"""<(?:\w+:)?c\b(?=[^>]*\ss=["'](?:%s)["'])[^>]*\sr=["']([A-Z]+)([0-9]+)["']""" % numbers
    )


def as_shown(cell: Cell) -> Cell:
    """The number as people see it in a cell of such a format; anything else as it is."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return f"{Decimal(repr(cell)).scaleb(2):f}%"
    return cell


def _value(tag: bytes, attribute: bytes) -> bytes:
    match = re.search(rb"""\s%s\s*=\s*["']([^"']*)["']""" % attribute, tag)
    return match[1] if match else b""
