"""The one door by which figures are published: observation, revision and outbox in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import User
from indicators.models import Upload
from indicators.services.advancing import Share, silent
from indicators.services.copying import copy_rows, prepare_for_many_rows
from indicators.services.pausing import current_pause

Parameters = Mapping[str, str | int | dt.datetime | dt.date | None]


class Figure(NamedTuple):
    """A figure on its way to publication: ids of its series' parts, its period, and where it comes from."""

    indicator_id: int
    territory_id: int
    breakdown_id: int
    source_id: int
    frequency: str
    period_start: dt.date
    value: Decimal | None
    status: str
    origin: str
    entry_id: int | None = None
    reason: str = ""
    upload_id: int | None = None
    """The upload that it comes from, where that is not the one being published."""


# Of the time that publishing takes, measured with a million figures.
SHARE_FILLED, SHARE_COMPARED, SHARE_REVISED, SHARE_ADDED, SHARE_CHANGED = 0.1, 0.25, 0.65, 0.95, 0.98


class Published(NamedTuple):
    """How many figures were new, changed and left as they were."""

    new: int
    changed: int
    unchanged: int


class OvertakenError(Exception):
    """What is published is no longer what the figures were compared with."""


class PublishingPausedError(Exception):
    """Something would be published while an administrator has paused publishing; the text says why."""


class ReasonRequiredError(Exception):
    """A published figure was to be changed without saying why."""


STAGE = """
CREATE TEMPORARY TABLE incoming (
    indicator_id bigint, territory_id bigint, breakdown_id bigint, source_id bigint, frequency varchar(1),
    period_start date, value numeric, status varchar(1), origin text, entry_id bigint, reason text,
    upload_id bigint, is_new boolean, old_value numeric, old_status varchar(1)
) ON COMMIT DROP
"""

ADD_SERIES = """
INSERT INTO indicators_series (indicator_id, territory_id, breakdown_id, source_id, frequency)
SELECT DISTINCT indicator_id, territory_id, breakdown_id, source_id, frequency FROM incoming
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT DO NOTHING
"""

# The figures by their series' ids: analysed, this joins well however old the statistics of other tables are.
KEY = """
CREATE TEMPORARY TABLE keyed ON COMMIT DROP AS
SELECT series.id AS series_id, period_start, value, status, origin, entry_id, reason, upload_id, is_new,
       old_value, old_status
FROM incoming
JOIN indicators_series series USING (indicator_id, territory_id, breakdown_id, source_id, frequency)
"""

# Publishers of the same series wait for one another, in the order of ids, so that none deadlocks.
LOCK_SERIES = """
SELECT count(*) FROM (
    SELECT id FROM indicators_series WHERE id IN (SELECT series_id FROM keyed)
    ORDER BY id FOR NO KEY UPDATE
) locked
"""

# What is published is looked up figure by figure, by its key: joined in one go, all that was ever published
# would be read for a small part of it.
PUBLISHED = """
LEFT JOIN LATERAL (
    SELECT * FROM indicators_observation
    WHERE series_id = keyed.series_id AND period_start = keyed.period_start LIMIT 1
) published ON true
"""

COMPARE = f"""
CREATE TEMPORARY TABLE difference ON COMMIT DROP AS
SELECT keyed.series_id, keyed.period_start, keyed.value, keyed.status, keyed.origin, keyed.entry_id,
       keyed.upload_id, published.series_id IS NULL AS is_new,
       CASE WHEN published.series_id IS NULL THEN ''
            ELSE coalesce(nullif(keyed.reason, ''), %(reason)s) END AS reason
FROM keyed
{PUBLISHED}
WHERE published.series_id IS NULL
   OR (published.value, published.status) IS DISTINCT FROM (keyed.value, keyed.status)
"""  # noqa: S608 - all parts are constants

OVERTAKEN = f"""
SELECT EXISTS (
    SELECT FROM keyed
    {PUBLISHED}
    WHERE (published.value, coalesce(published.status, ''))
          IS DISTINCT FROM (keyed.old_value, keyed.old_status)
)
"""  # noqa: S608 - all parts are constants

# What was compared before, and is still as it was then, is not compared again: `is_new` came in with it.
TRUST = """
CREATE TEMPORARY TABLE difference ON COMMIT DROP AS
SELECT series_id, period_start, value, status, origin, entry_id, upload_id, is_new,
       CASE WHEN is_new THEN '' ELSE coalesce(nullif(reason, ''), %(reason)s) END AS reason
FROM keyed
WHERE is_new IS NOT NULL
"""

COUNT = """
SELECT (SELECT count(*) FROM incoming), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new),
       count(*) FILTER (WHERE NOT is_new AND reason = '')
FROM difference
"""

REVISE = """
INSERT INTO indicators_observationrevision
    (series_id, period_start, value, status, origin, entry_id,
     recorded_at, user_id, upload_id, reason, released_on)
SELECT series_id, period_start, value, status, origin, entry_id,
       %(at)s, %(user)s, coalesce(upload_id, %(upload)s), reason, %(released_on)s
FROM difference ORDER BY series_id, period_start
"""

