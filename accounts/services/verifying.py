"""Is the audit trail as it was written? Every hash is computed anew, by the formula below and not by what
the database says its formula is; it must agree with the one in migration 0008.

Of an event of which words were erased, the hash cannot be computed any more. The next event still holds to
it, and what is left of its content, with that hash, must give what the erasing event claims of it."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

GUARDS = {"audit_events_wait", "audit_events_are_sealed", "audit_events_stay", "audit_is_append_only"}
GENESIS = "0" * 64

FIRST_FAULT = """
WITH contents AS (
    SELECT number, at, hash, previous_hash, salt, erased_in_id,
        lag(number) OVER chain AS before, lag(hash) OVER chain AS hash_before,
        jsonb_build_array(
            previous_hash, number, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            user_id, action, subject, label, organisation_id, territory_id, reason, details, channel,
            host(address)
        ) AS content
    FROM accounts_auditevent WHERE number BETWEEN %(since)s - 1 AND %(last)s
    WINDOW chain AS (ORDER BY number)
), links AS (
    SELECT contents.*, encode(sha256(convert_to((content || CASE
        WHEN erased_in_id IS NOT NULL THEN jsonb_build_array(hash)
        WHEN salt IS NOT NULL THEN jsonb_build_array(salt)
        ELSE '[]'
    END)::text, 'UTF8')), 'hex') AS computed, CASE WHEN erased_in_id IS NULL THEN hash ELSE (
        SELECT erasure.details -> 'events' ->> contents.number::text FROM accounts_auditevent erasure
        WHERE erasure.id = contents.erased_in_id AND erasure.number > contents.number
          AND erasure.action = 'user.erased'
    ) END AS claimed
    FROM contents
)
SELECT number, at, before, computed = claimed FROM links
WHERE number >= %(since)s AND (
    number IS DISTINCT FROM coalesce(before, 0) + 1
    OR computed IS DISTINCT FROM claimed
    OR previous_hash IS DISTINCT FROM coalesce(hash_before, %(genesis)s)
)
ORDER BY number LIMIT 1
"""


class Fault(NamedTuple):
    """The first broken link: the event's number and moment (where it has them), and what is wrong."""

    number: int | None
    at: dt.datetime | None
    what: str


@dataclass(frozen=True)
class Verdict:
    """How many events were verified, the hash of the last one, and what is broken."""

    count: int
    head: str
    fault: Fault | None


def verify_audit(*, since: int = 1, head: str | None = None) -> Verdict:
    """Verifies the chain from the event number `since` to its end; what comes before is taken on trust.

    `head`: a hash noted earlier. If it is no longer in the chain, the end was cut off or rewritten.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, hash FROM accounts_auditevent WHERE number IS NOT NULL "
            "ORDER BY number DESC LIMIT 1"
        )
        last, hash_ = cursor.fetchone() or (0, GENESIS)
        fault = _broken_link(cursor, since, last) or _cut(cursor, head, last) or _unguarded(cursor)
    return Verdict(max(0, last - since + 1), hash_, fault)


def _broken_link(cursor: CursorWrapper, since: int, last: int) -> Fault | None:
    cursor.execute(FIRST_FAULT, {"since": since, "last": last, "genesis": GENESIS})
    if row := cursor.fetchone():
        return Fault(row[0], row[1], _diagnosis(*row))
    cursor.execute("SELECT at FROM accounts_auditevent WHERE number IS NULL ORDER BY id LIMIT 1")
    if row := cursor.fetchone():
        return Fault(None, row[0], "forged: it was written past the chain and has no place in it")
    return None


def _diagnosis(number: int, _at: dt.datetime, before: int | None, is_itself: bool | None) -> str:
    missing = number - (before or 0) - 1
    if missing == 1:
        return f"missing before it: event {number - 1} was removed"
    if missing > 1:
        return f"missing before it: events {number - missing} to {number - 1} were removed"
    if not is_itself:
        return "altered: its content does not give its hash"
    return f"forged: it does not continue event {number - 1}, which was rewritten together with its hash"


def _cut(cursor: CursorWrapper, head: str | None, last: int) -> Fault | None:
    if head in {None, GENESIS}:
        return None
    cursor.execute("SELECT 1 FROM accounts_auditevent WHERE hash = %s LIMIT 1", [head])
    if cursor.fetchone():
        return None
    return Fault(last, None, f"missing after it: no event has the hash {head} that was noted")


def _unguarded(cursor: CursorWrapper) -> Fault | None:
    cursor.execute(
        "SELECT tgname FROM pg_trigger "
        "WHERE tgrelid = 'accounts_auditevent'::regclass AND tgenabled IN ('O', 'A')"
    )
    if missing := GUARDS - {name for (name,) in cursor.fetchall()}:
        return Fault(
            None, None, f"unguarded: these triggers are gone or disabled: {', '.join(sorted(missing))}"
        )
    return None
