"""Rows into PostgreSQL by COPY, the fastest way in (docs/decisions/0003-observations.md)."""

import io
from collections.abc import Iterable, Sequence

from django.db import connection

BATCH = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Copies the rows into the table, in constant memory; returns how many."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        buffer, lines = io.StringIO(), 0
        for row in rows:
            buffer.write("\t".join(_text(value) for value in row))
            buffer.write("\n")
            lines += 1
            if lines == BATCH:
                buffer.seek(0)
                cursor.copy_expert(statement, buffer)
                buffer, count, lines = io.StringIO(), count + lines, 0
        buffer.seek(0)
        cursor.copy_expert(statement, buffer)
    return count + lines


def _text(value: object) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return "\\N"
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)
