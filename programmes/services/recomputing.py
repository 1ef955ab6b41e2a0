"""Recomputes progress: reads figures and targets, lets `programmes.progress` calculate, writes tables."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from math import isnan
from typing import Any

import pandas as pd
from django.db import connection, transaction
from django.utils import timezone

from indicators.models import TouchedSeries
from indicators.services.copying import NULL, copy_cells
from programmes.models import Kpi, Progress, ProgressRun, Standing
from programmes.paths import Inputs
from programmes.progress import METHOD, compute

BATCH = 1_000

KPIS = """
SELECT kpi.id AS kpi, comparator, form, path, tolerance_months,
       programme.on_track_from, programme.at_risk_from
FROM programmes_kpi kpi JOIN programmes_programme programme ON programme.id = kpi.programme_id
WHERE kpi.id = ANY(%(kpis)s)
"""

# A KPI is judged in its territory, or in each territory that belongs to its group on the day.
PLACES = """
SELECT DISTINCT kpi.id AS kpi, coalesce(kpi.territory_id, member.territory_id) AS territory,
       kpi.baseline_value::float8 AS baseline, extract(year FROM kpi.baseline_start)::float8 AS baseline_year
FROM programmes_kpi kpi
LEFT JOIN cities_groupmembership member ON member.group_id = kpi.group_id
    AND coalesce(member.valid_from <= %(today)s, true) AND coalesce(member.valid_to > %(today)s, true)
WHERE kpi.id = ANY(%(kpis)s) AND coalesce(kpi.territory_id, member.territory_id) IS NOT NULL
"""

TARGETS = """
SELECT kpi_id AS kpi, extract(year FROM period_start)::int AS year, value::float8, value_max::float8,
       is_additional
FROM programmes_target
WHERE kpi_id = ANY(%(kpis)s) AND frequency = 'A'
  AND coalesce(valid_from <= %(today)s, true) AND coalesce(valid_to > %(today)s, true)
"""

# One series serves a KPI in a place: the preferred source's, else the most official one with figures.
SERIES = f"""
SELECT DISTINCT ON (place.kpi, place.territory) place.kpi, place.territory, series.id AS series
FROM ({PLACES}) place
JOIN programmes_kpi kpi ON kpi.id = place.kpi
JOIN indicators_series series ON series.indicator_id = kpi.indicator_id AND series.frequency = 'A'
    AND series.breakdown_id = kpi.breakdown_id AND series.territory_id = place.territory
JOIN indicators_source source ON source.id = series.source_id
WHERE EXISTS (SELECT FROM indicators_observation o WHERE o.series_id = series.id AND o.value IS NOT NULL)
ORDER BY place.kpi, place.territory, (series.source_id = kpi.preferred_source_id) DESC NULLS LAST,
    array_position(
        ARRAY['bureau', 'ministry', 'international', 'akimat', 'survey', 'document'], source.kind::text
    ), series.id
