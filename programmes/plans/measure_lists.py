"""What a list of measures shows beside its rows: counts, the bars over time, the money; counted in SQL."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncQuarter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from common.charts.timeline import Slot
from programmes.models import Funding, Measure
from programmes.plans.deadlines import Timing
from programmes.plans.money import Amount, total

QUARTERS = 16
"""Longer times are drawn by year."""
DRAWN = (Timing.DONE, Timing.UNDER_WAY, Timing.COMING, Timing.OVERDUE, Timing.LAPSED)
"""The kinds of the bars, from the base up; what has no day or is excluded stands in no bar."""

Quarter = tuple[int, int]


@dataclass(frozen=True)
class Tally:
    """How many measures stand how, and how many of each fall due last in each quarter."""

    counts: Mapping[Timing, int]
    quarters: Mapping[Quarter, Mapping[str, int]]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        """What the list holds, in words."""
        overdue, done = self.counts.get(Timing.OVERDUE, 0), self.counts.get(Timing.DONE, 0)
        parts = [
            ngettext(
                "%(overdue)s of %(total)s measure is overdue",
                "%(overdue)s of %(total)s measures are overdue",
                self.total,
            )
            % {"overdue": overdue, "total": self.total},
            ngettext("%(n)s is recorded as done", "%(n)s are recorded as done", done) % {"n": done},
        ]
        return "; ".join(parts) + "."

    def slots(self, today: dt.date) -> list[Slot]:
        """The periods from the first to the last in which any falls due: quarters, or years where many."""
        drawn = {when: counts for when, counts in self.quarters.items() if any(map(counts.get, DRAWN))}
        if not drawn:
            return []
        (first, _q), (last, _p) = min(drawn), max(drawn)
        if 4 * (last - first + 1) <= QUARTERS:
            now = today.year, (today.month + 2) // 3
            every = [(year, quarter) for year in range(first, last + 1) for quarter in range(1, 5)]
            return [Slot(_quarter(*when), drawn.get(when, {}), when == now) for when in every]
        years: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for (year, _quarter_of), counts in drawn.items():
            years[year].update(counts)
        return [Slot(str(year), years[year], year == today.year) for year in range(first, last + 1)]


def told(slots: Iterable[Slot]) -> str:
    """What the bars show, for those who cannot see them."""

    def of(slot: Slot) -> str:
        return ", ".join(f"{kind.label} {slot.counts[kind]}" for kind in DRAWN if slot.counts.get(kind))

    return " ".join(f"{slot.name}: {of(slot)}." for slot in slots if of(slot))


def _quarter(year: int, quarter: int) -> str:
    return pgettext("short period", "Q%(quarter)s %(year)s") % {"quarter": quarter, "year": year}


def counts_of(measures: QuerySet[Measure]) -> QuerySet[Measure, tuple[str, dt.date | None, int]]:
    """Of measures that `dated` gave, by how they stand and the quarter in which they are due."""
    rows = measures.order_by().values_list("timing", TruncQuarter("due_on"))
    return rows.annotate(n=Count("pk", distinct=True))


def tally(rows: Iterable[tuple[str, dt.date | None, int]]) -> Tally:
    """What `counts_of` measures gives."""
    counts: Counter[Timing] = Counter()
    quarters: defaultdict[Quarter, Counter[str]] = defaultdict(Counter)
    for timing, quarter, count in rows:
        counts[Timing(timing)] += count
        if quarter is not None:
            quarters[quarter.year, (quarter.month + 2) // 3][timing] += count
    return Tally(counts, quarters)


@dataclass(frozen=True)
class Money:
    """What measures cost: planned and paid in million tenge, None where nobody states it; and of how many."""

    planned: Amount | None
    paid: Decimal | None
    with_plan: int
    with_payment: int


def money_of(measures: QuerySet[Measure]) -> Money:
    """The sums over the measures that are not excluded, without what is paid every year; one query."""
    lines = Funding.objects.filter(measure__in=measures.order_by().values("pk"), is_yearly=False)
    whole = lines.exclude(measure__state=Measure.State.EXCLUDED).exclude(parent__measure=F("measure"))
    sums = whole.aggregate(
        low=Sum("planned"),
        high=Sum(Coalesce("planned_max", "planned")),
        spent=Sum("paid"),
        with_plan=Count("measure", distinct=True, filter=Q(planned__isnull=False)),
        with_payment=Count("measure", distinct=True, filter=Q(paid__isnull=False)),
    )
    planned = Amount.of(sums["low"], sums["high"])
    return Money(planned, sums["spent"], sums["with_plan"], sums["with_payment"])


def overdue_for(due_on: dt.date, today: dt.date) -> str:
    """How long the day has been over, in words: days, then months, then years."""
    days = (today - due_on).days
    months = (today.year - due_on.year) * 12 + today.month - due_on.month - (today.day < due_on.day)
    if months < 2:
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if months < 24:
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    years = months // 12
    return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def state_in_words(measure: Measure, today: dt.date) -> str:
    """Its timing, with how long it has been overdue: “overdue for 3 years”. `measure` is of `dated`."""
    timing = Timing(measure.timing)  # type: ignore[attr-defined]
    if timing != Timing.OVERDUE or measure.due_on is None:
        return str(timing.label)
    return _("overdue for %(time)s") % {"time": overdue_for(measure.due_on, today)}


def money_in(lines: Sequence[Funding]) -> tuple[Amount | None, Decimal | None]:
    """What a measure's lines plan and pay, parts of other lines and yearly amounts left out."""
    keys = {line.pk for line in lines}
    whole = [line for line in lines if line.parent_id not in keys and not line.is_yearly]
    planned = [amount for line in whole if (amount := Amount.of(line.planned, line.planned_max)) is not None]
    paid = [line.paid for line in whole if line.paid is not None]
    return total(planned) if planned else None, sum(paid, Decimal(0)) if paid else None
