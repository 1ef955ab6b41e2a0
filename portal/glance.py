"""The programmes at a glance: how their promises stand, what they cost, and what is overdue."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from common.databases.compiled import compiled
from programmes.codes import KEPT, SLIPPED
from programmes.models import ALONE, APART, Funding, Measure, Programme
from programmes.overview import Rollup, rollups
from programmes.plans.counting import Counted, Row, counted
from programmes.plans.deadlines import Repeals, Timing, dated, repeals_by
from programmes.plans.money import Amount

# Lines of measures that nothing divides: there may be thousands, so the database adds them up, in each span
# of years those of which it is known what is paid, and the others.
DIVIDED = Funding.objects.filter(parent__isnull=False).order_by().values("parent")


@dataclass(frozen=True)
class Glance:
    """A programme with how its promises stand, its money, and how many of its measures are overdue."""

    programme: Programme
    rollup: Rollup
    planned: Amount | None
    paid: Decimal | None
    overdue: int

    @property
    def kept(self) -> int:
        """Promises that are kept or on course."""
        return sum(self.rollup.counts.get(code, 0) for code in KEPT)

    @property
    def slipped(self) -> int:
        """Promises that are not."""
        return sum(self.rollup.counts.get(code, 0) for code in SLIPPED)

    @property
    def unknown(self) -> int:
        """Promises that cannot be judged."""
        return self.rollup.total - self.rollup.judged


def glances(today: dt.date) -> list[Glance]:
    """Every programme; seven queries, however many there are and whatever they promise."""
    found, money, late = rollups(), _money(), _overdue(today)
    nothing = Counted()
    return [
        Glance(
            each,
            found.get(each.pk, Rollup({})),
            money.get(each.pk, nothing).planned,
            money.get(each.pk, nothing).paid,
            late.get(each.pk, 0),
        )
        for each in _programmes()
    ]


@compiled
def _programmes() -> QuerySet[Programme]:
    return Programme.objects.select_related("territory", "group").prefetch_related("acts")


def _overdue(today: dt.date) -> dict[int, int]:
    return dict(_late(today, repeals=repeals_by(today)))


@compiled
def _late(today: dt.date, *, repeals: Repeals) -> QuerySet[Measure, tuple[int, int]]:
    late = dated(Measure.objects.order_by(), today, repeals).filter(Q(timing=Timing.OVERDUE))
    return late.values_list("programme").annotate(Count("pk"))


def _money() -> dict[int, Counted]:
    """Each programme's money, counted once (programmes/plans/counting.py)."""
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for number, (programme, first, last, _is_paid, low, high, paid) in enumerate(_added(), 1):
        rows[programme].append(
            Row(
                -number, None, "part", "unspecified", (first, last), Amount(low, high), paid, False,
                programme, None, -number,
            )
        )  # fmt: skip
    for pk, parent, relation, level, first, last, low, high, paid, *whose, _order in _others():
        row = Row(pk, parent, relation, level, (first, last), Amount.of(low, high), paid, *whose)
        rows[row.programme].append(row)
    return {programme: counted(found) for programme, found in rows.items()}


@compiled
def _added() -> QuerySet[Funding, Any]:
    plain = Funding.objects.filter(ALONE).exclude(pk__in=DIVIDED).order_by()
    spans = plain.annotate(is_paid=Q(paid__isnull=False)).values_list(
        "programme", "year_from", "year_to", "is_paid"
    )
    high = Sum(Coalesce("planned_max", "planned"))
    return spans.annotate(low=Sum("planned"), high=high, known=Sum("paid"))


@compiled
def _others() -> QuerySet[Funding, Any]:
    fields = (
        "pk", "parent_id", "relation", "level", "year_from", "year_to", "planned", "planned_max", "paid",
        "is_yearly", "programme_id", "goal_id", "measure_id", "order",
    )  # fmt: skip
    lines = Funding.objects.order_by().values_list(*fields)
    return lines.filter(APART).union(lines.filter(ALONE, pk__in=DIVIDED), all=True).order_by("order")
