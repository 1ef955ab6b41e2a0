"""Keeps what can be found in step with the content, whatever changed it: a load, the admin, a job.

Nobody has to remember to tell the search: a sweep compares a fingerprint of the tables with that of the last
build, and builds anew where they differ. A reader sees the old entries or the new ones.
"""

from django.db import connection, transaction

from cities.models import Territory, TerritoryAlias, TerritoryGroup
from common.folding import VERSION
from indicators.models import Indicator, Unit
from indicators.services.copying import copy_rows
from portal.models import SearchBuild, SearchEntry
from portal.services.collecting import Entry, entries
from programmes.models import Discrepancy, Goal, Kpi, LegalAct, Measure, Programme

SOURCES = (
    Programme, Goal, Kpi, Measure, Discrepancy, LegalAct,
    Indicator, Unit, Territory, TerritoryAlias, TerritoryGroup,
)  # fmt: skip
TABLE = SearchEntry._meta.db_table
SHORTEST = 3
"""Letters of the shortest word that another may be a mistyping of."""
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('portal.search'))"
COLUMNS, CONTENT = ", ".join(Entry._fields), Entry._fields[3:]
OLD, NEW = (", ".join(f"{row}.{column}" for column in CONTENT) for row in ("old", "excluded"))
REMOVE = f"""
DELETE FROM {TABLE} old WHERE NOT EXISTS (
    SELECT FROM search_next next
    WHERE (next.kind, next.programme, next.code) = (old.kind, old.programme, old.code)
)
"""  # noqa: S608 - names of our own
CHANGE = f"""
INSERT INTO {TABLE} AS old ({COLUMNS}) SELECT {COLUMNS} FROM search_next
ON CONFLICT (kind, programme, code) DO UPDATE SET ({", ".join(CONTENT)}) = ({NEW})
WHERE ({OLD}) IS DISTINCT FROM ({NEW})
"""  # noqa: S608 - names of our own
WORDS = f"""
WITH words AS (SELECT DISTINCT unnest(string_to_array(words, ' ')) AS word FROM {TABLE}),
kept AS (SELECT word FROM words WHERE length(word) >= {SHORTEST}),
removed AS (DELETE FROM portal_searchword old WHERE NOT EXISTS (SELECT FROM kept WHERE kept.word = old.word))
INSERT INTO portal_searchword (word) SELECT word FROM kept ON CONFLICT DO NOTHING
"""  # noqa: S608 - names of our own


def refresh_search() -> bool:
    """Builds the entries anew where the content has changed since they were built; says whether it did.

    Two at once are one: the second leaves the work to the first.
    """
    with transaction.atomic():
        if not _is_alone():
            return False
        found = fingerprint()
        if SearchBuild.objects.filter(fingerprint=found).exists():
            return False
        count = rebuild()
        SearchBuild.objects.update_or_create(id=1, defaults={"fingerprint": found, "entries": count})
    return True


def fingerprint() -> str:
    """A text that differs whenever any row of the content does, or the rules of folding."""
    parts = " UNION ALL ".join(
        f"SELECT {number}, sum(hashtextextended(row::text, 0)) FROM {model._meta.db_table} row"  # noqa: S608
        for number, model in enumerate(SOURCES)
    )
    statement = (
        "SELECT md5(string_agg(coalesce(part.sum::text, ''), ',' ORDER BY number)) "  # noqa: S608 - own names
        f"FROM ({parts}) part (number, sum)"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone()
    return f"{VERSION}:{found}"


@transaction.atomic
def rebuild() -> int:
    """Makes the entries agree with the content; returns how many there are. What stays is not written."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE search_next (LIKE {TABLE}) ON COMMIT DROP")
        cursor.execute("ALTER TABLE search_next DROP COLUMN id")
        count = copy_rows("search_next", Entry._fields, entries())
        cursor.execute("ANALYZE search_next")
        cursor.execute(REMOVE)
        cursor.execute(CHANGE)
        cursor.execute(WORDS)
        cursor.execute("DROP TABLE search_next")
    return count


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        return bool(cursor.fetchone()[0])
