"""Reads from the tables what progress is computed from: promises, places and figures."""

import datetime as dt
from typing import NamedTuple

import pandas as pd

from indicators.services.copying import EPOCH, fetch_columns
from indicators.services.framing import LENGTHS, OFFICIAL, Parameters, frame, if_in_range, in_range
from programmes.progress import Inputs
from programmes.progress.inputs import no_parts
from programmes.progress.years import yearly

KPIS = f"""
SELECT kpi.id AS kpi, comparator, form, path, tolerance_months, indicator.over_time,
       CASE WHEN kpi.group_id IS NULL THEN ''
            WHEN indicator.aggregation = 'last' THEN 'none' ELSE indicator.aggregation END AS aggregation,
       {if_in_range("indicator.minimum")} AS minimum, {if_in_range("indicator.maximum")} AS maximum,
       CASE WHEN starts_with(unit.code, 'PT') THEN 100
            ELSE coalesce(substring(unit.code FROM '^PER_(10+)')::float8, 1) END AS per,
       programme.on_track_from, programme.at_risk_from
FROM programmes_kpi kpi
JOIN programmes_programme programme ON programme.id = kpi.programme_id
JOIN indicators_indicator indicator ON indicator.id = kpi.indicator_id
JOIN indicators_unit unit ON unit.id = indicator.unit_id
WHERE kpi.id = ANY(%(kpis)s)
"""  # noqa: S608 - all parts are constants

# A KPI is judged in its territory, or in each territory that belongs to its group on the day.
PLACES = f"""
SELECT DISTINCT kpi.id AS kpi, coalesce(kpi.territory_id, member.territory_id) AS territory,
       {if_in_range("kpi.baseline_value")} AS baseline,
       extract(year FROM kpi.baseline_start)::float8 AS baseline_year
FROM programmes_kpi kpi
LEFT JOIN cities_groupmembership member ON member.group_id = kpi.group_id
    AND coalesce(member.valid_from <= %(today)s, true) AND coalesce(member.valid_to > %(today)s, true)
WHERE kpi.id = ANY(%(kpis)s) AND coalesce(kpi.territory_id, member.territory_id) IS NOT NULL
"""  # noqa: S608 - all parts are constants

TARGETS = f"""
SELECT kpi_id AS kpi, extract(year FROM period_start)::int AS year,
       value::float8, value_max::float8, is_additional
FROM programmes_target
WHERE kpi_id = ANY(%(kpis)s) AND frequency = 'A'
  AND {in_range("value")} AND (value_max IS NULL OR {in_range("value_max")})
  AND coalesce(valid_from <= %(today)s, true) AND coalesce(valid_to > %(today)s, true)
"""  # noqa: S608 - all parts are constants

# One source serves a KPI in a place: the preferred one, else one with annual figures, else the most official.
# Its series of all frequencies from which figures of years can be made are read.
SERIES = f"""
WITH place AS ({PLACES}), candidate AS (
    SELECT place.kpi, place.territory, series.id AS series, series.frequency, series.source_id,
           (series.source_id = kpi.preferred_source_id) IS TRUE AS is_preferred, {OFFICIAL} AS rank
    FROM place
    JOIN programmes_kpi kpi ON kpi.id = place.kpi
    JOIN indicators_indicator indicator ON indicator.id = kpi.indicator_id
    JOIN indicators_series series ON series.indicator_id = kpi.indicator_id
        AND series.breakdown_id = kpi.breakdown_id AND series.territory_id = place.territory
        AND (series.frequency = 'A' OR indicator.over_time <> 'none')
    JOIN indicators_source source ON source.id = series.source_id
    WHERE EXISTS (SELECT FROM indicators_observation o WHERE o.series_id = series.id AND o.value IS NOT NULL)
), chosen AS (
    SELECT DISTINCT ON (kpi, territory) kpi, territory, source_id, series AS main
    FROM candidate
    ORDER BY kpi, territory, is_preferred DESC, frequency = 'A' DESC, rank, series
)
SELECT kpi, territory, series, frequency, series = main AS is_main
FROM candidate JOIN chosen USING (kpi, territory, source_id)
"""  # noqa: S608 - all parts are constants

ACTUALS = f"""
SELECT series_id, period_start, value::float8 FROM indicators_observation
WHERE series_id = ANY(%(series)s) AND {in_range("value")}
"""  # noqa: S608 - all parts are constants

