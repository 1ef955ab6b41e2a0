"""Recomputes progress: gathers figures and promises, lets `programmes.progress` calculate, writes tables."""

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from common.clock import database_now
from indicators.services.copying import Column, copy_columns
from programmes.fields import WordField
from programmes.models import (
    RESULTS,
    Forecast,
    GroupProgress,
    GroupStanding,
    Kpi,
    KpiRollup,
    Progress,
    ProgressDigest,
    Standing,
    TouchedIndicator,
    TouchedKpi,
)
from programmes.models.progress import Judgement
from programmes.progress import METHOD, compute
from programmes.services.alarming import tell_administrators
from programmes.services.digesting import digests_of
from programmes.services.gathering import gather

logger = logging.getLogger(__name__)

BATCH = 500
FIRST_WAIT = dt.timedelta(seconds=5)
ATTEMPTS = 5
"""Times that a KPI which fails is tried before it waits for an administrator."""

# The KPIs that use the indicator and breakdown of a series, or of which it is a part of the ratio; and the
# indicators, whose quality is checked afterwards.
TOUCH = """
WITH touched AS (DELETE FROM indicators_touchedseries RETURNING series_id), to_check AS (
    INSERT INTO programmes_touchedindicator (indicator_id, touched_at)
    SELECT DISTINCT series.indicator_id, now()
    FROM touched JOIN indicators_series series ON series.id = touched.series_id
)
INSERT INTO programmes_touchedkpi (kpi_id, touched_at, not_before, attempts, error)
SELECT DISTINCT kpi.id, now(), now(), 0, ''
FROM touched
JOIN indicators_series series ON series.id = touched.series_id
JOIN indicators_indicator indicator
    ON series.indicator_id IN (indicator.id, indicator.numerator_id, indicator.denominator_id)
JOIN programmes_kpi kpi ON kpi.indicator_id = indicator.id AND kpi.breakdown_id = series.breakdown_id
"""


def recompute(kpis: Collection[int] | None = None, today: dt.date | None = None) -> int:
    """Recomputes the KPIs (all of them by default) as of the day, each batch in one transaction.

    Readers see a KPI's old results or its new ones, never half. Returns the number of KPIs recomputed.
    """
    ids = sorted(kpis) if kpis is not None else list(Kpi.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = lock(ids[start : start + BATCH])
            for model in RESULTS:
                model._default_manager.filter(kpi__in=batch).delete()
            write_results(batch, today or timezone.localdate())
    return len(ids)


def lock(kpis: Sequence[int]) -> list[int]:
    """Waits until nobody else computes any of the KPIs, until the transaction ends; returns those that exist.

    What was published before is seen by whoever reads afterwards.
    """
    rows = Kpi.objects.filter(pk__in=kpis).order_by("pk").select_for_update(no_key=True)
    return list(rows.values_list("pk", flat=True))


def write_results(kpis: list[int], today: dt.date, suffix: str = "") -> int:
    """Computes the KPIs and adds their results to the tables, whose names end in the suffix.

    Returns the rows of progress written.
    """
    moment = database_now()
    inputs, series = gather(kpis, today)
    results = compute(inputs, today)
    standings = results.standings.merge(series.astype("int64"), on=["kpi", "territory"], how="left")
    frames: dict[type[models.Model], pd.DataFrame] = {
        Progress: results.progress,
        Standing: standings,
        Forecast: results.forecasts,
        KpiRollup: results.rollups,
        GroupProgress: results.group_progress,
        GroupStanding: results.group_standings,
    }
    for model, frame in frames.items():
        stamped = frame.assign(method=METHOD, computed_at=moment) if issubclass(model, Judgement) else frame
        fields = model._meta.concrete_fields
        columns = {str(field.column): _column(field, stamped[field.name]) for field in fields}
        copy_columns(f"{model._meta.db_table}{suffix}", columns)
        if model is Progress:
            copy_columns(f"{ProgressDigest._meta.db_table}{suffix}", digests_of(columns))
    return len(results.progress)


def _column(field: "models.Field[Any, Any]", values: "pd.Series[Any]") -> Column:
    """A column of results in the type of the table's."""
    column: Column
    match field:
        case WordField():
            column = values.cat.codes.to_numpy("int16")
        case models.SmallIntegerField():
            column = _whole(values, "int16")
        case models.ForeignKey():
            column = _whole(values, "int64")
        case models.CharField():
            column = values.to_numpy("S")
        case models.DateTimeField():
            column = values.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
        case _:
            column = values.to_numpy("float64")
    return column


def _whole(values: "pd.Series[Any]", kind: str) -> Column:
    """Whole numbers, of which some may be missing."""
    numbers = values.to_numpy("float64")
    gaps = np.isnan(numbers)
    return np.ma.array(np.where(gaps, 0, numbers).astype(kind), mask=gaps)


def touch(kpis: models.QuerySet[Kpi]) -> None:
    """Puts the KPIs and their indicators in the outboxes: their promises have changed."""
    indicators = kpis.order_by("indicator").values_list("indicator", flat=True).distinct()
    TouchedIndicator.objects.bulk_create(TouchedIndicator(indicator_id=pk) for pk in indicators)
    TouchedKpi.objects.bulk_create(TouchedKpi(kpi_id=pk) for pk in kpis.values_list("pk", flat=True))


def waiting() -> models.QuerySet[TouchedKpi]:
    """What will be recomputed without anybody's help."""
    return TouchedKpi.objects.filter(attempts__lt=ATTEMPTS)


def failing() -> models.QuerySet[TouchedKpi]:
    """What has failed too often and waits for an administrator."""
    return TouchedKpi.objects.filter(attempts__gte=ATTEMPTS).order_by("pk")


def try_again() -> int:
    """Lets what has failed too often be tried once more from the beginning; returns how many."""
    return failing().update(attempts=0, not_before=Now())


def drain_outbox() -> int:
    """Recomputes the KPIs touched since the last time; returns how many.

    The outbox rows go in the transaction that writes the results: a worker that dies leaves them for the
    next. Rows that another worker holds are left to it. KPIs that fail are tried one by one, so that none
    holds up the others.
    """
    with connection.cursor() as cursor:
        cursor.execute(TOUCH)
    drained = 0
    while found := _drain(BATCH):
        drained += found
    return drained


def _drain(size: int) -> int:
    """Recomputes up to so many waiting KPIs; returns how many it took on."""
    due = waiting().filter(not_before__lte=Now())
    touched: dict[int, int] = {}
    try:
        with transaction.atomic():
            rows = due.select_for_update(skip_locked=True).order_by("pk")[:size]
            touched.update(rows.values_list("pk", "kpi_id"))
            recompute(set(touched.values()))
            TouchedKpi.objects.filter(pk__in=touched).delete()
    except Exception as error:
        if not touched:
            raise
        if size > 1:
            return sum(_drain(1) for _ in touched)
        _give_up_for_now(next(iter(touched)), error)
    return len(touched)


def _give_up_for_now(pk: int, error: Exception) -> None:
    """Notes the error and tries again later, each time twice as much; at last administrators are told."""
    row = TouchedKpi.objects.select_related("kpi__programme").get(pk=pk)
    row.attempts, row.error = row.attempts + 1, repr(error)
    row.not_before = database_now() + FIRST_WAIT * 2**row.attempts
    row.save()
    name = f"{row.kpi.programme.code}:{row.kpi.code}"
    logger.exception("KPI %s could not be recomputed", name)
    if row.attempts == ATTEMPTS:
        tell_administrators(name, row.error)
