"""The same figure from different sources."""

import pandas as pd

from indicators.quality.codes import Check
from indicators.quality.inputs import NO_FINDINGS, Figures, comparable, findings

TOLERANCE = 0.02
"""Estimates of the same thing, such as a population at the beginning and in the middle of a year, differ by
as much; verdicts seldom turn on it."""


def of_sources(inputs: Figures) -> pd.DataFrame:
    """Figures that differ from the most official source's of the same indicator, place and period.

    The difference must exceed `TOLERANCE` of the larger of the two, and what rounding of both can explain.
    Sources of one kind are not compared: contradictions among documents have a register of their own.
    """
    key = ["indicator", "territory", "breakdown", "frequency", "month"]
    sources = inputs.series.groupby(key[:-1])["source"].transform("nunique")
    if not (sources > 1).any():
        return NO_FINDINGS
    figures = comparable(inputs.figures).merge(inputs.series[sources > 1], on="series")
    figures = figures.sort_values(["rank", "series"], kind="stable")
    official = figures.drop_duplicates(key)[[*key, "series", "value", "half", "rank"]]
    official = official.set_axis([*key, "other", "compared", "other_half", "other_rank"], axis=1)
    pairs = figures.merge(official, on=key)
    apart = (pairs["value"] - pairs["compared"]).abs()
    larger = pairs["value"].abs().clip(lower=pairs["compared"].abs())
    differ = (apart > TOLERANCE * larger) & (apart > (pairs["half"] + pairs["other_half"]) * (1 + TOLERANCE))
    return findings(Check.SOURCES_DIFFER, pairs[differ & (pairs["rank"] > pairs["other_rank"])])
