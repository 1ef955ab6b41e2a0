"""Files of catalogues, read and written without loss: CSV, XLSX and JSON.

A spreadsheet runs text that begins like a formula, wherever that text came from: it is written with an
apostrophe before it and read without. In memory every cell is text; an empty one is "".
"""

import datetime as dt
import json
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from import_export.formats import base_formats
from tablib import Dataset

FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


class UnreadableFileError(ValueError):
    """A file that is not what it should be; the message says what to do."""


def guarded(text: str) -> str:
    """The text as a spreadsheet may be given it."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` made safe."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def as_text(cell: object) -> str:
    """A cell of a workbook or of JSON as it would be typed: days as 2024-12-31, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    return str(cell)


def as_native(text: str) -> str | int | float:
    """A number, where a workbook gives it back exactly as it is written; otherwise safe text."""
    if NUMBER.fullmatch(text):
        number = float(text) if "." in text else int(text)
        if str(number) == text and len(text) <= 15:
            return number
    return guarded(text)


def table(headers: Iterable[object], rows: Iterable[Iterable[object]]) -> Dataset:
    """Texts under the columns that have a heading, without the empty rows that workbooks end with."""
    names = [as_text(header).strip() for header in headers]
    named = [index for index, name in enumerate(names) if name]
    texts = [[as_text(cell) for cell in row] for row in rows]
    while texts and not any(texts[-1]):
        texts.pop()
    return Dataset(*([row[index] for index in named] for row in texts), headers=[names[i] for i in named])


class CSV(base_formats.CSV):  # type: ignore[misc]
    """Text in UTF-8, with the mark by which Excel knows it. Commas or, as Excel writes here, semicolons."""

    def is_binary(self) -> bool:
        """Read as bytes, so that line breaks within cells stay what they are."""
        return True

    def get_read_mode(self) -> str:
        """As bytes."""
        return "rb"

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The table of a file."""
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            message = _("The file is not in UTF-8. In Excel, save it as “CSV UTF-8”, or as a workbook.")
            raise UnreadableFileError(message) from error
        heading = text.partition("\n")[0]
        read = super().create_dataset(text, delimiter=max(",;\t", key=heading.count))
        return table(read.headers or (), ([unguarded(cell) for cell in row] for row in read))

    def export_data(self, dataset: Dataset, **kwargs: object) -> bytes:
        """The file of a table."""
        safe = Dataset(*([guarded(cell) for cell in row] for row in dataset), headers=dataset.headers)
        return str(super().export_data(safe, **kwargs)).encode("utf-8-sig")


class XLSX(base_formats.XLSX):  # type: ignore[misc]
    """The first sheet of a workbook. Formulas count by the value that Excel stored."""

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The table of a file."""
        read = super().create_dataset(in_stream)
        return table(read.headers or (), ([unguarded(as_text(cell)) for cell in row] for row in read))

    def export_data(self, dataset: Dataset, **kwargs: object) -> bytes:
        """The file of a table."""
        safe = Dataset(*([as_native(cell) for cell in row] for row in dataset), headers=dataset.headers)
        return bytes(super().export_data(safe, **kwargs))


class JSON(base_formats.JSON):  # type: ignore[misc]
    """A list of objects, one a row; a key that a row lacks is an empty cell."""

    def is_binary(self) -> bool:
        """Read as bytes: JSON says itself how it is encoded."""
        return True

    def get_read_mode(self) -> str:
        """As bytes."""
        return "rb"

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """The table of a file; numbers stay as they are written."""
        rows = json.loads(in_stream, parse_float=str, parse_int=str)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnreadableFileError(_("The file must hold a list of objects: [{“code”: …}, …]."))
        headers = list(dict.fromkeys(key for row in rows for key in row))
        return table(headers, ([row.get(key) for key in headers] for row in rows))


FORMATS = (CSV, XLSX, JSON)