BREAKS = """
SELECT kpi.id AS kpi, series.territory_id AS territory, extract(year FROM b.first_day)::int AS year
FROM indicators_seriesbreak b
JOIN programmes_kpi kpi ON kpi.indicator_id = b.indicator_id AND kpi.id = ANY(%(kpis)s)
JOIN indicators_series series ON series.indicator_id = kpi.indicator_id
    AND series.breakdown_id = kpi.breakdown_id AND series.id = ANY(%(series)s)
    AND coalesce(series.source_id = b.source_id, true)
"""

# Both parts of a ratio come from the same source, the most official one that has them.
PARTS = f"""
SELECT DISTINCT ON (place.kpi, place.territory, o.period_start)
       place.kpi, place.territory, extract(year FROM o.period_start)::int AS year,
       (o.value * coalesce(over_unit.factor, 1))::float8 AS numerator,
       (p.value * coalesce(under_unit.factor, 1))::float8 AS denominator
FROM ({PLACES}) place
JOIN programmes_kpi kpi ON kpi.id = place.kpi AND kpi.group_id IS NOT NULL
JOIN indicators_indicator indicator ON indicator.id = kpi.indicator_id AND indicator.aggregation = 'ratio'
JOIN indicators_indicator top ON top.id = indicator.numerator_id
JOIN indicators_indicator bottom ON bottom.id = indicator.denominator_id
JOIN indicators_unit over_unit ON over_unit.id = top.unit_id
JOIN indicators_unit under_unit ON under_unit.id = bottom.unit_id
JOIN indicators_series over ON over.indicator_id = indicator.numerator_id AND over.frequency = 'A'
    AND over.territory_id = place.territory AND over.breakdown_id = kpi.breakdown_id
JOIN indicators_series under ON under.indicator_id = indicator.denominator_id AND under.frequency = 'A'
    AND under.territory_id = place.territory AND under.breakdown_id = kpi.breakdown_id
    AND under.source_id = over.source_id
JOIN indicators_source source ON source.id = over.source_id
JOIN indicators_observation o ON o.series_id = over.id
    AND {in_range("o.value * coalesce(over_unit.factor, 1)")}
JOIN indicators_observation p ON p.series_id = under.id AND p.period_start = o.period_start
    AND {in_range("p.value * coalesce(under_unit.factor, 1)")}
ORDER BY place.kpi, place.territory, o.period_start, {OFFICIAL}
"""  # noqa: S608 - all parts are constants


class Measured(NamedTuple):
    """What was measured, in the frames of `Inputs`, and the series that it was measured by."""

    kpis: pd.DataFrame
    places: pd.DataFrame
    actuals: pd.DataFrame
    parts: pd.DataFrame
    series: pd.DataFrame


def gather_measured(kpis: list[int], today: dt.date) -> Measured:
    """What was measured of the KPIs in the places that they hold for on the day."""
    parameters: dict[str, dt.date | list[int]] = {"kpis": kpis, "today": today}
    rules = frame(KPIS, parameters)
    series = frame(SERIES, parameters)
    return Measured(
        kpis=rules,
        places=frame(PLACES, parameters),
        actuals=yearly(_figures(series), rules.set_index("kpi")["over_time"]),
        parts=frame(PARTS, parameters) if (rules["aggregation"] == "ratio").any() else no_parts(),
        series=series,
    )


def gather(kpis: list[int], today: dt.date) -> tuple[Inputs, pd.DataFrame]:
    """The inputs of the KPIs as of the day, and which series serves each pair: kpi, territory, series."""
    rules, places, actuals, parts, series = gather_measured(kpis, today)
    parameters: Parameters = {"kpis": kpis, "today": today, "series": _ids(series)}
    targets = frame(TARGETS, parameters)
    breaks = frame(BREAKS, parameters).drop_duplicates()
    main = series.loc[series["is_main"].astype(bool), ["kpi", "territory", "series"]]
    return Inputs(rules, places, targets, actuals, breaks, parts), main


def _ids(series: pd.DataFrame) -> list[int]:
    ids: list[int] = series["series"].astype(int).unique().tolist()
    return ids


def _figures(series: pd.DataFrame) -> pd.DataFrame:
    """kpi, territory, year, month, length, value of every figure of the series."""
    found = fetch_columns(ACTUALS, {"series": _ids(series)}, {"series": "i8", "start": "i4", "value": "f8"})
    months = (EPOCH + found.pop("start")).astype("datetime64[M]").astype("int64")  # since 1970
    figures = pd.DataFrame({**found, "year": months // 12 + 1970, "month": months % 12 + 1})
    serving = series[["kpi", "territory", "series"]].astype("int64")
    serving["length"] = series["frequency"].map(LENGTHS).astype("int64")
    return figures.merge(serving, on="series").drop(columns="series")
