"""Tables that are written anew beside those in use, and take their place all at once.

Readers see the old rows or the new ones, never some of each: the exchange is one transaction.
"""

import re
from collections.abc import Iterable

from django.db import connection

SUFFIX = "_next"
PATIENCE = "3s"
"""How long the exchange waits for readers: whoever comes after it waits behind it."""


def stage(tables: Iterable[str]) -> None:
    """Makes an empty table beside each, without indexes: they cost less once the rows are in."""
    discard(tables)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"CREATE TABLE {table}{SUFFIX} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            )


def discard(tables: Iterable[str]) -> None:
    """Drops what was staged, if anything was."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {table}{SUFFIX}")


def build_indexes(tables: Iterable[str]) -> None:
    """Gives the staged tables the indexes of those in use, and tells the planner what is in them."""
    with connection.cursor() as cursor:
        for table in tables:
            for name, definition, _is_key in _indexes(table):
                made = re.sub(rf"INDEX {name}\b", f"INDEX IF NOT EXISTS {name}{SUFFIX}", definition, count=1)
                cursor.execute(re.sub(rf"\b{table} USING", f"{table}{SUFFIX} USING", made, count=1))
            cursor.execute(f"ANALYZE {table}{SUFFIX}")


def lock_all(tables: Iterable[str]) -> None:
    """Waits for readers and writers of the tables in use and keeps them out until the transaction ends.

    Raises `django.db.OperationalError` where they do not finish within `PATIENCE`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


def swap(tables: Iterable[str]) -> None:
    """Puts the staged tables in the place of those in use, under their names; within a transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            indexes = _indexes(table)
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE {table}{SUFFIX} RENAME TO {table}")
            for name, _definition, is_key in indexes:
                if is_key:
                    cursor.execute(
                        f"ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}{SUFFIX}"
                    )
                else:
                    cursor.execute(f"ALTER INDEX {name}{SUFFIX} RENAME TO {name}")


def _indexes(table: str) -> list[tuple[str, str, bool]]:
    """Name and definition of each index of the table, and whether it is the primary key's."""
    statement = """
        SELECT relname, pg_get_indexdef(indexrelid), indisprimary
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = %s::regclass ORDER BY relname
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [table])
        rows: list[tuple[str, str, bool]] = cursor.fetchall()
        return rows
