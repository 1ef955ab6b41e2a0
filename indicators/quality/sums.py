"""Parts against the whole: territories, categories, shares."""

import numpy as np
import pandas as pd

from indicators.quality.codes import Check
from indicators.quality.inputs import NO_FINDINGS, Figures, comparable, findings, together

EQUAL = 1e-9  # relative: sums in double precision
WHOLE = 100.0  # per cent
EXHAUSTIVE = {"SEX": frozenset({"F", "M"}), "URBANISATION": frozenset({"R", "U"})}
"""SDMX code lists (CL_SEX, CL_URBANISATION) of which everybody is counted under exactly one code."""

PROVEN_BY, PROVEN_IN = 3, 0.8
"""Other categories make up the total if they do in so many cells, and in this part of all."""


def of_sums(inputs: Figures) -> pd.DataFrame:
    """Wholes that their parts do not make up."""
    series = inputs.series.merge(inputs.indicators, on="indicator", how="left")
    figures = comparable(inputs.figures).merge(series, on="series")
    usable = figures.sort_values(["series", "month"], ignore_index=True)
    adds_up = usable["is_sum"]
    return together(
        [
            _territories(usable[adds_up], inputs.parts),
            _categories(usable[adds_up], is_share=False),
            _categories(usable[~adds_up & usable["is_share"]], is_share=True),
        ]
    )


def _territories(figures: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Wholes against the sum of all their parts: of the same breakdown, source and period.

    Not where a part was founded or dissolved within the period, nor where one has no figure.
    """
    cell = ["indicator", "breakdown", "source", "frequency", "month"]
    if not figures["territory"].isin(parts["part"]).any():
        return NO_FINDINGS
    pairs = figures.merge(parts, left_on="territory", right_on="whole")
    end = pairs["month"] + pairs["length"]
    since, until = pairs["since"].fillna(-np.inf), pairs["until"].fillna(np.inf)
    within = (since <= pairs["month"]) & (until >= end)
    touching = (since < end) & (until > pairs["month"])
    pairs = pairs.assign(is_unclear=touching & ~within)[touching]
    of_parts = figures[[*cell, "territory", "value", "half"]].set_axis(
        [*cell, "part", "summand", "slack"], axis=1
    )
    pairs = pairs.merge(of_parts, on=[*cell, "part"], how="left")
    wholes = pairs.groupby(["series", "month"], as_index=False).agg(
        territory=("territory", "first"), frequency=("frequency", "first"), value=("value", "first"),
        half=("half", "first"), total=("summand", "sum"), slack=("slack", "sum"), number=("part", "size"),
        known=("summand", "count"), is_unclear=("is_unclear", "any"),
    )  # fmt: skip
    complete = (wholes["known"] == wholes["number"]) & (wholes["number"] > 1) & ~wholes["is_unclear"]
    rows = wholes[complete & _differ(wholes["value"], wholes["total"], wholes["half"] + wholes["slack"])]
    return findings(Check.PARTS_OF_WHOLE, rows.assign(compared=rows["total"]))


def _differ(whole: pd.Series, total: pd.Series, slack: pd.Series) -> pd.Series:
    """Whether a sum misses the whole by more than the rounding of all figures in it can explain."""
    return (whole - total).abs() > slack + EQUAL * whole.abs().clip(lower=total.abs())


def _categories(figures: pd.DataFrame, *, is_share: bool) -> pd.DataFrame:
    """Totals against the sum of the categories of one dimension; shares against 100."""
    place = ["indicator", "territory", "source", "frequency", "month"]
    codes = pd.Series(figures["breakdown"].unique())
    split = pd.DataFrame(_without_each(codes), columns=["breakdown", "base", "dimension", "category"])
    if split.empty:
        return NO_FINDINGS
    found = figures.merge(split, on="breakdown")
    found["of"] = pd.util.hash_array(found["category"].to_numpy("object")).astype("int64")
    cells = found.groupby([*place, "base", "dimension"], as_index=False).agg(
        series=("series", "first"), total=("value", "sum"), slack=("half", "sum"),
        number=("value", "size"), members=("of", "sum"),
    )  # fmt: skip
    cells = cells[cells["number"] > 1]
    if is_share:
        cells = cells.assign(value=WHOLE, half=0.0)
    else:
        totals = figures[[*place, "breakdown", "series", "value", "half"]]
        totals = totals.rename(columns={"breakdown": "base"})
        cells = cells.drop(columns="series").merge(totals, on=[*place, "base"])
    cells["fails"] = _differ(cells["value"], cells["total"], cells["half"] + cells["slack"])
    rows = cells[_is_partition(cells, by_nature=not is_share) & cells["fails"]]
    return findings(Check.CATEGORIES_OF_TOTAL, rows.assign(compared=rows["total"], subject=rows["dimension"]))


def _without_each(codes: pd.Series) -> list[tuple[str, str, str, str]]:
    """Each breakdown with one of its dimensions taken out: code, what remains, dimension, category."""
    rows = []
    for code in codes[codes != ""]:
        terms = code.split("&")
        for term in terms:
            dimension, _, category = term.partition("=")
            rest = "&".join(each for each in terms if each != term)
            rows.append((code, rest, dimension, category))
    return rows


def _is_partition(cells: pd.DataFrame, *, by_nature: bool) -> pd.Series:
    """Whether the categories of a cell leave nothing out and overlap nowhere.

    Some do by nature; of others it is learnt from the cells of the same indicator, source and categories.
    """
    kind = ["indicator", "source", "base", "dimension", "members"]
    agreeing = (~cells["fails"]).groupby([cells[name] for name in kind])
    proven = (agreeing.transform("sum") >= PROVEN_BY) & (agreeing.transform("mean") >= PROVEN_IN)
    if not by_nature:
        return proven
    known = {
        dimension: pd.util.hash_array(np.array(sorted(codes), dtype="object")).astype("int64").sum()
        for dimension, codes in EXHAUSTIVE.items()
    }
    return proven | (cells["members"] == cells["dimension"].map(known))
