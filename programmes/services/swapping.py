"""Tables that are written anew beside those in use, and take their place all at once.

Readers see the old rows or the new ones, never some of each: the exchange is one transaction.
"""

from collections.abc import Iterable

from django.db import connection

SUFFIX = "_next"
MEMORY = "256MB"
"""For sorting the keys of some millions of rows."""
PATIENCE = "3s"
"""How long the exchange waits for readers: whoever comes after it waits behind it."""


def stage(tables: Iterable[str]) -> None:
    """Makes an empty table beside each, without indexes: they cost less once the rows are in."""
    discard(tables)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TABLE {table}{SUFFIX} (LIKE {table} INCLUDING CONSTRAINTS)")


def discard(tables: Iterable[str]) -> None:
    """Drops what was staged, if anything was."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS {table}{SUFFIX}")


def build_indexes(tables: Iterable[str]) -> None:
    """Gives the staged tables the indexes of those in use."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
        for table in tables:
            for name, definition, _is_key in _indexes(table):
                made = definition.replace(f"INDEX {name} ", f"INDEX IF NOT EXISTS {name}{SUFFIX} ", 1)
                cursor.execute(made.replace(f"{table} USING", f"{table}{SUFFIX} USING", 1))


def lock_all(tables: Iterable[str]) -> None:
    """Waits for readers and writers of the tables in use and keeps them out until the transaction ends.

    Raises `django.db.OperationalError` where they do not finish within `PATIENCE`.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


def swap(tables: Iterable[str]) -> None:
    """Puts the staged tables in the place of those in use, under all their names; within a transaction."""
    with connection.cursor() as cursor:
        for table in tables:
            indexes, triggers = _indexes(table), _triggers(table)
            cursor.execute(f"DROP TABLE {table}")
            cursor.execute(f"ALTER TABLE {table}{SUFFIX} RENAME TO {table}")
            for name, _definition, is_key in indexes:
                cursor.execute(f"ALTER INDEX {name}{SUFFIX} RENAME TO {name}")
                if is_key:
                    cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY USING INDEX {name}")
            for definition in triggers:
                cursor.execute(definition)
            # The exchange is a write: for the triggers that note writes it happens here.
            cursor.execute(f"DELETE FROM {table} WHERE false")  # noqa: S608 - our own tables


def analyse(tables: Iterable[str]) -> None:
    """Tells the planner what is in the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _indexes(table: str) -> list[tuple[str, str, bool]]:
    """Name and definition of each index of the table, and whether it is the primary key's."""
    statement = """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisprimary
        FROM pg_index WHERE indrelid = %s::regclass
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [table])
        rows: list[tuple[str, str, bool]] = cursor.fetchall()
        return rows


def _triggers(table: str) -> list[str]:
    """Definitions of the table's triggers, without those by which PostgreSQL checks references."""
    statement = """
        SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [table])
        return [definition for (definition,) in cursor.fetchall()]
