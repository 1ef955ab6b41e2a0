"""The portal of an earlier day: figures and targets as they were known then, and what followed from them.

Within `as_of` the tables of figures and results are hidden, on this connection and in this transaction
alone, behind temporary ones of the same names, which PostgreSQL looks for first. Every query, filter and
page then reads that day's state without knowing of it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from indicators.models import Observation, ObservationRevision
from programmes.models import RESULTS, Kpi
from programmes.services.recomputing import write_results

HIDDEN = [model._meta.db_table for model in (ObservationRevision, Observation, *RESULTS)]

# A figure is known from the day on which its source released it, where that is recorded, else from the day
# on which it was published here.
REVISIONS = """
INSERT INTO indicators_observationrevision
SELECT revision.* FROM public.indicators_observationrevision revision
WHERE coalesce(released_on, (recorded_at AT TIME ZONE %(zone)s)::date) <= %(day)s AND series_id IN (
    SELECT series.id FROM programmes_kpi kpi
    JOIN indicators_indicator indicator ON indicator.id = kpi.indicator_id
    JOIN indicators_series series ON (series.breakdown_id = kpi.breakdown_id OR %(is_broken_down)s)
        AND series.indicator_id IN (indicator.id, indicator.numerator_id, indicator.denominator_id)
    WHERE kpi.id = ANY(%(kpis)s)
)
"""

OBSERVATIONS = """
INSERT INTO indicators_observation (series_id, period_start, value, status, published_at)
SELECT DISTINCT ON (series_id, period_start) series_id, period_start, value, status, recorded_at
FROM indicators_observationrevision
ORDER BY series_id, period_start,
    coalesce(released_on, (recorded_at AT TIME ZONE %(zone)s)::date) DESC, id DESC
"""


class DayToComeError(Exception):
    """Nobody knows yet what will be known on that day."""


@contextmanager
def as_of(day: dt.date, kpis: models.QuerySet[Kpi], *, is_broken_down: bool = False) -> Iterator[None]:
    """Within it, the KPIs' figures and results are those known at the end of the day; nothing is written.

    Figures are those of the KPI's own breakdown; with `is_broken_down` those of every other one too.
    Raises `DayToComeError`. It needs the primary database: a replica lets nobody make temporary tables.
    """
    if day > timezone.localdate():
        raise DayToComeError
    ids = list(kpis.values_list("pk", flat=True))
    parameters: dict[str, str | bool | dt.date | list[int]] = {
        "zone": settings.TIME_ZONE, "day": day, "kpis": ids, "is_broken_down": is_broken_down,
    }  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in HIDDEN:
                cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING INDEXES)")
            for statement in (REVISIONS, OBSERVATIONS):
                cursor.execute(statement, parameters)
        write_results(ids, day)
        yield
        transaction.set_rollback(True)
