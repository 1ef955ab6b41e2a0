"""The calendar of what programmes owe: the days on which measures and quarterly reports fall due."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from programmes.methods.programme_rules import QUARTERLY_REPORT, due_dates
from programmes.models import LegalAct, Measure, Programme, Rule
from programmes.plans.validity import Effect, Force, exclusion, force

QUARTERLY = "R-001-REP-Q"


@dataclass(frozen=True)
class Due:
    """A measure, or a provision that asks for reports, and a day on which it falls due."""

    day: dt.date
    programme: Programme
    item: Measure | Rule

    @property
    def is_measure(self) -> bool:
        """Whether it is an item of the action plan."""
        return isinstance(self.item, Measure)


@dataclass(frozen=True)
class DueDay:
    """What falls due on a day, programme by programme."""

    day: dt.date
    programmes: list[tuple[Programme, list[Due]]]

    @property
    def count(self) -> int:
        """How much falls due."""
        return sum(len(due) for _programme, due in self.programmes)


def calendar(first: dt.date, last: dt.date) -> list[DueDay]:
    """The days from `first` to `last`, both included, on which anything falls due; four queries.

    It counts where its programme was in force on that day: within its term, and by its acts as far as they
    state their days. An excluded measure counts until its exclusion takes effect.
    """
    found = sorted(_due(first, last), key=lambda due: due.day)
    return [
        DueDay(day, [(programme, list(due)) for programme, due in groupby(on_day, lambda due: due.programme)])
        for day, on_day in groupby(found, lambda due: due.day)
    ]


def _due(first: dt.date, last: dt.date) -> Iterator[Due]:
    """What falls due, programme by programme, in the order of their plans."""
    reports = {rule.programme_id: rule for rule in Rule.objects.filter(code=QUARTERLY)}
    measures = Measure.objects.select_related("excluded_by").order_by("order")
    for programme in Programme.objects.prefetch_related("acts", Prefetch("measures", measures)):
        acts = list(programme.acts.all())
        span = max(first, programme.starts_on), min(last, programme.ends_on)
        if report := reports.get(programme.pk):
            for day in due_dates(QUARTERLY_REPORT, *span):
                if _holds(acts, day):
                    yield Due(day, programme, report)
        for measure in programme.measures.all():
            for day in due_dates(measure.deadline, *span):
                if _holds(acts, day) and not _is_excluded(measure, day):
                    yield Due(day, programme, measure)


def _holds(acts: list[LegalAct], day: dt.date) -> bool:
    return force(acts, day) in {Force.IN_FORCE, Force.NOT_STATED}


def _is_excluded(measure: Measure, day: dt.date) -> bool:
    if measure.state != Measure.State.EXCLUDED:
        return False
    return exclusion(measure.excluded_by, day) in {Effect.IN_EFFECT, Effect.NOT_STATED}
