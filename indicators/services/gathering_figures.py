"""Reads from the tables what the quality of figures is judged by."""

from collections.abc import Sequence

import pandas as pd

from indicators.quality import Figures
from indicators.quality.inputs import YEAR
from indicators.services.copying import EPOCH, fetch_columns
from indicators.services.framing import LENGTHS, OFFICIAL, Parameters, frame, in_range

SERIES = f"""
SELECT series.id AS series, series.indicator_id AS indicator, series.territory_id AS territory,
       breakdown.code AS breakdown, series.source_id AS source, {OFFICIAL} - 1 AS rank, series.frequency,
       series.frequency = 'A' OR indicator.over_time <> 'none' AS serves
FROM indicators_series series
JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
JOIN indicators_breakdown breakdown ON breakdown.id = series.breakdown_id
JOIN indicators_source source ON source.id = series.source_id
WHERE series.indicator_id = ANY(%(indicators)s)
  AND (%(everywhere)s OR series.territory_id = ANY(%(territories)s))
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
  AND (%(everywhere)s OR series.territory_id = ANY(%(territories)s))
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


def gather_figures(indicators: Sequence[int], territories: Sequence[int] | None = None) -> Figures:
    """The published figures of the indicators, in the territories or everywhere."""
    parameters: Parameters = {
        "indicators": list(indicators),
        "everywhere": territories is None,
        "territories": list(territories or ()),
    }
    series = frame(SERIES, parameters)
    series["length"] = lengths(series["frequency"])
    return Figures(
        series=series,
        figures=_figures(parameters),
        indicators=frame(INDICATORS, parameters),
        breaks=dated(frame(BREAKS, parameters), "month").astype({"source": "float64"}),
        parts=dated(frame(PARTS, parameters), "since", "until"),
    )


def _figures(parameters: Parameters) -> pd.DataFrame:
    types = {"series": "i8", "start": "i4", "value": "f8", "digits": "i4"}
    found = fetch_columns(FIGURES, parameters, types)
    month = (EPOCH + found.pop("start")).astype("datetime64[M]").astype("int64") + 1970 * YEAR
    return pd.DataFrame({**found, "month": month})


def lengths(frequency: pd.Series) -> pd.Series:
    return frequency.map(LENGTHS).astype("int64")


def dated(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The frame with days as the numbers of their months."""
    return frame.assign(**{name: months_of(frame[name]) for name in names})


def months_of(days: pd.Series) -> pd.Series:
    """The months that days lie in, counted from the year 0; NaN where there is none."""
    return days.map(lambda day: day.year * YEAR + day.month - 1, na_action="ignore").astype("float64")
