"""How old what each programme shows is."""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from programmes.codes import NUMBER_OF, StandingCode

logger = logging.getLogger(__name__)

KEPT_SECONDS = 600
KEY = "freshness"
# The series on which standings rest, not every series of the indicators: those of other places and sources
# say nothing about the promises.
FRESHNESS = """
WITH resting AS MATERIALIZED (
    SELECT kpi.programme_id, standing.kpi_id, standing.series_id, standing.standing
    FROM programmes_standing standing JOIN programmes_kpi kpi ON kpi.id = standing.kpi_id
), latest AS (
    SELECT programme_id, max(newest.published_at) AS published_at
    FROM (SELECT DISTINCT programme_id, series_id FROM resting WHERE series_id IS NOT NULL) used
    CROSS JOIN LATERAL (
        SELECT max(published_at) AS published_at FROM indicators_observation
        WHERE series_id = used.series_id
    ) newest
    GROUP BY programme_id
)
SELECT programme.code, latest.published_at,
       count(DISTINCT kpi_id) FILTER (WHERE standing = %(stale)s),
       count(DISTINCT kpi_id) FILTER (WHERE standing = %(no_data)s)
FROM programmes_programme programme
LEFT JOIN resting ON resting.programme_id = programme.id
LEFT JOIN latest ON latest.programme_id = programme.id
GROUP BY programme.code, latest.published_at ORDER BY programme.code
"""


@dataclass(frozen=True)
class Freshness:
    """A programme's code, when a figure was last published on which one of its standings rests, and how many
    of its KPIs stand somewhere on figures that are too old, or on none."""

    programme: str
    published_at: dt.datetime | None
    overdue: int
    without_data: int


def freshness() -> list[Freshness]:
    """Every programme, by its code; worked out at most every ten minutes. Raises DatabaseError."""
    try:
        rows = cache.get(KEY)
        if rows is None:
            cache.set(KEY, rows := _asked(), KEPT_SECONDS)
    except RedisError:
        logger.warning("Redis does not answer: freshness is worked out each time")
        rows = _asked()
    return [Freshness(*row) for row in rows]


def _asked() -> list[tuple[Any, ...]]:
    codes = {"stale": NUMBER_OF[StandingCode.STALE], "no_data": NUMBER_OF[StandingCode.NO_DATA]}
    with connection.cursor() as cursor:
        cursor.execute(FRESHNESS, codes)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
