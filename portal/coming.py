"""What falls due in the months to come: targets and measures, programme by programme."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from cities.querysets import in_force
from common.databases.compiled import compiled
from indicators.periods import Frequency, Period
from programmes.models import Measure, Programme, Target
from programmes.plans.deadlines import Repeals, Timing, dated, repeals_by

AHEAD = dt.timedelta(days=366)
"""A year: most targets and measures fall due at its end."""
LONGEST_PERIOD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Due:
    """What a programme owes by a day."""

    day: dt.date
    programme: Programme
    targets: int
    measures: int


def days_due(today: dt.date, programmes: Sequence[Programme]) -> list[Due]:
    """What the programmes owe within a year, the nearest day first; three queries."""
    days: defaultdict[tuple[dt.date, int], list[int]] = defaultdict(lambda: [0, 0])
    for day, programme, count in _targets(today):
        days[day, programme][0] += count
    for day, programme, count in _measures(today):
        days[day, programme][1] += count
    known = {programme.pk: programme for programme in programmes}
    return [
        Due(day, known[programme], *counts)
        for (day, programme), counts in sorted(days.items(), key=lambda item: item[0])
        if programme in known
    ]


def _targets(today: dt.date) -> list[tuple[dt.date, int, int]]:
    counts = _targets_between(today, today - LONGEST_PERIOD, today + AHEAD)
    ends = [(Period(Frequency(f), start).end, programme, count) for f, start, programme, count in counts]
    return [each for each in ends if today <= each[0] <= today + AHEAD]


def _measures(today: dt.date) -> list[tuple[dt.date, int, int]]:
    return _measures_until(today, today + AHEAD, repeals=repeals_by(today))


@compiled
def _targets_between(
    today: dt.date, first: dt.date, last: dt.date
) -> QuerySet[Target, tuple[str, dt.date, int, int]]:
    found = Target.objects.filter(in_force(today), period_start__gt=first, period_start__lte=last).order_by()
    return found.values_list("frequency", "period_start", "kpi__programme").annotate(Count("pk"))


@compiled
def _measures_until(
    today: dt.date, last: dt.date, *, repeals: Repeals
) -> QuerySet[Measure, tuple[dt.date, int, int]]:
    owed = dated(Measure.objects.order_by(), today, repeals)
    soon = owed.filter(
        Q(timing=Timing.COMING) | Q(timing=Timing.UNDER_WAY), due_on__gte=today, due_on__lte=last
    )
    return soon.values_list("due_on", "programme").annotate(Count("pk"))
