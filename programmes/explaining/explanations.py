"""The explanation of one row of progress: what entered, what was computed of it, and what is missing."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from programmes.explaining.facts import Case, Fact, Row, facts_of
from programmes.explaining.formulas import Term, figures_in
from programmes.explaining.ground import ground_of
from programmes.explaining.inputs import Input, actual_of, baseline_of, made_within, targets_of, thresholds_of
from programmes.explaining.members import group_actual_of, made_of_members, members_of
from programmes.explaining.origins import Published, published
from programmes.models import Discrepancy, GroupProgress, GroupStanding, Kpi, Progress, Standing
from programmes.models.progress import Facts
from programmes.overview import in_force
from programmes.progress import METHOD

R = TypeVar("R", bound=Facts)


@dataclass(frozen=True)
class Explanation:
    """A row of progress with its figures and facts, by a version of the method."""

    kpi: Kpi
    row: Row
    method: str
    inputs: Sequence[Input]
    facts: Sequence[Fact]

    @property
    def territory(self) -> int | None:
        """The territory's key; None for a group as a whole."""
        return self.row.territory_id if isinstance(self.row, Progress) else None

    def uses_of(self, code: str) -> list[str]:
        """The codes of the facts and inputs whose formulas the figure enters."""
        parts: list[Fact | Input] = [*self.facts, *self.inputs]
        return [
            part.code for part in parts if any(figure.code == code for figure in figures_in(part.formula))
        ]


def explain(
    kpi: Kpi,
    row: Row,
    standing: Standing | GroupStanding | None,
    day: dt.date,
    discrepancies: Collection[Discrepancy],
) -> Explanation:
    """How the row came about, with what was known and in force on the day.

    The KPI has its programme, indicator, unit, targets and citations at hand; of a territory's row the
    standing has its territory, series and source. Besides, three or four queries are made for a territory and
    some more for a group.
    """
    targets = in_force(kpi.targets.all(), day)
    ground = ground_of(kpi, targets, row.baseline, row.baseline_year)
    case = Case(kpi, row, ground, standing, day)
    facts = facts_of(case)
    inputs = [
        *_measured(case, discrepancies),
        *targets_of(case, targets, discrepancies, set(_years(facts))),
        *thresholds_of(kpi),
    ]
    method = standing.method if standing is not None else METHOD
    return Explanation(kpi, row, method, inputs, facts)


def _measured(case: Case, discrepancies: Collection[Discrepancy]) -> list[Input]:
    """Actual and baseline, each followed by the figures that it is made of."""
    row, standing, year = case.row, case.standing, case.row.baseline_year
    is_observed = case.kpi.baseline_value is None and year is not None
    formula: Term | None = None
    parts: list[Input] = []
    if isinstance(row, GroupProgress):
        members = members_of(case)
        if is_observed and year is not None:
            formula, parts = made_of_members(case, members, year, "baseline_")
        return [*group_actual_of(case, members), baseline_of(case, (), formula, discrepancies), *parts]
    figures: Mapping[int, Sequence[Published]] = {}
    if isinstance(standing, Standing) and standing.series is not None:
        years = [each for each in (row.year, year) if each is not None]
        figures = published(case.kpi, standing.territory, standing.series.source, years)
    observed = figures.get(year, ()) if is_observed and year is not None else ()
    formula, parts = made_within(observed, case.kpi.indicator, "baseline_")
    baseline = baseline_of(case, () if formula else observed, formula, discrepancies)
    return [*actual_of(case, figures.get(row.year, ())), baseline, *parts]


def _years(facts: Sequence[Fact]) -> Iterator[int]:
    """The years of the targets that the facts name."""
    for fact in facts:
        for figure in figures_in(fact.formula):
            if figure.code.startswith("target_"):
                yield int(figure.code.removeprefix("target_"))


def row_of(rows: Mapping[int, R], standing: Standing | GroupStanding | None, year: int | None) -> R | None:
    """The row of the year; if none is named that of the standing, the latest figure or the next target."""
    if year is not None:
        return rows.get(year)
    measured = [key for key, row in rows.items() if row.actual is not None]
    wishes = [
        standing.year if standing else None,
        max(measured, default=None),
        standing.next_target_year if standing else None,
        max(rows, default=None),
    ]
    return next((rows[wish] for wish in wishes if wish is not None and wish in rows), None)
