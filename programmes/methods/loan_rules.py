"""What loans must keep and when each step of an application is due: values in, results out.

"Document 001" is the monotowns programme, whose microcredits were restated in November 2013 and left out from
2015 (lines 747–748 and 867–868); "document 002" is the reply on rural settlements. Rules are named by their
codes in the data packages (docs/methods-programme-rules.md).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from programmes.methods.programme_rules import Code, Violation


class Limit(NamedTuple):
    """A number that a rule sets."""

    value: Decimal
    rule: str


@dataclass(frozen=True)
class LoanLimits:
    """What a loan must keep: tenge, months, the part of the term (one in so many) free of repayment, and
    per cent a year, either at most or exactly. None: the document sets no such limit.
    """

    amount: Limit | None = None
    months: Limit | None = None
    grace_divisor: Limit | None = None
    highest_rate: Limit | None = None
    exact_rate: Limit | None = None


BUDGET_CREDIT = LoanLimits(
    months=Limit(Decimal(60), "R-001-CREDIT"), exact_rate=Limit(Decimal("0.01"), "R-001-CREDIT")
)  # document 001, lines 749–752: from the republican budget to a local executive body
FINANCIAL_AGENCY = LoanLimits(exact_rate=Limit(Decimal("0.01"), "R-001-CREDIT-RATE"))  # lines 772–773
AUYL_AMANATY = LoanLimits(
    months=Limit(Decimal(84), "R-002-MICRO"), highest_rate=Limit(Decimal("2.5"), "R-002-MICRO")
)  # document 002, lines 118–120; it prints no highest sum for one loan


def other_legal_entity(average_yield: Decimal) -> LoanLimits:
    """At the weighted average yield of state securities in the last quarter (document 001, lines 774–779)."""
    return LoanLimits(exact_rate=Limit(average_yield, "R-001-CREDIT-RATE"))


def microcredit(highest_rate: Decimal) -> LoanLimits:
    """A loan to an end borrower of the monotowns programme (document 001, lines 752–766 and 788–790).

    The highest effective rate is not printed: the authorised regional organisation sets it with the regional
    council. That the term of at most five years binds the end borrower too is a reading of line 752.
    """
    return LoanLimits(
        amount=Limit(Decimal(3_000_000), "R-001-CREDIT-MAX"),
        months=Limit(Decimal(60), "R-001-CREDIT"),
        grace_divisor=Limit(Decimal(3), "R-001-CREDIT-GRACE"),
        highest_rate=Limit(highest_rate, "R-001-CREDIT-CAP"),
    )


@dataclass(frozen=True)
class Loan:
    """Tenge, months, months free of repayment (0 for none), per cent a year; None is what is not stated."""

    code: str
    amount: Decimal | None = None
    months: int | None = None
    grace_months: int | None = None
    rate: Decimal | None = None


def check_loan(loan: Loan, limits: LoanLimits) -> list[Violation]:
    """The limits that a loan exceeds or, open, that cannot be checked for want of a number."""
    violations = []
    for code, found, limit in (
        (Code.AMOUNT, loan.amount, limits.amount),
        (Code.MONTHS, loan.months, limits.months),
        (Code.RATE, loan.rate, limits.highest_rate),
    ):
        if limit and (found is None or found > limit.value):
            violations.append(Violation(code, loan.code, limit.rule, found, limit.value))
    if (exact := limits.exact_rate) and loan.rate != exact.value:
        violations.append(Violation(Code.OTHER_RATE, loan.code, exact.rule, loan.rate, exact.value))
    if part := limits.grace_divisor:
        longest = None if loan.months is None else loan.months / part.value
        if loan.grace_months is None or longest is None or loan.grace_months > longest:
            violations.append(Violation(Code.GRACE, loan.code, part.rule, loan.grace_months, longest))
    return violations


@dataclass(frozen=True)
class Calendar:
    """Public holidays, and Saturdays and Sundays that are worked in exchange for other days."""

    holidays: frozenset[dt.date] = frozenset()
    worked: frozenset[dt.date] = frozenset()

    def is_working(self, day: dt.date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.holidays)

    def after(self, start: dt.date, days: int, is_working: bool) -> dt.date:
        """The day so many working or calendar days after the start, which itself does not count."""
        if not is_working:
            return start + dt.timedelta(days=days)
        day = start
        while days:
            day += dt.timedelta(days=1)
            days -= self.is_working(day)
        return day


class Step(StrEnum):
    """What happens to an application for a microcredit; it is filed once the set of documents is complete."""

    FILED = "filed"
    FORWARDED = "forwarded"
    COORDINATOR_CONCLUDED = "coordinator_concluded"
    LENDER_CONCLUDED = "lender_concluded"
    APPLICANT_TOLD = "applicant_told"
    ISSUED = "issued"
    COORDINATOR_TOLD = "coordinator_told"


class Term(NamedTuple):
    """A step is due so many days after the last of the steps before it."""

    step: Step
    before: tuple[Step, ...]
    days: int
    is_working: bool
    rule: str


CONCLUSIONS = (Step.COORDINATOR_CONCLUDED, Step.LENDER_CONCLUDED)
CLOCK = (  # document 001, lines 820–844 and 864–866
    Term(Step.FORWARDED, (Step.FILED,), 5, True, "R-001-CREDIT-D5"),
    Term(Step.COORDINATOR_CONCLUDED, (Step.FORWARDED,), 10, False, "R-001-CREDIT-D10"),
    Term(Step.LENDER_CONCLUDED, (Step.FORWARDED,), 10, False, "R-001-CREDIT-D10"),
    Term(Step.APPLICANT_TOLD, CONCLUSIONS, 3, True, "R-001-CREDIT-D3"),
    Term(Step.COORDINATOR_TOLD, (Step.ISSUED,), 5, True, "R-001-CREDIT-NOTIFY"),
)


def due_steps(done: Mapping[Step, dt.date], calendar: Calendar) -> dict[Step, dt.date]:
    """When each step is due whose beginning is known."""
    return {
        term.step: calendar.after(max(done[step] for step in term.before), term.days, term.is_working)
        for term in CLOCK
        if all(step in done for step in term.before)
    }


def check_clock(
    application: str, done: Mapping[Step, dt.date], calendar: Calendar, today: dt.date
) -> list[Violation]:
    """Steps done late, done before they could begin, or overdue today; open where the start is unknown."""
    due, violations = due_steps(done, calendar), []
    for term in CLOCK:
        day, limit = done.get(term.step), due.get(term.step)
        if day is None:
            if limit is not None and today > limit:
                violations.append(Violation(Code.OVERDUE, application, term.rule, today, limit))
        elif limit is None or day > limit:
            violations.append(Violation(Code.LATE, application, term.rule, day, limit))
        elif day < (start := max(done[step] for step in term.before)):
            violations.append(Violation(Code.TOO_EARLY, application, term.rule, day, start))
    return violations
