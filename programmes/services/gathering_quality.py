"""Reads from the tables what quality is judged by: published figures and promises of some indicators."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields

import pandas as pd

from indicators.services.framing import Parameters, frame
from indicators.services.gathering_figures import as_double, dated, gather_figures, lengths, months_of
from programmes.quality import Inputs
from programmes.services.gathering import PLACES

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
    parameters: Parameters = {"kpis": list(kpis), "today": today}
    figures = gather_figures(indicators)
    return Inputs(
        **{field.name: getattr(figures, field.name) for field in fields(figures)},
        kpis=_kpis(parameters),
        places=frame(PLACES, parameters)[["kpi", "territory"]],
        targets=_targets(parameters),
    )


def _kpis(parameters: Parameters) -> pd.DataFrame:
    kpis = frame(KPIS, parameters)
    kpis["baseline_end"] = months_of(kpis["baseline_start"]) + lengths(kpis["baseline_frequency"]) - 1
    return dated(kpis, "baseline_start")


def _targets(parameters: Parameters) -> pd.DataFrame:
    targets = frame(TARGETS, parameters).rename(columns={"period_start": "start"})
    targets = dated(targets, "start")
    return targets.assign(end=targets["start"] + lengths(targets["frequency"]) - 1)
