"""A programme or a goal at a glance: goals with their roll-ups, what slipped, what is due next."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, Value, When

from programmes.models import Goal, Measure, Programme, Standing
from programmes.overview import SLIPPED, GoalNode, Rollup, as_tree, rollups
from programmes.plans.deadlines import Timing, dated

SHOWN = 8
"""Entries of a short list; the whole list is a page of its own."""
NOTHING = Rollup({})
WORST_FIRST = ("reversed", "missed", "off_track", "at_risk")


@dataclass
class Part(GoalNode):
    """A goal with the roll-up and the number of its own KPIs."""

    own: Rollup = NOTHING
    own_kpis: int = 0

    @property
    def rollup(self) -> Rollup:
        """The standings of its KPIs and of those of its parts counted."""
        return Rollup.total_of(part.own for part in self.walk())

    @property
    def kpis(self) -> int:
        """How many KPIs it and its parts have."""
        return sum(part.own_kpis for part in self.walk())


@dataclass(frozen=True)
class Goals:
    """A programme's goals as a tree, by their ids, and what belongs to none of them."""

    roots: list[Part]
    parts: Mapping[int, Part]
    loose: Part | None

    @property
    def rollup(self) -> Rollup:
        """Everything that the programme promises."""
        return Rollup.total_of(part.rollup for part in self._whole())

    @property
    def kpis(self) -> int:
        """How many KPIs it has."""
        return sum(part.kpis for part in self._whole())

    def above(self, part: Part) -> list[Goal]:
        """The goals above a part, the topmost first."""
        found: list[Goal] = []
        parent = part.goal.parent_id
        while parent is not None:
            found.insert(0, self.parts[parent].goal)
            parent = self.parts[parent].goal.parent_id
        return found

    def _whole(self) -> list[Part]:
        return [*self.roots, *([self.loose] if self.loose else [])]


def goals_of(programme: Programme, goals: Iterable[Goal]) -> Goals:
    """The programme's goals with the counts of their KPIs, however many these are; three queries."""
    judged: dict[int | None, Rollup] = {}
    judged.update(rollups("kpi__goal", Standing.objects.filter(kpi__programme=programme)).items())
    counts = dict(programme.kpis.order_by().values_list("goal").annotate(n=Count("pk")))

    def part_of(goal: Goal | None) -> Part:
        key = goal.pk if goal else None
        return Part(goal or Goal(), own=judged.get(key, NOTHING), own_kpis=counts.get(key, 0))

    parts = {goal.pk: part_of(goal) for goal in goals}
    return Goals(as_tree(parts), parts, part_of(None) if counts.get(None) else None)


@dataclass(frozen=True)
class Slipped:
    """The promises that slipped furthest, and how many slipped altogether."""

    standings: list[Standing]
    total: int


def slipped(promises: Q) -> Slipped:
    """What slipped among the promises, worst words first, then the least of the way covered."""
    found = Standing.objects.filter(promises, standing__in=SLIPPED)
    worst = Case(*(When(standing=word, then=Value(place)) for place, word in enumerate(WORST_FIRST)))
    rows = found.select_related("kpi__indicator__unit", "kpi__programme", "territory")
    shown = list(rows.order_by(worst, "distance", "kpi__order")[:SHOWN])
    return Slipped(shown, found.count() if len(shown) == SHOWN else len(shown))


@dataclass(frozen=True)
class DueNext:
    """The year in which targets fall due next and of how many KPIs, and the measures due next."""

    year: int | None
    kpis: int
    measures: list[Measure]


def due_next(promises: Q, measures: QuerySet[Measure], today: dt.date) -> DueNext:
    """What falls due from today on; three queries."""
    coming = Standing.objects.filter(promises, next_target_year__gte=today.year).order_by("next_target_year")
    years = coming.values_list("next_target_year").annotate(n=Count("kpi", distinct=True))
    year, count = years.first() or (None, 0)
    open_ones = dated(measures, today).filter(
        Q(timing__in=(Timing.COMING, Timing.UNDER_WAY)), due_on__gte=today
    )
    nearest = open_ones.select_related("programme").order_by("due_on", "order")
    return DueNext(year, count, list(nearest[:SHOWN]))
