"""Rules that documents state in numbers: values in, results out (docs/methods-programme-rules.md).

When reports fall due, whether a plan's rows make its totals, and what anchor projects must satisfy; loans
are in `loan_rules`. "Document 001" is the monotowns programme; rules are named by the codes of its package.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Required, TypedDict

from indicators.periods import Frequency, Period


class Code(StrEnum):
    """What is wrong."""

    TOWN = "town_not_listed"
    TOO_FEW_PROJECTS = "too_few_projects"
    TOO_MANY_PROJECTS = "too_many_projects"
    JOBS = "too_few_jobs"
    SIZE = "not_medium_or_large"
    RAW = "raw_sector"
    MAP = "not_on_industrialisation_map"
    AMOUNT = "amount_too_large"
    MONTHS = "term_too_long"
    GRACE = "grace_too_long"
    RATE = "rate_too_high"
    OTHER_RATE = "rate_differs"
    LATE = "late"
    OVERDUE = "overdue"
    TOO_EARLY = "before_its_start"


class Violation(NamedTuple):
    """A rule broken by a town, project, loan or step, with what was found and what is allowed.

    Where either is not stated (None) the rule could not be checked: that is an open question, no violation.
    """

    code: Code
    about: str
    rule: str
    found: Decimal | int | dt.date | None
    limit: Decimal | int | dt.date | None

    @property
    def is_open(self) -> bool:
        return self.found is None or self.limit is None


class Deadline(TypedDict, total=False):
    """A measure's deadline as data/schema/measures.schema.json has it, or that of a quarterly report."""

    type: Required[str]
    period: str
    months: list[int]
    from_year: int
    to_year: int
    day: int


QUARTERLY_REPORT: Deadline = {"type": "quarterly", "day": 15}  # document 001, lines 20–25, R-001-REP-Q


def due_dates(deadline: Deadline | None, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days within `first` to `last`, both included, by which something is due, in order.

    A quarterly report is due on its day of the month after the quarter; every other deadline on the last day
    of the month, period or year that it names, since the plan (document 001, section 7) prints no day.
    "January and July" makes two a year. Due days are not moved from weekends. Raises `ValueError` for a type
    that it does not know.
    """
    if deadline is None:
        return ()
    years = range(
        max(first.year, deadline.get("from_year", first.year)),
        min(last.year, deadline.get("to_year", last.year)) + 1,
    )
    match deadline["type"]:
        case "one_off" | "start":
            days = [Period.parse(deadline["period"]).end]
        case "period":
            days = [dt.date(deadline["to_year"], 12, 31)]
        case "yearly":
            days = [dt.date(year, 12, 31) for year in years]
        case "recurring":
            months = sorted(set(deadline["months"]))
            days = [Period.of(Frequency.MONTH, year, month).end for year in years for month in months]
        case "quarterly":
            days = [dt.date(year, month, deadline["day"]) for year in years for month in (1, 4, 7, 10)]
        case unknown:
            raise ValueError(unknown)
    return tuple(day for day in days if first <= day <= last)


class PlanRow(NamedTuple):
    """An amount of a measure for a year or, undivided, for several; all rows in one unit."""

    measure: str
    from_year: int
    to_year: int
    amount: Decimal


@dataclass(frozen=True)
class YearSum:
    """What a plan's rows make in a year, and the total that is printed for it.

    `undivided` are the measures with an amount for several years, this one among them; no sum includes it.
    """

    year: int
    planned: Decimal
    printed: Decimal | None
    undivided: tuple[str, ...]

    @property
    def difference(self) -> Decimal | None:
        """Rows less total; None without a printed total or with undivided amounts."""
        return None if self.printed is None or self.undivided else self.planned - self.printed


def sum_by_year(rows: Iterable[PlanRow], printed: Mapping[int, Decimal]) -> list[YearSum]:
    """The sums of all years that have a row or a printed total (document 001: lines 2123–2150), in order."""
    amounts: defaultdict[int, list[Decimal]] = defaultdict(list)
    undivided: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.from_year == row.to_year:
            amounts[row.from_year].append(row.amount)
        else:
            for year in range(row.from_year, row.to_year + 1):
                undivided[year].append(row.measure)
    return [
        YearSum(year, sum(amounts[year], Decimal(0)), printed.get(year), tuple(undivided[year]))
        for year in sorted({*amounts, *undivided, *printed})
    ]


MIN_PROJECTS, MAX_PROJECTS, MIN_JOBS = 1, 3, 100


@dataclass(frozen=True)
class AnchorProject:
    """A project picked as an anchor of a town; None is what is not known of it."""

    code: str
    town: str
    jobs: int | None = None
    is_medium_or_large: bool | None = None
    is_outside_raw_sectors: bool | None = None
    is_on_map: bool | None = None


def check_anchor_projects(projects: Sequence[AnchorProject], towns: Sequence[str]) -> list[Violation]:
    """Whether each town has 1–3 anchor projects, and each project is one by the programme's definition.

    1–3 for each monotown: document 001, lines 691–694, R-001-ANCHOR-N. A medium or large project of the
    Industrialisation Map outside the raw-material sectors that is to open at least 100 jobs: lines 234–237,
    R-001-ANCHOR. Every project counts, also one that falls short of the definition.
    """
    counts = Counter(project.town for project in projects)
    violations = []
    for town in towns:
        if (count := counts[town]) < MIN_PROJECTS:
            violations.append(Violation(Code.TOO_FEW_PROJECTS, town, "R-001-ANCHOR-N", count, MIN_PROJECTS))
        if count > MAX_PROJECTS:
            violations.append(Violation(Code.TOO_MANY_PROJECTS, town, "R-001-ANCHOR-N", count, MAX_PROJECTS))
    for town in sorted(counts.keys() - set(towns)):
        violations.append(Violation(Code.TOWN, town, "R-001-ANCHOR-N", counts[town], 0))
    for project in projects:
        for code, number, least in (
            (Code.JOBS, project.jobs, MIN_JOBS),
            (Code.SIZE, project.is_medium_or_large, True),
            (Code.RAW, project.is_outside_raw_sectors, True),
            (Code.MAP, project.is_on_map, True),
        ):
            if number is None or number < least:
                violations.append(Violation(code, project.code, "R-001-ANCHOR", number, least))
    return violations
