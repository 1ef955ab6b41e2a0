"""Rows as CSV straight from PostgreSQL, piece by piece: COPY writes into a pipe that the caller reads."""

import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from threading import Thread
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection as usual
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import Error
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from common.exporting.columns import Rows, Table

SETTINGS = ("max_parallel_workers_per_gather", "statement_timeout")
RESET = "; ".join(f"RESET {name}" for name in SETTINGS)
PIECE = 1 << 20
"""Bytes that lie in the pipe at most: PostgreSQL waits for a slow reader."""


def heading(names: Iterable[str]) -> bytes:
    """The first line of a CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(names)
    return text.getvalue().encode()


def as_csv(table: Table, rows: Any = None, connection: BaseDatabaseWrapper | None = None) -> Iterator[bytes]:
    """The table with its heading, or those rows of it; lines end with a line feed."""
    yield heading(table.columns)
    yield from copied(table.select(table.rows() if rows is None else rows), connection)


def copied(rows: Rows, connection: BaseDatabaseWrapper | None = None) -> Iterator[bytes]:
    """The rows as lines of CSV, by the default connection or the given one.

    Raises what PostgreSQL raises. Whoever stops reading early ends the COPY. It leaves the other cores to
    those who wait for pages: gathering from several workers is hardly faster than one that sorts nothing.
    """
    connection = connection or usual
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        raw: Any = cursor.cursor
        statement = b"COPY (%s) TO STDOUT (FORMAT csv)" % raw.mogrify(sql, parameters)
        # The settings and the COPY in one transaction: between two of them, PgBouncer may change the server.
        # However long a whole list takes: it ends when its reader goes.
        is_alone = raw.connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
        begin, set_, end = ("BEGIN; ", "SET LOCAL", "COMMIT") if is_alone else ("", "SET", RESET)
        raw.execute(begin + "; ".join(f"{set_} {name} = 0" for name in SETTINGS))
        try:
            yield from _piped(raw, statement)
        finally:
            with suppress(Error):  # in a transaction that failed: it takes the setting back itself
                raw.execute(end)


def _piped(raw: Any, statement: bytes) -> Iterator[bytes]:
    reading, writing = os.pipe()
    with suppress(OSError, AttributeError):  # no more than a hint: some systems keep their pipes short
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIECE)
    failures: list[Error] = []

    def write() -> None:
        with open(writing, "wb", buffering=PIECE // 4) as pipe:
            try:
                raw.copy_expert(statement, pipe)
            except Error as error:
                failures.append(error)

    writer = Thread(target=write, name="copy")
    writer.start()
    is_whole = False
    try:
        while piece := os.read(reading, PIECE):
            yield piece
        is_whole = True
    finally:
        if not is_whole:
            raw.connection.cancel()
            while os.read(reading, PIECE):
                pass
        writer.join()
        os.close(reading)
    if failures:
        raise failures[0]
