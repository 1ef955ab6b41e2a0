"""Small tables to check: series as lists of figures, promises as words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from programmes.quality import Inputs, check

NAN = float("nan")
YEAR = 12
LENGTHS = {"A": 12, "Q": 3, "M": 1}
COLUMNS = {
    "series": [
        "series", "indicator", "territory", "breakdown", "source", "rank", "frequency", "length", "serves",
    ],
    "figures": ["series", "month", "value", "digits"],
    "indicators": ["indicator", "is_sum", "is_share", "minimum", "maximum"],
    "breaks": ["indicator", "source", "month"],
    "parts": ["whole", "part", "since", "until"],
    "kpis": [
        "kpi", "territory", "indicator", "breakdown", "comparator", "form", "path", "baseline",
        "baseline_start", "baseline_end", "baseline_frequency", "is_known", "minimum", "maximum",
    ],
    "places": ["kpi", "territory"],
    "targets": ["kpi", "start", "end", "frequency", "value", "value_max", "is_additional"],
}  # fmt: skip
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """A series: its figures from a year on (None: a gap), and what it is of."""

    values: Sequence[float | None]
    start: int = 2000
    indicator: int = 1
    territory: int = 1
    breakdown: str = ""
    source: int = 1
    rank: int = 0
    frequency: str = "A"
    digits: int = 1


def inputs_of(*lines: Line, **more: Rows) -> Inputs:
    """The tables of the series, and whatever else is given."""
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    for number, line in enumerate(lines):
        length = LENGTHS[line.frequency]
        tables["series"].append(
            {
                **{name: getattr(line, name) for name in ("indicator", "territory", "breakdown", "source")},
                "series": number, "rank": line.rank, "frequency": line.frequency, "length": length,
                "serves": True,
            }
        )  # fmt: skip
        tables["figures"] += [
            {
                "series": number,
                "month": line.start * YEAR + at * length,
                "value": value,
                "digits": line.digits,
            }
            for at, value in enumerate(line.values)
            if value is not None
        ]
    known = {line.indicator for line in lines} | {row["indicator"] for row in more.get("kpis", [])}
    tables["indicators"] = [indicator(each) for each in sorted(known)]
    tables |= more
    return Inputs(**{name: pd.DataFrame(rows, columns=COLUMNS[name]) for name, rows in tables.items()})


def indicator(number: int = 1, **rules: Any) -> dict[str, Any]:
    """An indicator without limits whose figures do not add up."""
    return {
        "indicator": number, "is_sum": False, "is_share": False, "minimum": NAN, "maximum": NAN, **rules
    }  # fmt: skip


def promise(baseline: float = NAN, year: float = NAN, **rules: Any) -> dict[str, Any]:
    """A KPI: at least so much by then, from its baseline in a year."""
    return {
        "kpi": 1, "territory": 1, "indicator": 1, "breakdown": "", "comparator": "at_least", "form": "level",
        "path": "linear", "baseline": baseline, "baseline_start": year * YEAR,
        "baseline_end": year * YEAR + 11, "baseline_frequency": "A", "is_known": False, "minimum": NAN,
        "maximum": NAN, **rules,
    }  # fmt: skip


def targets(values: Mapping[int, float], value_max: float = NAN) -> Rows:
    """The targets of KPI 1 by year."""
    return [
        {
            "kpi": 1, "start": year * YEAR, "end": year * YEAR + 11, "frequency": "A", "value": value,
            "value_max": value_max, "is_additional": False,
        }
        for year, value in values.items()
    ]  # fmt: skip


def found(inputs: Inputs) -> list[tuple[str, int, float]]:
    """What is found: check, year (-1 without), and the figure in doubt."""
    rows = check(inputs).to_dict("records")
    return [(row["check"], row["month"] // YEAR if row["month"] >= 0 else -1, row["value"]) for row in rows]


def checks(inputs: Inputs) -> list[str]:
    """The checks that find something."""
    return [name for name, _year, _value in found(inputs)]
