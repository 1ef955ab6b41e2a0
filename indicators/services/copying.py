"""Rows into PostgreSQL by COPY, the fastest way in, and out of it (docs/decisions/0003-observations.md)."""

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

BATCH = 20_000
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # the signature, no flags, no extension
TRAILER = b"\xff\xff"
EPOCH = np.datetime64("2000-01-01")  # PostgreSQL counts days and moments from here
BUFFER = 1 << 20
Column = npt.NDArray[Any]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Copies the rows into the table, in constant memory; returns how many."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        rows = iter(rows)
        while batch := ["\t".join(map(_text, row)) for row in islice(rows, BATCH)]:
            cursor.copy_expert(statement, io.StringIO("\n".join(batch)))
            count += len(batch)
    return count


def _text(value: object) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return NULL
    return value.translate(ESCAPES) if isinstance(value, str) else str(value)


def copy_columns(table: str, columns: Mapping[str, Column]) -> int:
    """Copies columns of equal length into the table by binary COPY; returns how many rows.

    Types must be the table's own: int16, int32 and int64 for smallint, integer and bigint, float64 for double
    precision, datetime64[us] for timestamptz (UTC), bytes of one length for text. NaN and what is masked is
    NULL. Rows with the same gaps are alike in their bytes: they are made together, and the table's order is
    that of the gaps first.
    """
    encoded = {name: _big_endian(values) for name, values in columns.items()}
    gaps = np.stack([np.ma.getmaskarray(values) for values in encoded.values()], axis=1)
    weights = 1 << np.arange(gaps.shape[1], dtype="int64")
    patterns, kind = np.unique(gaps @ weights, return_inverse=True)
    data = [np.ma.getdata(values) for values in encoded.values()]
    buffer = io.BytesIO()
    buffer.write(HEADER)
    for index, pattern in enumerate(patterns):
        at = np.flatnonzero(kind == index)
        known = [not (int(pattern) >> column) & 1 for column in range(len(data))]
        rows = np.empty(len(at), dtype=_layout(data, known))
        rows["count"] = len(data)
        for number, (values, is_known) in enumerate(zip(data, known, strict=True)):
            rows[f"length{number}"] = values.dtype.itemsize if is_known else -1
            if is_known:
                rows[f"value{number}"] = values[at]
        buffer.write(rows.data)
    buffer.write(TRAILER)
    buffer.seek(0)
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, buffer, BUFFER)
    return len(gaps)


def _big_endian(values: Column) -> Column:
    """The column in network order, moments as PostgreSQL counts them, with its gaps masked."""
    if values.dtype.kind == "M":
        values = (values - EPOCH).astype("int64")  # microseconds
    if values.dtype.kind == "f":
        values = np.ma.masked_invalid(values)
    return values.astype(values.dtype.newbyteorder(">"))


def _layout(columns: Sequence[Column], known: Sequence[bool]) -> npt.DTypeLike:
    """A row of the binary format: the number of fields, and of each its length and its bytes."""
    fields: list[tuple[str, Any]] = [("count", ">i2")]
    for number, (values, is_known) in enumerate(zip(columns, known, strict=True)):
        fields.append((f"length{number}", ">i4"))
        if is_known:
            fields.append((f"value{number}", values.dtype))
    return np.dtype(fields)


def fetch_columns(
    statement: str, parameters: Mapping[str, object], types: Mapping[str, str]
) -> dict[str, Column]:
    """The statement's rows as columns, by binary COPY: `types` gives each column's name and NumPy type.

    Its columns must have these types in PostgreSQL and must not be NULL. Dates are days since `EPOCH`, i4.
    """
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in types.items():
        fields += [(f"length of {name}", ">i4"), (name, f">{kind}")]
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(statement, parameters).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer, BUFFER)
    body = buffer.getbuffer()[len(HEADER) : -len(TRAILER)]
    rows = np.frombuffer(body, dtype=np.dtype(fields))
    return {name: rows[name].astype(kind) for name, kind in types.items()}
