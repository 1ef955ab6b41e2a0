"""The audit trail as a file from which anybody can compute its hashes anew (docs/audit.md)."""

import csv
import datetime as dt
import io
from collections.abc import Iterator

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import AuditEvent
from common.formats import guarded

COLUMNS = {
    "number": "number",
    "at": "at",
    "user": "user__email",
    "user_id": "user_id",
    "action": "action",
    "subject": "subject",
    "label": "label",
    "organisation": "organisation__code",
    "organisation_id": "organisation_id",
    "territory": "territory__code",
    "territory_id": "territory_id",
    "reason": "reason",
    "details": "details_text",
    "channel": "channel",
    "address": "address",
    "salt": "salt",
    "erased_in": "erased_in__number",
    "previous_hash": "previous_hash",
    "hash": "hash",
}
ROWS_AT_ONCE = 2_000


def audit_csv(events: QuerySet[AuditEvent]) -> Iterator[bytes]:
    """The events in the order of the chain, as CSV in UTF-8 with the mark by which Excel knows it.

    Text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    yield "\ufeff".encode()
    rows = events.annotate(details_text=Cast("details", TextField())).order_by("number")
    for count, row in enumerate(rows.values_list(*COLUMNS.values()).iterator(ROWS_AT_ONCE), start=1):
        writer.writerow(map(_cell, row))
        if count % ROWS_AT_ONCE == 0:
            yield _taken(text)
    yield _taken(text)


def _cell(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return guarded(value) if isinstance(value, str) else value


def _taken(text: io.StringIO) -> bytes:
    chunk = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return chunk
