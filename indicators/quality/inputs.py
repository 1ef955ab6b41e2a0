"""What the quality of figures is judged by, and the form of a finding."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

LARGEST, SMALLEST = 1e300, 1e-300
"""Sizes beyond which, or within which but for 0, a figure is not computed with: no double holds it."""

F = TypeVar("F", bound="Figures")
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

YEAR = 12
HUGE, TINY = 1e15, 1e-12
"""Beyond these a double no longer tells whole numbers apart, or the figure is 0 in any unit in use."""

ABOUT = 0.05
"""Zeros at the end of a whole number count as rounding while they are finer than this part of it."""

FINDINGS = (
    "check", "series", "other", "kpi", "territory", "month", "frequency", "value", "compared",
    "low", "high", "number", "subject",
)  # fmt: skip
"""Columns of findings.

series, other, kpi, territory, month: whole numbers, -1 for none; month: the first of the period, counted from
the year 0. frequency: of the period, or empty. value: what the finding is about; compared: what it is held
against. low, high and number say more, by check (NaN: nothing). subject: the dimension whose categories are
summed, or whether a `baseline` or a `target` is meant; else empty.
"""


@dataclass(frozen=True)
class Figures:
    """Published figures and what is known of them. Months count from the year 0; NaN where there is none.

    series: series, indicator, territory, breakdown (code, empty: the total), source, rank (0 the most
        official kind of source), frequency, length (of its periods in months).
    figures: series, month (the first of the period), value, digits (decimals as published); one per period.
    indicators: indicator, is_sum (its figures add up over territories), is_share (in per cent), minimum,
        maximum.
    breaks: indicator, source (NaN: any), month: the first of figures not comparable with those before.
    parts: whole, part, since, until (months within which the part belongs to the whole).
    """

    series: pd.DataFrame
    figures: pd.DataFrame
    indicators: pd.DataFrame
    breaks: pd.DataFrame
    parts: pd.DataFrame


TYPES = {
    **dict.fromkeys(("series", "indicator", "territory", "kpi", "month", "length", "rank"), "int64"),
    **dict.fromkeys(("whole", "part", "start", "end"), "int64"),
    **dict.fromkeys(("value", "value_max", "digits", "minimum", "maximum", "since", "until"), "float64"),
    **dict.fromkeys(("baseline", "baseline_start", "baseline_end"), "float64"),
    **dict.fromkeys(("is_sum", "is_share", "serves", "is_known", "is_additional"), "bool"),
}


def is_in_range(figure: Decimal) -> bool:
    """Whether the figure can be computed with."""
    return figure == 0 or SMALLEST <= abs(figure) <= LARGEST


def typed(inputs: F) -> F:
    """The same with numbers as numbers, since empty frames come without types, and without gaps."""
    frames = {each.name: getattr(inputs, each.name) for each in fields(inputs)}
    known = {
        name: frame.astype({column: TYPES[column] for column in frame if column in TYPES})
        for name, frame in frames.items()
    }
    known["figures"] = known["figures"].dropna(subset="value")
    return type(inputs)(**known)


_TYPES: dict[str, Any] = {
    "check": "str",
    **dict.fromkeys(("series", "other", "kpi", "territory", "month"), "int64"),
    **dict.fromkeys(("value", "compared", "low", "high", "number"), "float64"),
}
NO_FINDINGS = pd.DataFrame({name: pd.Series(dtype=_TYPES.get(name, "object")) for name in FINDINGS})


def findings(check: StrEnum, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as findings of the check: what they do not say is none."""
    if rows.empty:
        return NO_FINDINGS
    made = rows.reindex(columns=FINDINGS).assign(check=check.value)
    for name, kind in _TYPES.items():
        if kind == "int64":
            made[name] = made[name].astype("float64").fillna(-1)
        made[name] = made[name].astype(kind)
    for name in ("frequency", "subject"):
        made[name] = made[name].astype("object").where(made[name].notna(), "")
    return made


def together(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings in one table; empty tables have no types to give."""
    known = [frame for frame in frames if len(frame)]
    return pd.concat(known, ignore_index=True) if known else NO_FINDINGS


def comparable(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that can be added and compared, each with `half` a unit of its last digit."""
    figures = figures[~is_absurd(figures["value"].to_numpy())]
    half = step_of(figures["value"].to_numpy(), figures["digits"].to_numpy()) / 2
    return figures.assign(half=half)


def step_of(values: Floats, digits: Floats) -> Floats:
    """What one unit of each figure's last digit is worth; `ABOUT` says when zeros at its end are rounding."""
    step = 10.0 ** -np.clip(digits, 0, 300)
    sizes = np.abs(values)
    for power in range(1, 16):
        coarse = 10.0**power
        rounds = (digits <= 0) & (sizes % coarse == 0) & (coarse <= sizes * ABOUT)
        step = np.where(rounds, coarse, step)
    return step


def is_absurd(values: Floats) -> Bools:
    """Figures that no arithmetic in double precision can use."""
    sizes = np.abs(values)
    return ~np.isfinite(values) | (sizes > HUGE) | ((sizes < TINY) & (sizes > 0))
