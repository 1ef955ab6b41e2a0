"""Which state of the public data a reader sees: a table's is another one after every write to it.

PostgreSQL itself notes the writes, by a trigger on each public table: whoever publishes, recomputes, loads,
administers or undoes cannot forget to. A note is a row of its own, so that writers never wait for one
another, and it becomes visible with the change that it is about.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection

from common.databases.choosing import Standing
from common.databases.floor import raise_floor
from common.databases.standing import POSITION, SNAPSHOT, ask_standing

PRIVATE = frozenset(
    {
        "accounts.ApiKey", "accounts.AuditEvent", "accounts.KeptAnswer", "accounts.LoginFailure",
        "accounts.Mandate", "accounts.User",
        "accounts.User_groups", "accounts.User_user_permissions",
        "indicators.Entry", "indicators.LearntName", "indicators.Notice", "indicators.NoticePreference",
        "indicators.PublishingPause", "indicators.Report", "indicators.StagedFigure",
        "indicators.TableMapping", "indicators.TouchedSeries", "indicators.UntoldFigures",
        "indicators.Upload", "indicators.WatchedFile",
        "portal.Delivery", "portal.Hook", "portal.JobTally", "portal.NotedStanding", "portal.PublicChange",
        "portal.SearchBuild", "portal.SearchWord", "portal.Subscription", "portal.UntoldChange",
        "programmes.ProgressChunk", "programmes.ProgressDigest", "programmes.TouchedIndicator",
        "programmes.TouchedKpi",
    }
)  # fmt: skip
"""Working tables of which the public pages show nothing: workshop, outboxes, people."""

NOTES = "portal_publicchange"
OWN_APPS = frozenset({"accounts", "cities", "indicators", "papers", "portal", "programmes"})
TRIGGER = "note_public_change"
WATCH = f"""
CREATE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {{table}}
FOR EACH STATEMENT EXECUTE FUNCTION note_public_change()
"""
STATES = f"""
SELECT '', concat({SNAPSHOT}, ' ', {POSITION})
UNION ALL
SELECT table_name, md5(string_agg(id || ' ' || noted_at, ',' ORDER BY id)) FROM {NOTES} GROUP BY table_name
"""  # noqa: S608 - our own table


def public_tables() -> set[str]:
    """The tables of which a public page may show something: all of the portal's apps but the private ones."""
    models = apps.get_models(include_auto_created=True)
    own = (model._meta for model in models if model._meta.app_label in OWN_APPS)
    return {meta.db_table for meta in own if meta.managed and meta.label not in PRIVATE}


def watched_tables() -> set[str]:
    """The tables whose writes are noted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s AND NOT tgisinternal", [TRIGGER]
        )
        return {table for (table,) in cursor.fetchall()}


def watch_public_tables(**kwargs: Any) -> None:
    """Gives the public tables their trigger; after every migration, so that no new table is forgotten."""
    tables = set(connection.introspection.table_names())
    if NOTES not in tables:  # the portal's own migration is undone
        return
    missing = public_tables() & tables - watched_tables()
    with connection.cursor() as cursor:
        for table in sorted(missing):
            cursor.execute(WATCH.format(table=table))


class States(NamedTuple):
    """The states of all public tables that a connection saw at one moment, its snapshot and position then.

    A state is made of the visible notes, not of their last number: a transaction that began earlier may end
    later. Their times tell apart what follows a restored copy from what followed its original.
    """

    by_table: Mapping[str, str]
    snapshot: str
    position: int

    def mark(self, tables: Iterable[str] | None = None) -> str:
        """A mark of the state of these tables, of all of them by default; equal for equal states."""
        chosen = self.by_table if tables is None else tables
        states = sorted((table, self.by_table.get(table, "")) for table in chosen)
        return hashlib.blake2b(repr(states).encode(), digest_size=16).hexdigest()


_latest: dict[str, tuple[str, States]] = {}
"""The states that this process saw last, and the snapshot before, by the run of the server that it saw."""


def public_states(standing: Standing | None = None) -> States:
    """The states that this connection sees; one cheap query, of which most of the time a cheaper one tells
    that the answer is the same: two equal snapshots of a server see the same rows.

    `standing` is where the connection's server stood just now, if it has been asked already.
    """
    if connection.in_atomic_block:  # where its own writes are seen, which no snapshot tells
        return _states()
    standing = standing or ask_standing(connection)
    snapshot, former = _latest.get(standing.server, ("", None))
    if former is not None and snapshot == standing.snapshot:
        return former
    states = _states()
    is_new = all(states.by_table != known.by_table for _snapshot, known in _latest.values())
    if not (settings.REPLICAS and is_new) or raise_floor(states.position):  # else whoever comes next tells it
        _latest[standing.server] = standing.snapshot, states
    return states


def _states() -> States:
    (_nothing, told), *states = _ask(STATES)
    snapshot, position = told.split(" ")
    return States(dict(states), snapshot, int(position))


def _ask(statement: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows
