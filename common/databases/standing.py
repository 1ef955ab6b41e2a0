"""Asks a server where it stands."""

from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from common.databases.choosing import Standing

# Of a transaction that is visible, all has been flushed or replayed: asked after it was seen, the position is
# never before it.
POSITION = (
    "(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') "
    "ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::bigint"
)
# A replica does not say which transactions between the oldest and the newest are under way: all may be.
SNAPSHOT = (
    "CASE WHEN pg_is_in_recovery() THEN concat(pg_snapshot_xmin(pg_current_snapshot()), ':', "
    "pg_snapshot_xmin(pg_current_snapshot()), ':') ELSE pg_current_snapshot()::text END"
)
BEHIND = (
    "CASE WHEN pg_is_in_recovery() THEN "
    "extract(epoch FROM clock_timestamp() - coalesce(pg_last_xact_replay_timestamp(), '-infinity')) "
    "ELSE 0 END::float8"
)
# Written as a transaction of its own, it reaches replicas with the time of its commit.
MARK = "SELECT pg_logical_emit_message(true, 'bagdar', 'time')"
# For the same reason equal snapshots of a replica may see different rows: its position tells them apart.
STANDING = f"""
SELECT current_database() || pg_postmaster_start_time()::text,
       CASE WHEN pg_is_in_recovery() THEN {POSITION}::text ELSE '' END || ' ' || pg_current_snapshot()::text,
       {POSITION}, {BEHIND}
"""


def ask_standing(server: Any) -> Standing:
    """Where the server of the connection stands; a connection that has died is opened anew once."""
    # The query itself finds out whether the connection lives.
    server.health_check_done = True
    had_lived = server.connection is not None
    try:
        return _ask(server)
    except (OperationalError, InterfaceError):
        server.close()
        if not had_lived:
            raise
        return _ask(server)


def _ask(server: Any) -> Standing:
    with server.cursor() as cursor:
        cursor.execute(STANDING)
        return Standing(*cursor.fetchone())


def mark_time() -> None:
    """Writes a transaction that changes nothing: a replica that has it knows how old it is at most."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MARK)
