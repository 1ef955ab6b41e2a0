"""Small inputs for the arithmetic of progress: one KPI in one place, or tables of them."""

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from programmes.progress import Inputs, Results, compute

NAN = math.nan
YEAR = 12  # months
TODAY = dt.date(2026, 11, 20)
KPI: Mapping[str, Any] = {
    "kpi": 1, "comparator": "at_least", "form": "level", "path": "linear",
    "on_track_from": 0.95, "at_risk_from": 0.6, "tolerance_months": 36,
    "minimum": NAN, "maximum": NAN, "over_time": "none", "aggregation": "", "per": 1,
}  # fmt: skip
NEET: dict[str, Any] = {
    "targets": {2023: 5.7, 2024: 5.1, 2025: 4.5, 2030: 3.0},
    "baseline": (2022, 6.3),
    "comparator": "at_most",
}
RATIOS = ("attainment", "distance", "pace")
WORDS = ("verdict", "verdict_reason", "course", "course_reason", *(f"{ratio}_reason" for ratio in RATIOS))

Target = float | tuple[float, float]


def inputs_of(
    kpis: Iterable[Mapping[str, Any]],
    places: Iterable[tuple[int, int, float, float]],
    targets: Iterable[tuple[int, int, float, float, bool]] = (),
    actuals: Iterable[tuple[int, int, int, float, int]] = (),
    breaks: Iterable[tuple[int, int, int]] = (),
    parts: Iterable[tuple[int, int, int, float, float]] = (),
) -> Inputs:
    """Inputs of rows in the order of their columns; what a KPI does not say is as in `KPI`.

    places: kpi, territory, baseline, its year. targets: kpi, year, value, value_max, is_additional. actuals:
    kpi, territory, year, value, months. breaks: kpi, territory, year. parts: kpi, territory, year,
    numerator, denominator.
    """
    place = ["kpi", "territory"]
    return Inputs(
        kpis=pd.DataFrame([{**KPI, **kpi} for kpi in kpis]),
        places=pd.DataFrame(places, columns=[*place, "baseline", "baseline_year"]),
        targets=pd.DataFrame(targets, columns=["kpi", "year", "value", "value_max", "is_additional"]),
        actuals=pd.DataFrame(actuals, columns=[*place, "year", "value", "months"]),
        breaks=pd.DataFrame(breaks, columns=[*place, "year"]),
        parts=pd.DataFrame(parts, columns=[*place, "year", "numerator", "denominator"]),
    )


def targets_of(
    kpi: int, targets: Mapping[int, Target], additional: Collection[int] = ()
) -> list[tuple[int, int, float, float, bool]]:
    """Rows of targets; a pair is a range, one of `additional` counts on top of the one before."""
    return [
        (kpi, year, *(value if isinstance(value, tuple) else (value, NAN)), year in additional)
        for year, value in targets.items()
    ]


def judge(
    actuals: Mapping[int, float],
    targets: Mapping[int, Target],
    baseline: tuple[float, float] = (NAN, NAN),
    today: dt.date = TODAY,
    additional: Collection[int] = (),
    months: Mapping[int, int] | None = None,
    breaks: Collection[int] = (),
    **kpi: Any,
) -> Results:
    """One KPI in one place. baseline: year and value; months: how many of a year are known, if not all."""
    known = months or {}
    return compute(
        inputs_of(
            kpis=[kpi],
            places=[(1, 1, baseline[1], baseline[0])],
            targets=targets_of(1, targets, additional),
            actuals=[(1, 1, year, value, known.get(year, YEAR)) for year, value in actuals.items()],
            breaks=[(1, 1, year) for year in breaks],
        ),
        today,
    )


@dataclass(frozen=True)
class Case:
    """A KPI in one place: figures by year, baseline (year and value), and what is not as in `KPI`."""

    actuals: Mapping[int, float]
    targets: Mapping[int, float]
    start: tuple[int, float]
    rule: Mapping[str, Any]

    def changed(self, *, times: float = 1, plus: float = 0, **rule: Any) -> "Case":
        """All figures in another unit, or from another zero."""
        actuals, targets = (
            {year: value * times + plus for year, value in each.items()}
            for each in (self.actuals, self.targets)
        )
        start = (self.start[0], self.start[1] * times + plus)
        return Case(actuals, targets, start, {**self.rule, **rule})


def judge_all(cases: Iterable[Case]) -> Results:
    """Many at once, which take hardly longer than one: the number of each KPI is its place among them."""
    numbered = list(enumerate(cases))
    return compute(
        inputs_of(
            kpis=[{"kpi": kpi, **case.rule} for kpi, case in numbered],
            places=[(kpi, 1, case.start[1], case.start[0]) for kpi, case in numbered],
            targets=[each for kpi, case in numbered for each in targets_of(kpi, case.targets)],
            actuals=[(kpi, 1, *figure, YEAR) for kpi, case in numbered for figure in case.actuals.items()],
        ),
        TODAY,
    )


def row(results: Results, year: int) -> dict[str, Any]:
    """The only row of the year."""
    return only(results.progress[results.progress["year"] == year])


def standing(results: Results) -> dict[str, Any]:
    """The only standing."""
    return only(results.standings)


def forecast(results: Results, year: int) -> dict[str, Any]:
    """The only forecast for the year."""
    return only(results.forecasts[results.forecasts["year"] == year])


def only(rows: pd.DataFrame) -> dict[str, Any]:
    """The one row that there must be."""
    assert len(rows) == 1
    return {str(key): value for key, value in rows.iloc[0].items()}
