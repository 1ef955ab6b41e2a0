"""What changed in the published lists, and since when: asked of the log in PostgreSQL's own time.

Transactions do not become visible in the order in which they begin, nor in that of any clock. A point in time
is therefore a snapshot, the set of transactions that were over; what came after it is whatever was written by
a transaction that is not in the set, however long ago it began.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from common.databases.standing import SNAPSHOT

BEGINNING = "3:3:"
"""The snapshot before the first transaction."""

NOW = f"SELECT {SNAPSHOT}"
# A server that was led back to a moment, or promoted, may have lost transactions whose numbers come again: it
# writes another timeline then.
CLUSTER = """
SELECT concat(system_identifier, '.', CASE
    WHEN pg_is_in_recovery() THEN upper(lpad(to_hex(timeline_id), 8, '0'))
    ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
END)
FROM pg_control_system(), pg_control_checkpoint()
"""
ASKED_EVERY = 60
"""Seconds for which the mark of the server is believed; a point that was told meanwhile is refused later."""
NOTE = "SELECT note_change(%s, %s::bigint[], %s::text[])"

# The latest that had been noted by then: what was over in it was over then, too.
NOTED_BY = "SELECT snapshot::text FROM common_change WHERE noted_at <= %s ORDER BY noted_at DESC LIMIT 1"

PRUNED = "SELECT EXISTS (SELECT FROM common_change WHERE name = 'pruned')"

# Gone by: a change of which no list can tell, lines that were taken away, or a database put back.
USELESS = """
SELECT pg_snapshot_xmax(%(snapshot)s::pg_snapshot) > pg_snapshot_xmax(pg_current_snapshot()) OR EXISTS (
    SELECT FROM common_change
    WHERE name = 'pruned' AND transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
       OR name = 'reset' AND NOT pg_visible_in_snapshot(transaction, %(snapshot)s::pg_snapshot)
)
"""

SINCE = """
SELECT keys, ids FROM common_change
WHERE name = %(name)s AND transaction >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(transaction, %(snapshot)s::pg_snapshot)
"""

PRUNE = """
WITH gone AS (
    DELETE FROM common_change WHERE noted_at < %(before)s AND name <> 'pruned' RETURNING transaction
), furthest AS (
    SELECT transaction FROM gone ORDER BY transaction DESC LIMIT 1
), noted AS (
    INSERT INTO common_change (transaction, noted_at, snapshot, name, keys, ids)
    SELECT transaction, clock_timestamp(), pg_current_snapshot(), 'pruned', '{}', '{}' FROM furthest
)
SELECT count(*) FROM gone
"""
FORGET_EARLIER = """
DELETE FROM common_change earlier USING common_change later
WHERE earlier.name = 'pruned' AND later.name = 'pruned' AND earlier.transaction < later.transaction
"""


class TooOldError(Exception):
    """The log does not reach back so far: what has changed since can no longer be told."""


@dataclass(frozen=True)
class Changes:
    """Database keys of the rows of a list that were touched, and ids that rows had before."""

    keys: Collection[int]
    ids: Collection[str]


def snapshot_now() -> str:
    """The present point in time."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        [snapshot] = cursor.fetchone()
    return str(snapshot)


def snapshot_by(moment: dt.datetime) -> str | None:
    """A point in time not after the moment; None for before the log begins.

    Raises `TooOldError` where the log once reached back so far.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTED_BY, [moment])
        if row := cursor.fetchone():
            return str(row[0])
        cursor.execute(PRUNED)
        if cursor.fetchone()[0]:
            raise TooOldError
    return None


def changes_since(name: str, snapshot: str) -> Changes:
    """What changed in the list after the point in time; `TooOldError` where that cannot be told."""
    parameters = {"name": name, "snapshot": snapshot}
    with connection.cursor() as cursor:
        cursor.execute(USELESS, parameters)
        if cursor.fetchone()[0]:
            raise TooOldError
        cursor.execute(SINCE, parameters)
        rows = cursor.fetchall()
    return Changes({key for keys, _ids in rows for key in keys}, {one for _keys, ids in rows for one in ids})


def note_change(name: str, keys: Collection[int]) -> None:
    """Notes what no trigger hears: rows of the list, by their keys, that came with an exchange of tables."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [name, list(keys), []])


def prune_changes(before: dt.datetime) -> int:
    """Takes away what was noted before the moment, and notes up to where; returns how many lines."""
    with connection.cursor() as cursor:
        cursor.execute(PRUNE, {"before": before})
        [count] = cursor.fetchone()
        cursor.execute(FORGET_EARLIER)
    return int(count)


def cluster() -> str:
    """A mark of this PostgreSQL and of its history, in which alone its snapshots mean something."""
    return _cluster(int(time.monotonic() // ASKED_EVERY))


@lru_cache(maxsize=1)
def _cluster(_minute: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(CLUSTER)
        [identifier] = cursor.fetchone()
    return hashlib.blake2b(str(identifier).encode(), digest_size=6).hexdigest()
