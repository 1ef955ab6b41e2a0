"""Rows into PostgreSQL by COPY, the fastest way in, and out of it (docs/decisions/0003-observations.md)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import NoneType
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db import connection

BATCH = 20_000
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # the signature, no flags, no extension
TRAILER = b"\xff\xff"
EPOCH = np.datetime64("2000-01-01")  # PostgreSQL counts days and moments from here
BUFFER = 1 << 20
PIECE = 4_096
"""Rows that are made at a time: they stay in the processor's cache."""
Column = npt.NDArray[Any]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Copies the rows into the table, in constant memory; returns how many."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            texts = zip(*map(_texts, zip(*batch, strict=True)), strict=True)
            cursor.copy_expert(statement, io.StringIO("\n".join(map("\t".join, texts))))
            count += len(batch)
    return count


def prepare_for_many_rows() -> None:
    """Lets the rest of the transaction sort and join a million rows in memory.

    Compiling queries that run once would take longer than it saves.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")


def _texts(values: Sequence[object]) -> Iterable[str]:
    """The values of a column as COPY's text format writes them; most columns are alike from end to end."""
    kinds = set(map(type, values))
    if kinds == {str}:
        texts = cast("Sequence[str]", values)
        return texts if _is_plain("".join(texts)) else map(_text, texts)
    return map(_text if any(issubclass(kind, str | NoneType) for kind in kinds) else str, values)


def _text(value: object) -> str:
    """A value as COPY's text format writes it."""
    if value is None:
        return NULL
    if not isinstance(value, str):
        return str(value)
    # Few texts need escaping, and to see that is five times as fast as to do it.
    return value if _is_plain(value) else value.translate(ESCAPES)


def _is_plain(text: str) -> bool:
    return text.isprintable() and "\\" not in text


def copy_columns(table: str, columns: Mapping[str, Column]) -> int:
    """Copies columns of equal length into the table by binary COPY; returns how many rows.

    Types must be the table's own: int16, int32 and int64 for smallint, integer and bigint, float64 for double
    precision, datetime64[us] for timestamptz (UTC), bytes of one length for text. NaN and what is masked is
    NULL. Rows with the same gaps are alike in their bytes: they are made together, so that the order in the
    table is by gaps first.
    """
    encoded = [_big_endian(values) for values in columns.values()]
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, _Pieces(_binary(encoded)), BUFFER)
    return len(encoded[0])


class _Pieces(io.RawIOBase):
    """A file of pieces that are made as they are read: PostgreSQL takes one in while the next is made."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, size: int = -1) -> bytes:
        """The next piece, whatever the size asked for; nothing at the end."""
        return next(self.pieces, b"")


def _binary(columns: Sequence[Column]) -> Iterator[bytes]:
    """The columns in COPY's binary format."""
    yield HEADER
    data = [np.ma.getdata(values) for values in columns]
    gaps = np.zeros(len(data[0]), dtype="int64")
    for number, values in enumerate(columns):
        if np.ma.is_masked(values):
            gaps |= np.ma.getmaskarray(values).astype("int64") << number
    kind, patterns = pd.factorize(gaps)
    for index, pattern in enumerate(patterns):
        known = [not (int(pattern) >> number) & 1 for number in range(len(data))]
        layout = _layout(data, known)
        at = np.flatnonzero(kind == index)
        for start in range(0, len(at), PIECE):
            part = at[start : start + PIECE]
            rows = np.empty(len(part), dtype=layout)
            rows["count"] = len(data)
            for number, (values, is_known) in enumerate(zip(data, known, strict=True)):
                rows[f"length{number}"] = values.dtype.itemsize if is_known else -1
                if is_known:
                    rows[f"value{number}"] = values[part]
            yield rows.tobytes()
    yield TRAILER


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
