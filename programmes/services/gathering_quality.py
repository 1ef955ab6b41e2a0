"""Reads from the tables what quality is judged by: published figures and promises of some indicators."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from indicators.services.copying import EPOCH, fetch_columns
from programmes.quality import Inputs
from programmes.quality.inputs import YEAR
from programmes.services.gathering import LENGTHS, OFFICIAL, PLACES, Parameters, frame, in_range

EPOCH_MONTH = 2000 * YEAR

SERIES = f"""
SELECT series.id AS series, series.indicator_id AS indicator, series.territory_id AS territory,
       breakdown.code AS breakdown, series.source_id AS source, {OFFICIAL} - 1 AS rank, series.frequency,
       series.frequency = 'A' OR indicator.over_time <> 'none' AS serves
FROM indicators_series series
JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
JOIN indicators_breakdown breakdown ON breakdown.id = series.breakdown_id
JOIN indicators_source source ON source.id = series.source_id
WHERE series.indicator_id = ANY(%(indicators)s)
"""  # noqa: S608 - all parts are constants


def as_double(column: str) -> str:
    """The numeric column as a double: what cannot be computed with is brought to the limit, to be found."""
    return f"""
    CASE WHEN {in_range(column)} THEN {column}::float8
         WHEN abs({column}) > 1 THEN sign({column})::float8 * 1e300
         ELSE sign({column})::float8 * 1e-300 END
    """


FIGURES = f"""
SELECT o.series_id, o.period_start, {as_double("o.value")}, coalesce(scale(o.value), 0)
FROM indicators_observation o JOIN indicators_series series ON series.id = o.series_id
WHERE series.indicator_id = ANY(%(indicators)s) AND o.value IS NOT NULL
"""  # noqa: S608 - all parts are constants

INDICATORS = f"""
SELECT indicator.id AS indicator, aggregation = 'sum' AS is_sum, unit.code = 'PT' AS is_share,
       {as_double("minimum")} AS minimum, {as_double("maximum")} AS maximum
FROM indicators_indicator indicator JOIN indicators_unit unit ON unit.id = indicator.unit_id
WHERE indicator.id = ANY(%(indicators)s)
"""  # noqa: S608 - all parts are constants

BREAKS = """
SELECT indicator_id AS indicator, source_id::float8 AS source, first_day AS month
FROM indicators_seriesbreak WHERE indicator_id = ANY(%(indicators)s)
"""

# A city that became one of republican significance belongs to the country's parts since then only.
PARTS = """
SELECT part.parent_id AS whole, part.id AS part, greatest(part.valid_from, status.since) AS since,
       part.valid_to AS until
FROM cities_territory part
JOIN cities_territory whole ON whole.id = part.parent_id
LEFT JOIN (SELECT successor_id, max("on") AS since FROM cities_territorychange
           WHERE kind = 'status_changed' GROUP BY successor_id) status
    ON status.successor_id = part.id AND part.level = 'republican_city'
WHERE part.level = 'city_district'
   OR part.level IN ('oblast', 'republican_city') AND whole.level = 'country'
"""

KPIS = f"""
SELECT kpi.id AS kpi, coalesce(kpi.territory_id, programme.territory_id) AS territory,
       kpi.indicator_id AS indicator, breakdown.code AS breakdown, comparator, form, path,
       {as_double("kpi.baseline_value")} AS baseline, kpi.baseline_start, kpi.baseline_frequency,
       {as_double("indicator.minimum")} AS minimum, {as_double("indicator.maximum")} AS maximum,
       EXISTS (SELECT FROM indicators_series series
               JOIN indicators_observation o ON o.series_id = series.id AND o.value IS NOT NULL
               WHERE series.indicator_id = kpi.indicator_id AND series.breakdown_id = kpi.breakdown_id
                 AND series.frequency = 'A' AND coalesce(series.territory_id = kpi.territory_id, true)
                 AND o.period_start = kpi.baseline_start) AS is_known
FROM programmes_kpi kpi
JOIN programmes_programme programme ON programme.id = kpi.programme_id
JOIN indicators_indicator indicator ON indicator.id = kpi.indicator_id
JOIN indicators_breakdown breakdown ON breakdown.id = kpi.breakdown_id
WHERE kpi.id = ANY(%(kpis)s)
"""  # noqa: S608 - all parts are constants

TARGETS = f"""
SELECT kpi_id AS kpi, period_start, frequency, {as_double("value")} AS value,
       {as_double("value_max")} AS value_max, is_additional
FROM programmes_target
WHERE kpi_id = ANY(%(kpis)s)
  AND coalesce(valid_from <= %(today)s, true) AND coalesce(valid_to > %(today)s, true)
ORDER BY period_start
"""  # noqa: S608 - all parts are constants


def gather(indicators: Sequence[int], kpis: Sequence[int], today: dt.date) -> Inputs:
    """The figures of the indicators and the promises of the KPIs, as of the day."""
    parameters: Parameters = {"indicators": list(indicators), "kpis": list(kpis), "today": today}
    series = frame(SERIES, parameters)
    series["length"] = _lengths(series["frequency"])
    return Inputs(
        series=series,
        figures=_figures(parameters),
        indicators=frame(INDICATORS, parameters),
        breaks=_dated(frame(BREAKS, parameters), "month").astype({"source": "float64"}),
        parts=_dated(frame(PARTS, parameters), "since", "until"),
        kpis=_kpis(parameters),
        places=frame(PLACES, parameters)[["kpi", "territory"]],
        targets=_targets(parameters),
    )


def _figures(parameters: Parameters) -> pd.DataFrame:
    types = {"series": "i8", "start": "i4", "value": "f8", "digits": "i4"}
    found = fetch_columns(FIGURES, parameters, types)
    month = (EPOCH + found.pop("start")).astype("datetime64[M]").astype("int64") + 1970 * YEAR
    return pd.DataFrame({**found, "month": month})


def _kpis(parameters: Parameters) -> pd.DataFrame:
    kpis = frame(KPIS, parameters)
    kpis["baseline_end"] = _months(kpis["baseline_start"]) + _lengths(kpis["baseline_frequency"]) - 1
    return _dated(kpis, "baseline_start")


def _targets(parameters: Parameters) -> pd.DataFrame:
    targets = frame(TARGETS, parameters).rename(columns={"period_start": "start"})
    targets = _dated(targets, "start")
    return targets.assign(end=targets["start"] + _lengths(targets["frequency"]) - 1)


def _lengths(frequency: pd.Series) -> pd.Series:
    return frequency.map(LENGTHS).astype("int64")


def _dated(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The frame with days as the numbers of their months."""
    return frame.assign(**{name: _months(frame[name]) for name in names})


def _months(days: pd.Series) -> pd.Series:
    """The months that days lie in, counted from the year 0; NaN where there is none."""
    return days.map(lambda day: day.year * YEAR + day.month - 1, na_action="ignore").astype("float64")
