"""Figures of half-years, quarters and months as figures of years."""

import pandas as pd

from programmes.progress.inputs import YEAR


def yearly(figures: pd.DataFrame, over_time: "pd.Series[str]") -> pd.DataFrame:
    """One figure a year, with the months that it covers: a year's own, else what its periods make.

    figures: kpi, territory, year, month (the first of the period), length (of the period in months), value.
    over_time, by KPI: `sum` adds the periods up, `mean` averages them, `last` takes the last one; with
    `none` nothing but annual figures counts. `months` is 12 where the whole year is covered: all periods of
    a sum or mean, the last period of `last`. Of several frequencies the one that covers most counts, of
    equals the coarsest.

    Returns kpi, territory, year, value, months.
    """
    columns = ["kpi", "territory", "year", "value", "months"]
    is_annual = figures["length"] == YEAR
    annual = figures[is_annual].assign(months=YEAR)
    finer = figures[~is_annual].copy()
    finer["rule"] = finer["kpi"].map(over_time)
    finer = finer[finer["rule"] != "none"]
    if finer.empty:
        return annual[columns].reset_index(drop=True)
    key = ["kpi", "territory", "year", "length", "rule"]
    finer = finer.sort_values("month", kind="stable")
    made = finer.groupby(key, as_index=False).agg(
        total=("value", "sum"), mean=("value", "mean"), last=("value", "last"),
        count=("value", "size"), month=("month", "last"),
    )  # fmt: skip
    rule = made["rule"]
    made["value"] = made["last"].where(rule == "last", made["total"].where(rule == "sum", made["mean"]))
    covered = made["count"] * made["length"]
    made["months"] = covered.where(rule != "last", made["month"] + made["length"] - 1)
    known = pd.concat([annual.assign(length=YEAR), made], ignore_index=True)
    known = known.sort_values(["months", "length"], ascending=False, kind="stable")
    return known.drop_duplicates(["kpi", "territory", "year"])[columns].reset_index(drop=True)
