"""The programmes at a glance: how their promises stand, what they cost, and what is overdue."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from programmes.models import Funding, Measure, Programme
from programmes.overview import KEPT, SLIPPED, Rollup, rollups
from programmes.plans.counting import Counted, Row, counted
from programmes.plans.deadlines import Timing, dated
from programmes.plans.money import Amount

# Lines of measures that stand alone and that nothing divides; there may be thousands, so the database adds
# them up: in each span of years those of which it is known what is paid, and the others.
PLAIN = Q(measure__isnull=False, parent=None, is_yearly=False, planned__isnull=False) & ~Exists(
    Funding.objects.filter(parent=OuterRef("pk"))
)


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
    """Every programme; eight queries, however many there are and whatever they promise."""
    found, money, late = rollups(), _money(), _overdue(today)
    programmes = Programme.objects.select_related("territory", "group").prefetch_related("acts")
    nothing = Counted()
    return [
        Glance(
            each,
            found.get(each.pk, Rollup({})),
            money.get(each.pk, nothing).planned,
            money.get(each.pk, nothing).paid,
            late.get(each.pk, 0),
        )
        for each in programmes
    ]


def _overdue(today: dt.date) -> dict[int, int]:
    late = dated(Measure.objects.order_by(), today).filter(Q(timing=Timing.OVERDUE))
    return dict(late.values_list("programme").annotate(Count("pk")))


def _money() -> dict[int, Counted]:
    """Each programme's money, counted once (programmes/plans/counting.py)."""
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for row in (*_added(), *_others()):
        rows[row.programme].append(row)
    return {programme: counted(found) for programme, found in rows.items()}


def _added() -> Iterable[Row]:
    spans = Funding.objects.filter(PLAIN).order_by().annotate(is_paid=Q(paid__isnull=False))
    sums = spans.values_list("programme", "year_from", "year_to", "is_paid").annotate(
        low=Sum("planned"), high=Sum(Coalesce("planned_max", "planned")), known=Sum("paid")
    )
    for number, (programme, first, last, _is_paid, low, high, paid) in enumerate(sums, 1):
        yield Row(
            -number, None, "part", "unspecified", (first, last), Amount(low, high), paid, False,
            programme, None, -number,
        )  # fmt: skip


def _others() -> Iterable[Row]:
    fields = (
        "pk", "parent_id", "relation", "level", "year_from", "year_to", "planned", "planned_max", "paid",
        "is_yearly", "programme_id", "goal_id", "measure_id",
    )  # fmt: skip
    for row in Funding.objects.exclude(PLAIN).order_by("order").values_list(*fields):
        pk, parent, relation, level, first, last, low, high, paid, *whose = row
        yield Row(pk, parent, relation, level, (first, last), Amount.of(low, high), paid, *whose)