# The series are locked: nobody else adds figures to them, and so no figure can be added twice.
ADD = """
INSERT INTO indicators_observation (series_id, period_start, value, status, published_at)
SELECT series_id, period_start, value, status, %(at)s FROM difference WHERE is_new
ORDER BY series_id, period_start
"""

CHANGE = """
UPDATE indicators_observation published
SET value = difference.value, status = difference.status, published_at = %(at)s
FROM difference
WHERE (published.series_id, published.period_start) = (difference.series_id, difference.period_start)
  AND NOT difference.is_new
"""

TOUCH = """
INSERT INTO indicators_touchedseries (series_id, touched_at)
SELECT DISTINCT series_id, %(at)s::timestamptz FROM difference
"""

TELL = """
INSERT INTO indicators_untoldfigures
    (indicator_id, is_new, figures, first_period, last_period, published_at)
SELECT indicator_id, is_new, count(*), min(period_start), max(period_start), %(at)s::timestamptz
FROM difference JOIN indicators_series series ON series.id = series_id
GROUP BY indicator_id, is_new
"""


def publish(
    figures: Iterable[Figure],
    *,
    reason: str = "",
    at: dt.datetime | None = None,
    user: User | None = None,
    upload: Upload | None = None,
    released_on: dt.date | None = None,
) -> Published:
    """Publishes the figures: one per series and period, in any order, all or none.

    What is already published as it comes in is left alone. A change of a published figure needs a reason, its
    own or the general one, else `ReasonRequiredError` is raised and nothing is published. Each series that
    changes is put in the outbox. While publishing is paused, `PublishingPausedError` is raised unless nothing
    is new or changes.
    """

    def fill(cursor: CursorWrapper) -> None:
        copy_rows("incoming", Figure._fields, figures)

    return _publish(fill, _parameters(reason, at, user, upload, released_on))


def publish_selected(
    statement: str,
    arguments: Parameters,
    *,
    reason: str = "",
    user: User | None = None,
    upload: Upload | None = None,
    is_compared: bool = False,
    report: Share = silent,
) -> Published:
    """Publishes figures that lie in the database already, as `publish` does, without fetching them.

    The statement inserts into `incoming`, whose columns are those of `Figure`. Figures that were compared
    before come with what they were compared with (`old_value`, `old_status`, empty where there was nothing)
    and with the result (`is_new`, NULL where nothing changes). They are not compared again; but where other
    figures are published by now, `OvertakenError` is raised and nothing is published.
    """

    def fill(cursor: CursorWrapper) -> None:
        cursor.execute(statement, arguments)

    released_on = upload.released_on if upload else None
    return _publish(
        fill, _parameters(reason, None, user, upload, released_on), report, is_compared=is_compared
    )


def _parameters(
    reason: str,
    at: dt.datetime | None,
    user: User | None,
    upload: Upload | None,
    released_on: dt.date | None,
) -> Parameters:
    return {
        "at": at or timezone.now(),
        "user": user.pk if user else None,
        "upload": upload.pk if upload else None,
        "reason": reason,
        "released_on": released_on,
    }


def _publish(
    fill: Callable[[CursorWrapper], None],
    parameters: Parameters,
    report: Share = silent,
    *,
    is_compared: bool = False,
) -> Published:
    """Works out the difference between what `fill` brings in and what is published, and publishes it."""
    with transaction.atomic(), connection.cursor() as cursor:
        prepare_for_many_rows()
        cursor.execute("DROP TABLE IF EXISTS incoming, keyed, difference")
        cursor.execute(STAGE)
        fill(cursor)
        cursor.execute("ANALYZE incoming")
        report(SHARE_FILLED)
        for statement in (ADD_SERIES, KEY, "ANALYZE keyed", LOCK_SERIES):
            cursor.execute(statement, parameters)
        if is_compared and _is_so(cursor, OVERTAKEN):
            raise OvertakenError
        for statement in (TRUST if is_compared else COMPARE, COUNT):
            cursor.execute(statement, parameters)
        total, new, changed, unexplained = cursor.fetchone()
        if unexplained:
            raise ReasonRequiredError
        if (new or changed) and (pause := current_pause()):
            raise PublishingPausedError(pause.reason)
        report(SHARE_COMPARED)
        steps = ((REVISE, SHARE_REVISED), (ADD, SHARE_ADDED), (CHANGE, SHARE_CHANGED))
        for statement, done in (*steps, (TOUCH, 1.0), (TELL, 1.0)):
            cursor.execute(statement, parameters)
            report(done)
    return Published(new, changed, total - new - changed)


def _is_so(cursor: CursorWrapper, question: str) -> bool:
    cursor.execute(question)
    return bool(cursor.fetchone()[0])
