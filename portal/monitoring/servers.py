"""The servers and disks under the portal, and the last back-up."""

import datetime as dt
import json
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection, connections

from portal.caching import release

DATABASE = """
SELECT current_setting('server_version'), pg_database_size(current_database()),
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       current_setting('max_connections')::int
"""
# A replica that has replayed all that it received is up to date, however long ago the last write was.
LAG = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float
"""


@dataclass(frozen=True)
class Database:
    """PostgreSQL's version, the size of the database in bytes, connections and how many there may be."""

    version: str
    size: int
    connections: int
    most_connections: int


@dataclass(frozen=True)
class Replica:
    """A database to read from, by its alias; seconds behind, None where it is no replica or is away."""

    alias: str
    answers: bool
    lag: float | None


@dataclass(frozen=True)
class Disk:
    """The disk of what the portal keeps: bytes."""

    free: int
    total: int


@dataclass(frozen=True)
class Backup:
    """The last back-up, as its command noted it."""

    at: dt.datetime
    bytes: int
    ok: bool
    seconds: float


def database() -> Database:
    """The primary. Raises DatabaseError."""
    with connection.cursor() as cursor:
        cursor.execute(DATABASE)
        return Database(*cursor.fetchone())


def replicas() -> list[Replica]:
    """All other databases that settings name."""
    return [replica(alias) for alias in connections if alias != connection.alias]


def replica(alias: str) -> Replica:
    """One of them, as it is now."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(LAG)
            [lag] = cursor.fetchone()
    except DatabaseError:
        return Replica(alias, answers=False, lag=None)
    return Replica(alias, answers=True, lag=lag)


def disk() -> Disk:
    """Of `BAGDAR_VAR`."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    return Disk(usage.free, usage.total)


def last_backup() -> Backup | None:
    """None where none is noted, or where what is noted cannot be read."""
    try:
        noted = json.loads((Path(settings.VAR_DIR) / "backup" / "last.json").read_text())
        at = dt.datetime.fromisoformat(noted["at"])
        made = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
        return Backup(made, int(noted["bytes"]), bool(noted["ok"]), float(noted["seconds"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def versions() -> dict[str, str]:
    """What runs here."""
    return {"Bağdar": release(), "Django": django.__version__, "Python": platform.python_version()}