"""  # noqa: S608 - both parts are constants

ACTUALS = """
SELECT series_id AS series, extract(year FROM period_start)::int AS year, value::float8
FROM indicators_observation WHERE series_id = ANY(%(series)s) AND value IS NOT NULL
"""

PROGRESS_COLUMNS = (
    "kpi_id", "territory_id", "year", "actual", "baseline", "baseline_year", "target", "next_target",
    "next_target_year", "last_target", "expected", "verdict", "verdict_reason", "attainment",
    "attainment_reason", "distance", "distance_reason", "pace", "pace_reason", "course", "course_reason",
)  # fmt: skip
STANDING_COLUMNS = (
    "kpi_id", "territory_id", "standing", "reason", "year", "series_id", "next_target_year", "method",
    "computed_at",
)  # fmt: skip
YEARS = ("year", "baseline_year", "next_target_year", "series_id")


def recompute(kpis: Collection[int] | None = None, today: dt.date | None = None) -> int:
    """Recomputes the KPIs (all of them by default) as of the day, each batch in one transaction.

    Readers see the old results or the new ones, never half. Returns the number of KPIs recomputed.
    """
    ids = sorted(kpis) if kpis is not None else list(Kpi.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            _recompute_batch(ids[start : start + BATCH], today or timezone.localdate())
    return len(ids)


def recompute_everything() -> ProgressRun:
    """Recomputes all KPIs and keeps a record of it; an error is recorded and raised again."""
    run = ProgressRun.objects.create()
    try:
        run.kpis = recompute()
        run.rows, run.state = Progress.objects.count(), ProgressRun.State.DONE
    except Exception as error:
        run.state, run.error = ProgressRun.State.FAILED, repr(error)
        raise
    finally:
        run.finished_at = timezone.now()
        run.save()
    return run


def drain_touched_series() -> int:
    """Recomputes the KPIs whose figures were published since the last time; returns how many.

    The outbox rows go in the transaction that writes the results: a worker that dies leaves them for the
    next. Rows that another worker holds are left to it.
    """
    drained = 0
    while True:
        with transaction.atomic():
            touched = dict(
                TouchedSeries.objects.select_for_update(skip_locked=True)
                .order_by("pk")
                .values_list("pk", "series_id")[:BATCH]
            )
            if not touched:
                return drained
            drained += recompute(_kpis_of(set(touched.values())))
            TouchedSeries.objects.filter(pk__in=touched).delete()


def _kpis_of(series: set[int]) -> set[int]:
    """KPIs that use the indicator and breakdown of one of the series."""
    statement = """
        SELECT DISTINCT kpi.id FROM programmes_kpi kpi
        JOIN indicators_series series USING (indicator_id, breakdown_id) WHERE series.id = ANY(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(series)])
        return {row[0] for row in cursor.fetchall()}


def _recompute_batch(ids: Sequence[int], today: dt.date) -> None:
    # Two workers never compute the same KPI at once, and what was published before the lock is seen.
    list(Kpi.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk"))
    parameters: dict[str, dt.date | list[int]] = {"kpis": list(ids), "today": today}
    series = _frame(SERIES, parameters)
    actuals = _frame(ACTUALS, {"series": series["series"].astype(int).tolist()})
    inputs = Inputs(
        kpis=_frame(KPIS, parameters),
        places=_frame(PLACES, parameters),
        targets=_frame(TARGETS, parameters),
        actuals=series.merge(actuals, on="series")[["kpi", "territory", "year", "value"]],
    )
    results = compute(inputs, today)
    standings = results.standings.merge(series, on=["kpi", "territory"], how="left")
    Progress.objects.filter(kpi__in=ids).delete()
    Standing.objects.filter(kpi__in=ids).delete()
    names = {"kpi": "kpi_id", "territory": "territory_id", "series": "series_id"}
    copy_cells(
        "programmes_progress",
        PROGRESS_COLUMNS,
        _cells(results.progress.rename(columns=names), PROGRESS_COLUMNS),
    )
    moment = timezone.now().isoformat()
    standings = standings.rename(columns=names).assign(method=METHOD, computed_at=moment)
    copy_cells("programmes_standing", STANDING_COLUMNS, _cells(standings, STANDING_COLUMNS))


def _frame(statement: str, parameters: dict[str, dt.date | list[int]]) -> pd.DataFrame:
    """The statement's rows as a frame, with its columns even when there are none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])


def _cells(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The frame's rows as COPY's text, column by column: a call for each cell would cost most of all."""
    return zip(*(_column(frame[name], name in YEARS) for name in columns), strict=True)


def _column(values: "pd.Series[Any]", is_whole: bool) -> list[str]:
    """A column as COPY's text: NaN is NULL, ids and years are whole numbers, words are codes."""
    if is_whole:
        return [NULL if isnan(number) else str(int(number)) for number in values.to_numpy("float64").tolist()]
    if values.dtype.kind == "f":
        return [NULL if isnan(number) else repr(number) for number in values.tolist()]
    return [str(value) for value in values.to_numpy(object).tolist()]
