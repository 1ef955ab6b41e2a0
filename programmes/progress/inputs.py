"""What progress is computed from, and its division into blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

METHOD = "2.0"
EQUAL = 1e-9  # relative: 0.1 * 1.2 equals 0.12
YEAR = 12  # months
SHARES = ("multiple", "change_pct", "growth_pct")
"""Forms whose targets are shares of the baseline: of a negative one they have no meaning."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]


def no_breaks() -> pd.DataFrame:
    """No series is broken."""
    return pd.DataFrame({"kpi": [], "territory": [], "year": []})


def no_parts() -> pd.DataFrame:
    """No figure is a ratio of sums."""
    return pd.DataFrame({"kpi": [], "territory": [], "year": [], "numerator": [], "denominator": []})


@dataclass(frozen=True)
class Inputs:
    """What progress is computed from.

    kpis: kpi, comparator, form, path, on_track_from, at_risk_from, tolerance_months, minimum and maximum (of
        the indicator; NaN: none), over_time (how figures within a year make the year's), aggregation (how
        members' figures make the group's; empty for a KPI of one territory), per (a ratio is one of so
        many: 100 in per cent); one row each.
    places: kpi, territory, baseline (NaN: none stated), baseline_year (NaN: none); one row per judged pair.
    targets: kpi, year, value, value_max (NaN: no range), is_additional (on top of the target before), as the
        KPI's form expresses them; one per year.
    actuals: kpi, territory, year, value, months (12: of the whole year; fewer: of a part of it, see
        `years.yearly`); one per year.
    breaks: kpi, territory, year: the first of a series that is not comparable with the years before.
    parts: kpi, territory, year, numerator, denominator: of the ratios that a group's figure is made of.
    """

    kpis: pd.DataFrame
    places: pd.DataFrame
    targets: pd.DataFrame
    actuals: pd.DataFrame
    breaks: pd.DataFrame = field(default_factory=no_breaks)
    parts: pd.DataFrame = field(default_factory=no_parts)


def typed(inputs: Inputs) -> Inputs:
    """The same with numbers as numbers: empty frames come without types."""
    place, year = {"kpi": "int64", "territory": "int64"}, {"year": "int64"}
    limits = {"minimum": "float64", "maximum": "float64", "per": "float64"}
    return Inputs(
        kpis=inputs.kpis.astype({"kpi": "int64", **limits}),
        places=inputs.places.astype({**place, "baseline": "float64", "baseline_year": "float64"}),
        targets=summed(
            inputs.targets.astype({"kpi": "int64", **year, "value": "float64", "value_max": "float64"})
        ),
        actuals=inputs.actuals.astype({**place, **year, "value": "float64", "months": "int64"}),
        breaks=inputs.breaks.astype({**place, **year}),
        parts=inputs.parts.astype({**place, **year, "numerator": "float64", "denominator": "float64"}),
    )


def in_blocks(inputs: Inputs, size: int) -> Iterator[Inputs]:
    """The inputs, KPIs whole, in blocks of about `size` actuals; one block where there are no more."""
    if len(inputs.actuals) <= size:
        yield inputs
        return
    frames = {
        each.name: getattr(inputs, each.name).sort_values("kpi", kind="stable", ignore_index=True)
        for each in fields(inputs)
    }
    keys = {name: frame["kpi"].to_numpy() for name, frame in frames.items()}
    kpis = keys["kpis"]
    before = np.searchsorted(keys["actuals"], kpis)
    firsts = kpis[np.flatnonzero(np.diff(before // size, prepend=-1))]
    for first, following in pairwise([*firsts, kpis[-1] + 1]):
        ends = {name: np.searchsorted(key, [first, following]) for name, key in keys.items()}
        yield Inputs(
            **{
                name: frames[name].iloc[start:end].reset_index(drop=True)
                for name, (start, end) in ends.items()
            }
        )


def summed(targets: pd.DataFrame) -> pd.DataFrame:
    """The targets with those that count on top of the one before added to it."""
    targets = targets.sort_values(["kpi", "year"], kind="stable").reset_index(drop=True)
    run = (~targets.pop("is_additional").astype(bool)).groupby(targets["kpi"]).cumsum()
    for name in ("value", "value_max"):
        targets[name] = targets[name].groupby([targets["kpi"], run]).cumsum()
    return targets
