"""Triggers that note what every statement changes in the published lists, for clients that keep a copy.

They hear statements, not rows, and add one line to the log (`common.models.Change`) for each. A million
figures cost one line: the number from which on their revisions, which are kept anyway, are counted.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db import connection

from portal.shown import FIGURES, NAMING, RESULTS, REVISIONS, SHOWN, Shown

LOG = "common_change"
NOTE = "PERFORM public.note_change"
RESET = f"{NOTE}('reset', NULL, NULL);"
EVENTS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS rows_now",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_now",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS rows_before",
    "truncate": "AFTER TRUNCATE ON {table}",
    "revise": "BEFORE INSERT ON {table}",
}
CHANGED = "rows_before JOIN rows_now USING (id) WHERE rows_before IS DISTINCT FROM rows_now"
BOTH = f"(SELECT rows_before.* FROM {CHANGED} UNION ALL SELECT rows_now.* FROM {CHANGED})"  # noqa: S608

# A database that was put back into another PostgreSQL has lines of transactions that are still to come.
FORGET = f"DELETE FROM {LOG} WHERE transaction >= pg_snapshot_xmax(pg_current_snapshot())"  # noqa: S608

Body = dict[str, str]
"""What is done, by event."""


def follow_published_tables(**kwargs: Any) -> None:
    """Gives the tables their triggers; after every migration, so that the triggers are those of this code."""
    tables = set(connection.introspection.table_names())
    if LOG not in tables:  # the log's own migration is undone
        return
    known = _triggers()
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        for shown in SHOWN:
            if shown.key == "this.id" and shown.table in tables:
                cursor.execute(_id_function(shown))
        for table, body in bodies().items():
            if table not in tables:
                continue
            cursor.execute(_trigger_function(table, body))
            for event in body.keys() - known.get(table, set()):
                cursor.execute(
                    f"CREATE TRIGGER follow_{event} {EVENTS[event].format(table=table)} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION follow_{table}()"
                )


def bodies() -> dict[str, Body]:
    """By table: what is noted at each event."""
    found: dict[str, Body] = {}
    for table, shown in groupby(SHOWN, key=lambda each: each.table):
        found[table] = _row_by_row(list(shown))
    for table, columns in NAMING.items():
        found[table] = {"update": _check(columns), "truncate": RESET}
    for table, name in RESULTS.items():
        found[table] = _kpi_by_kpi(name)
    found[FIGURES.table] = {"delete": _gone(FIGURES, FIGURES.name), "truncate": RESET}
    found[REVISIONS] = {"revise": _next_revision()}
    return found


def _row_by_row(shown: list[Shown]) -> Body:
    """Database keys of the rows that are touched; of those that were there before, ids too."""
    fixed = [column for each in shown for column in each.fixed]
    under = [_gone(each, name) for each in shown for name in each.under]
    return {
        "insert": " ".join(_note(each, "rows_now", ids="'{}'") for each in shown),
        "update": _check(fixed) + " ".join(_note(each, BOTH) for each in shown),
        "delete": " ".join([*(_note(each, "rows_before") for each in shown), *under]),
        "truncate": RESET,
    }


def _kpi_by_kpi(name: str) -> Body:
    """The keys of the KPIs whose results are touched."""
    before, now = (
        f"{NOTE}('{name}', array_agg(DISTINCT kpi_id), '{{}}') FROM {rows};"
        for rows in ("rows_before", "rows_now")
    )
    return {"insert": now, "update": before + now, "delete": before, "truncate": RESET}


def _next_revision() -> str:
    """The first number that revisions of the statement that begins may have."""
    return (
        f"{NOTE}('{FIGURES.name}', ARRAY[last_value + is_called::integer], '{{}}') "
        f"FROM public.{REVISIONS}_id_seq;"
    )


def _note(shown: Shown, rows: str, *, ids: str = "") -> str:
    found = ids or f"array_agg(DISTINCT {shown.id})"
    return f"{NOTE}('{shown.name}', array_agg(DISTINCT {shown.key}), {found}) FROM {rows} this {shown.joins};"


def _gone(shown: Shown, name: str) -> str:
    """The ids alone, in the list of that name."""
    return f"{NOTE}('{name}', NULL, array_agg({shown.id})) FROM rows_before this {shown.joins};"


def _check(fixed: Iterable[str]) -> str:
    """That none of the columns was changed."""
    columns = sorted(set(fixed))
    if not columns:
        return ""
    before, now = (", ".join(f"{rows}.{name}" for name in columns) for rows in ("rows_before", "rows_now"))
    renamed = f"rows_before JOIN rows_now USING (id) WHERE ROW({before}) IS DISTINCT FROM ROW({now})"
    return f"IF EXISTS (SELECT FROM {renamed}) THEN {RESET} END IF; "


def _trigger_function(table: str, body: Body) -> str:
    """PostgreSQL plans a branch when it is first taken: each knows its own rows."""
    branches = " ELSIF ".join(
        f"TG_NAME = 'follow_{event}' THEN {statements}" for event, statements in body.items()
    )
    return (
        f"CREATE OR REPLACE FUNCTION follow_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$ "
        f"BEGIN IF {branches} END IF; RETURN NULL; END $body$"
    )


def _id_function(shown: Shown) -> str:
    """The id of a row of the list that is there, by its database key."""
    found = f"SELECT {shown.id} FROM public.{shown.table} this {shown.joins} WHERE this.id = key"  # noqa: S608
    return (
        f"CREATE OR REPLACE FUNCTION id_in_{shown.name.replace('-', '_')}(key bigint) RETURNS text "
        f"LANGUAGE sql STABLE AS $body$ {found} $body$"
    )


def _triggers() -> dict[str, set[str]]:
    """The events that are followed, by table."""
    statement = """
        SELECT tgrelid::regclass::text, array_agg(substr(tgname, 8)) FROM pg_trigger
        WHERE tgname LIKE 'follow\\_%' AND NOT tgisinternal GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {table: set(events) for table, events in cursor.fetchall()}
