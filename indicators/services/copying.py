"""Rows into PostgreSQL by COPY, the fastest way in (docs/decisions/0003-observations.md)."""

import io
from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection

BATCH = 20_000
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Copies the rows into the table, in constant memory; returns how many."""
    return copy_cells(table, columns, (map(_text, row) for row in rows))


def copy_cells(table: str, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> int:
    """The same for cells that are written as COPY's text format wants them already."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        rows = iter(rows)
        while batch := ["\t".join(row) for row in islice(rows, BATCH)]:
            cursor.copy_expert(statement, io.StringIO("\n".join(batch)))
            count += len(batch)
    return count


def _text(value: object) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return NULL
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)
