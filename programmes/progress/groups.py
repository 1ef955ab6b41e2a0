"""The figures of a group as a whole, made of its members'."""

from dataclasses import replace

import numpy as np
import pandas as pd

from programmes.codes import NUMBER_OF, Reason, StandingCode
from programmes.progress.inputs import YEAR, Inputs

WHOLE = -1
"""Stands in the place of the territory where the group as a whole is meant."""


ENOUGH = 0.75
"""The share of members whose figures a mean or a ratio of the group needs."""


def with_groups(inputs: Inputs) -> tuple[Inputs, pd.DataFrame]:
    """The inputs with each group as one more place, the last ones, and how many members its figures rest on.

    A sum needs the figures of all members; a mean and a ratio of sums (Σ numerator ÷ Σ denominator) those of
    three quarters of them. Years of which only months are known are left out. The second frame: kpi, year,
    members, members_total.
    """
    rules = inputs.kpis.set_index("kpi")["aggregation"]
    rules = rules[rules != ""]
    places = inputs.places[inputs.places["kpi"].isin(rules.index)]
    totals = places.groupby("kpi").size()
    found = _made_of_members(inputs, rules)
    found["members_total"] = found["kpi"].map(totals)
    rule = found["kpi"].map(rules)
    needed = found["members_total"] * np.where(rule == "sum", 1, ENOUGH)
    actuals = found[(found["members"] >= needed) & np.isfinite(found["value"])].assign(
        territory=WHOLE, months=YEAR
    )
    groups = places.drop_duplicates("kpi").assign(territory=WHOLE)
    breaks = inputs.breaks[inputs.breaks["kpi"].isin(rules.index)]
    both = replace(
        inputs,
        places=pd.concat([inputs.places, groups], ignore_index=True),
        actuals=pd.concat([inputs.actuals, actuals[list(inputs.actuals)]], ignore_index=True),
        breaks=pd.concat([inputs.breaks, breaks.assign(territory=WHOLE).drop_duplicates()]),
    )
    return both, found[["kpi", "year", "members", "members_total"]]


def apart(results: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The results of places, and those of groups, which come last."""
    first = int((results["territory"] != WHOLE).sum())
    return results.iloc[:first], results.iloc[first:].reset_index(drop=True)


def _made_of_members(inputs: Inputs, rules: "pd.Series[str]") -> pd.DataFrame:
    """kpi, year, value, members: of sums, means and ratios, whoever is missing."""
    whole_years = inputs.actuals[inputs.actuals["months"] == YEAR]
    single = whole_years[whole_years["kpi"].isin(rules.index[rules.isin(["sum", "mean"])])]
    made = single.groupby(["kpi", "year"], as_index=False).agg(
        total=("value", "sum"), mean=("value", "mean"), members=("value", "size")
    )
    made["value"] = made["total"].where(made["kpi"].map(rules) == "sum", made["mean"])
    per = inputs.kpis.set_index("kpi")["per"]
    pairs = inputs.parts[inputs.parts["kpi"].isin(rules.index[rules == "ratio"])]
    ratios = pairs.groupby(["kpi", "year"], as_index=False).agg(
        over=("numerator", "sum"), under=("denominator", "sum"), members=("numerator", "size")
    )
    ratios["value"] = ratios["over"] / ratios["under"] * ratios["kpi"].map(per)
    columns = ["kpi", "year", "value", "members"]
    return pd.concat([made[columns], ratios[columns]], ignore_index=True)


def say_why(progress: pd.DataFrame, standings: pd.DataFrame, kpis: pd.DataFrame) -> None:
    """Replaces `no_observation` in the results of groups by what the group lacks, in place."""
    rules = kpis.set_index("kpi")["aggregation"]
    missing, data = NUMBER_OF[Reason.NO_OBSERVATION], NUMBER_OF[StandingCode.NO_DATA]
    partial = (progress["members"] > 0).to_numpy()
    for name in [name for name in progress.columns if name.endswith("_reason")]:
        words = progress[name].to_numpy()
        unknown = words == missing
        why = np.where(
            progress["kpi"].map(rules) == "none", NUMBER_OF[Reason.NOT_ADDITIVE],
            np.where(partial, NUMBER_OF[Reason.INCOMPLETE_GROUP], missing),
        )  # fmt: skip
        progress[name] = np.where(unknown, why, words).astype("int8")
    additive = (standings["kpi"].map(rules) != "none").to_numpy()
    unknown = standings["standing"].to_numpy() == data
    partly = standings["kpi"].isin(progress.loc[partial, "kpi"]).to_numpy()
    standings["reason"] = np.select(
        [unknown & ~additive, unknown & partly],
        [NUMBER_OF[Reason.NOT_ADDITIVE], NUMBER_OF[Reason.INCOMPLETE_GROUP]],
        standings["reason"],
    ).astype("int8")
    standings["standing"] = np.where(
        unknown & ~additive, NUMBER_OF[StandingCode.NOT_COMPUTABLE], standings["standing"]
    ).astype("int8")
