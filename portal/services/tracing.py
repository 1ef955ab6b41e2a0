"""Looking for a person's words in every table, for whoever has to decide what becomes of them."""

from typing import NamedTuple

from django.db import connection

from portal.services.erasing import pattern_of

COLUMNS = """
SELECT class.relname, array_agg(attname::text ORDER BY attnum),
       array_agg(type.typname = 'bytea' ORDER BY attnum)
FROM pg_attribute
JOIN pg_class class ON class.oid = attrelid
JOIN pg_type type ON type.oid = atttypid
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
  AND attnum > 0 AND NOT attisdropped
  AND type.typname IN ('text', 'varchar', 'bpchar', 'json', 'jsonb', '_text', '_varchar', 'bytea')
  AND (atttypmod < 0 OR atttypmod > 8)  -- no code of a few letters holds a name
GROUP BY class.relname ORDER BY class.relname
"""

IN_TEXT = "{0}::text ~* %(pattern)s"
# Bytes beyond ASCII are escaped by `encode`: the words are looked for as they would be written in UTF-8.
IN_BYTES = """
encode({0}, 'escape') ~* %(pattern)s
OR EXISTS (SELECT FROM unnest(%(words)s) AS word WHERE position(convert_to(word, 'UTF8') IN {0}) > 0)
"""


class Trace(NamedTuple):
    """Where the words stand: a column, and in how many rows."""

    table: str
    column: str
    rows: int


def find_traces(words: list[str]) -> list[Trace]:
    """Every column of the database in which any of the words stands. Every table is read: it takes time."""
    pattern, found = pattern_of(words), []
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, columns, are_bytes in cursor.fetchall():
            names = [connection.ops.quote_name(column) for column in columns]
            counts = ", ".join(
                f"count(*) FILTER (WHERE {IN_BYTES if is_bytes else IN_TEXT})".format(name)
                for name, is_bytes in zip(names, are_bytes, strict=True)
            )
            cursor.execute(
                f"SELECT {counts} FROM {connection.ops.quote_name(table)}",  # noqa: S608 - names of ours
                {"pattern": pattern, "words": words},
            )
            rows = cursor.fetchone()
            found += [
                Trace(table, column, count) for column, count in zip(columns, rows, strict=True) if count
            ]
    return found
