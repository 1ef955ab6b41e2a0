"""When reports are due."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from indicators.models import ReportingForm
from indicators.periods import Frequency, Period


@dataclass(frozen=True)
class Deadline:
    """The last day on which a form's report of a period is in time."""

    form: ReportingForm
    period: Period
    on: dt.date


def deadlines(form: ReportingForm, since: dt.date, until: dt.date) -> list[Deadline]:
    """The form's deadlines from one day to another, both included, in their order."""
    found = []
    for deadline in _backwards(form, until):
        if deadline.on < since:
            break
        if deadline.on <= until and form.covers(deadline.period):
            found.append(deadline)
    return found[::-1]


def latest_deadline(form: ReportingForm, today: dt.date) -> Deadline | None:
    """The last deadline before the day; None if there was none yet."""
    of_last = form.last_day + dt.timedelta(days=form.due_days) if form.last_day else today
    for deadline in _backwards(form, min(today, of_last)):
        if form.first_day and deadline.period.start < form.first_day:
            break
        if deadline.on < today and form.covers(deadline.period):
            return deadline
    return None


def begun_deadlines(form: ReportingForm, today: dt.date) -> list[Deadline]:
    """The deadlines of the periods that have begun, the latest first; of a form without a beginning, those
    of the last three years."""
    since = form.first_day or today.replace(year=today.year - 3, day=1)
    longest = dt.timedelta(days=form.due_days + 366 + 31)
    found = deadlines(form, since, today + longest)
    return [deadline for deadline in reversed(found) if deadline.period.start <= today]


def _backwards(form: ReportingForm, until: dt.date) -> Iterator[Deadline]:
    """Deadlines from about the day back. Days off only put them later: none that falls before is missed."""
    frequency = Frequency(form.frequency)
    period = Period.containing(frequency, until - dt.timedelta(days=form.due_days))
    while True:
        yield Deadline(form, period, form.due_on(period))
        period = Period.containing(frequency, period.start - dt.timedelta(days=1))
