"""What a KPI's own definition says: baseline and targets beside each other, and its only figure."""

import numpy as np
import pandas as pd

from indicators.quality.inputs import findings, is_absurd, together
from programmes.progress.inputs import EQUAL, SHARES, YEAR, summed
from programmes.progress.paths import knots_of
from programmes.quality.codes import Check
from programmes.quality.inputs import Inputs

FROM_BASELINE = ("multiple", "change_pct", "change_abs", "change_per_year", "growth_pct")
"""Forms whose targets are levels only once the baseline is known."""

BY_YEARS = ("change_per_year", "growth_pct")
"""Of these, the ones that count from the baseline's year."""

COUNTED = ("rank", "yes_no")
"""Forms that are not expressed in the indicator's unit: its limits do not apply."""


def of_promises(inputs: Inputs) -> pd.DataFrame:
    """What is wrong or without meaning in the definitions of KPIs."""
    kpis = inputs.kpis.astype(
        dict.fromkeys(("baseline", "baseline_start", "baseline_end", "minimum", "maximum"), "float64")
    )
    targets = inputs.targets.astype({"kpi": "int64", "value": "float64", "value_max": "float64"})
    kpis["has_targets"] = kpis["kpi"].isin(targets["kpi"])
    printed = _printed(kpis, targets)
    absurd = printed[is_absurd(printed["value"].to_numpy())]
    usable = kpis[~kpis["kpi"].isin(absurd["kpi"])].reset_index(drop=True)
    levels = _levels(usable, targets[targets["kpi"].isin(usable["kpi"])])
    return together(
        [
            findings(Check.ABSURD, absurd),
            _impossible(usable, levels),
            findings(Check.NO_TARGETS, kpis[~kpis["has_targets"]]),
            *_of_baselines(usable),
            *_of_years(usable, levels),
            *_of_directions(levels),
        ]
    )


def _printed(kpis: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Every baseline and every target as printed: kpi, territory, month, value, subject."""
    baselines = _baselines(kpis)
    places = targets.merge(kpis[["kpi", "territory"]], on="kpi")
    ends = [places.assign(value=places[name], month=places["start"]) for name in ("value", "value_max")]
    columns = ["kpi", "territory", "month", "frequency", "value", "subject"]
    both = pd.concat([baselines[columns], *(end.assign(subject="target")[columns] for end in ends)])
    return both[both["value"].notna()].drop_duplicates(["kpi", "month", "subject"])


def _baselines(kpis: pd.DataFrame) -> pd.DataFrame:
    """The KPIs as rows about their baselines."""
    return kpis.assign(
        value=kpis["baseline"], month=kpis["baseline_start"], frequency=kpis["baseline_frequency"],
        subject="baseline",
    )  # fmt: skip


def _levels(kpis: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Targets as levels, by KPI and year, each beside its KPI: `low` and `high` ends, and the `sense`."""
    places = kpis.assign(baseline_year=kpis["baseline_start"] // YEAR, place=np.arange(len(kpis)))
    years = targets.assign(year=targets["start"] // YEAR)
    with np.errstate(all="ignore"):
        knots = knots_of(places, summed(years[["kpi", "year", "value", "value_max", "is_additional"]]))
    levels = knots[["place", "year", "low", "high"]].merge(places, on="place")
    periods = years.drop_duplicates(["kpi", "year"], keep="last")
    periods = periods[["kpi", "year", "start", "end", "frequency"]]
    return levels.merge(periods, on=["kpi", "year"])


def _impossible(kpis: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Baselines and targets outside the limits of their indicator, once each."""
    ends = [
        levels.assign(value=levels[name], month=levels["start"], subject="target") for name in ("low", "high")
    ]
    rows = pd.concat([_baselines(kpis), *ends])
    rows = rows[~rows["form"].isin(COUNTED)]
    too_low, too_high = rows["value"] < rows["minimum"], rows["value"] > rows["maximum"]
    rows = rows.assign(compared=rows["minimum"].where(too_low, rows["maximum"]))[too_low | too_high]
    return findings(Check.OUT_OF_RANGE, rows.drop_duplicates(["kpi", "month", "subject"]))


def _of_baselines(kpis: pd.DataFrame) -> list[pd.DataFrame]:
    """Baselines without which targets are no levels, and those of which shares have no meaning."""
    form, baseline = kpis["form"], kpis["baseline"]
    is_open = baseline.isna() & ~kpis["is_known"]
    lacks_year = form.isin(BY_YEARS) & kpis["baseline_start"].isna()
    missing = kpis["has_targets"] & form.isin(FROM_BASELINE) & (is_open | lacks_year)
    needs_positive = form.isin(SHARES) | (kpis["path"] == "geometric")
    rows = _baselines(kpis)
    return [
        findings(Check.BASELINE_MISSING, rows[missing]),
        findings(Check.ZERO_OR_NEGATIVE_BASELINE, rows[needs_positive & (baseline <= 0)]),
    ]


def _of_years(kpis: pd.DataFrame, levels: pd.DataFrame) -> list[pd.DataFrame]:
    """Baselines that are no older than the last target; else targets that are older than the baseline."""
    ends = levels.groupby("kpi").agg(last=("end", "max"), first=("end", "min"))
    rows = _baselines(kpis).merge(ends, on="kpi")
    after = rows["baseline_end"] >= rows["last"]
    before = ~after & (rows["first"] < rows["baseline_start"])
    return [
        findings(Check.BASELINE_AFTER_TARGETS, rows.assign(number=rows["last"])[after]),
        findings(Check.TARGET_BEFORE_BASELINE, rows.assign(number=rows["first"])[before]),
    ]


def _of_directions(levels: pd.DataFrame) -> list[pd.DataFrame]:
    """Last targets that equal the baseline, and targets that lead away from what the comparator asks for.

    Ranges have no single level. They lead away if the last is worse than the baseline, or without one, than
    the first; the figures are compared with the tolerance of progress.
    """
    levels = levels[(levels["low"] == levels["high"]) & (levels["sense"] != 0)]
    first = levels.drop_duplicates("kpi")[["kpi", "low"]].rename(columns={"low": "first"})
    last = levels.drop_duplicates("kpi", keep="last").merge(first, on="kpi")
    is_stated = last["baseline"].notna()
    start = last["baseline"].fillna(last["first"])
    gap = last["low"] - start
    is_equal = gap.abs() <= EQUAL * start.abs().clip(lower=last["low"].abs())
    is_judged = last["comparator"].isin(["at_least", "at_most"])
    rows = last.assign(
        value=last["low"], compared=start, month=last["start"],
        subject=np.where(is_stated, "baseline", "target"),
    )  # fmt: skip
    return [
        findings(Check.TARGET_EQUALS_BASELINE, rows[is_stated & is_equal]),
        findings(Check.TARGETS_AGAINST_COMPARATOR, rows[is_judged & ~is_equal & (gap * last["sense"] < 0)]),
    ]


def of_single_points(inputs: Inputs) -> pd.DataFrame:
    """KPIs of which a place has one figure in all, from whatever source: no change can be seen in it."""
    serving = inputs.series[inputs.series["serves"]]
    figures = inputs.figures.merge(serving, on="series")
    places = inputs.places.merge(inputs.kpis[["kpi", "indicator", "breakdown"]], on="kpi")
    key = ["indicator", "breakdown", "territory"]
    asked = places.drop_duplicates(key)[key]
    figures = figures.merge(asked, on=key)
    alone = figures[~figures.duplicated(key, keep=False)]
    return findings(Check.SINGLE_POINT, alone)
