"""Notes which promises stand otherwise than before, whatever changed them: figures, targets, a new day.

Results are rebuilt, not updated, so nothing that computes them knows what they replace. A sweep compares them
with those that it noted last; what was never compared before is no change.
"""

from django.db import connection, transaction
from django.utils import timezone

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('portal.standings'))"
# Asked first: to write nothing would still count as a change of public data.
DIFFERS = """
SELECT EXISTS (
    SELECT FROM programmes_standing now FULL JOIN portal_notedstanding noted USING (kpi_id, territory_id)
    WHERE noted.standing IS DISTINCT FROM now.standing
)
"""
# The outbox of the webhooks is written with them.
CHANGES = """
WITH changed AS (
INSERT INTO portal_standingchange (kpi_id, territory_id, before, after, year, actual, noted_at)
SELECT now.kpi_id, now.territory_id, noted.standing, now.standing, now.year, now.actual, %s
FROM programmes_standing now JOIN portal_notedstanding noted USING (kpi_id, territory_id)
WHERE noted.standing <> now.standing
RETURNING id)
INSERT INTO portal_untoldchange (change_id) SELECT id FROM changed
"""
NOTE = """
INSERT INTO portal_notedstanding AS noted (kpi_id, territory_id, standing)
SELECT now.kpi_id, now.territory_id, now.standing
FROM programmes_standing now LEFT JOIN portal_notedstanding noted USING (kpi_id, territory_id)
WHERE noted.standing IS DISTINCT FROM now.standing
    AND EXISTS (SELECT FROM programmes_kpi kpi WHERE kpi.id = now.kpi_id)
ON CONFLICT (kpi_id, territory_id) DO UPDATE SET standing = excluded.standing
"""
FORGET = """
DELETE FROM portal_notedstanding noted WHERE NOT EXISTS (
    SELECT FROM programmes_standing now
    WHERE (now.kpi_id, now.territory_id) = (noted.kpi_id, noted.territory_id)
)
"""


@transaction.atomic
def note_standings() -> int:
    """Notes what has changed since the last time; returns how many standings did. Two at once are one.

    What has no standing any more is forgotten.
    """
    with connection.cursor() as cursor:
        for question in (LOCK, DIFFERS):
            cursor.execute(question)
            if not cursor.fetchone()[0]:
                return 0
        cursor.execute(CHANGES, [timezone.now()])
        count: int = cursor.rowcount
        cursor.execute(NOTE)
        cursor.execute(FORGET)
    return count
