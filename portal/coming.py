"""What falls due in the months to come: targets and measures, programme by programme."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from cities.querysets import in_force
from indicators.periods import Frequency, Period
from programmes.models import Measure, Programme, Target
from programmes.plans.deadlines import Timing, dated

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
    rows = Target.objects.filter(
        in_force(today), period_start__gt=today - LONGEST_PERIOD, period_start__lte=today + AHEAD
    )
    counts = rows.order_by().values_list("frequency", "period_start", "kpi__programme").annotate(Count("pk"))
    ends = [(Period(Frequency(f), start).end, programme, count) for f, start, programme, count in counts]
    return [each for each in ends if today <= each[0] <= today + AHEAD]


def _measures(today: dt.date) -> list[tuple[dt.date, int, int]]:
    owed = dated(Measure.objects.order_by(), today).filter(
        Q(timing=Timing.COMING) | Q(timing=Timing.UNDER_WAY)
    )
    soon = owed.filter(due_on__gte=today, due_on__lte=today + AHEAD)
    return list(soon.values_list("due_on", "programme").annotate(Count("pk")))
