"""Rows out of text files: separated values and JSON records."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from indicators.tables.cells import Cell, Row
from indicators.tables.refusals import FileProblem, UnreadableFile

_SEPARATORS = "\t;|,"
"""In order of preference: a comma may also be a decimal mark."""
_BLANK = ' \r\n"'
_SAMPLE_ROWS = 50


def read_separated(path: Path, encoding: str) -> Iterator[Row]:
    """The rows, one at a time. A text without a separator is no table. Raises `UnreadableFile`."""
    with path.open(encoding=encoding, newline="") as file:
        share: dict[str, str] = {}
        try:
            separator = detect_separator(list(islice(file, _SAMPLE_ROWS)))
            if separator is None:
                raise UnreadableFile(FileProblem.NOT_A_TABLE, found="text")
            file.seek(0)
            for row in csv.reader(file, delimiter=separator):
                yield tuple([share.setdefault(cell, cell) for cell in row])
                if len(share) > 200_000:
                    share.clear()
        except csv.Error as error:
            raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error


def detect_separator(lines: list[str]) -> str | None:
    """The separator that cuts most lines into the same number of cells, at least two."""

    def regularity(separator: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if any(row))
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
        return (rows / max(widths.total(), 1), width) if width > 1 else (0.0, 0)

    if not any(line.strip(_SEPARATORS + _BLANK) for line in lines):
        return ","
    best = max(_SEPARATORS, key=regularity)
    return best if regularity(best)[1] else None


def read_records(path: Path, encoding: str) -> Iterator[Row]:
    """A JSON list of flat objects: first the names, in order of appearance, then the values.

    Numbers keep the digits that the file writes. Raises `UnreadableFile`.
    """
    try:
        with path.open(encoding=encoding) as file:
            records = json.load(file, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(FileProblem.BROKEN_FILE, detail=str(error)) from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise UnreadableFile(FileProblem.NOT_A_TABLE, found="json")
    names = list(dict.fromkeys(name for record in records for name in record))
    if names:
        yield tuple(names)
    for record in records:
        yield tuple(_scalar(record.get(name)) for name in names)


def _scalar(value: object) -> Cell:
    if value is None or isinstance(value, str | bool):
        return value
    raise UnreadableFile(FileProblem.NOT_A_TABLE, found="json")
