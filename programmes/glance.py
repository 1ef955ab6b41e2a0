"""A programme or a goal at a glance: goals with their roll-ups, what slipped, what is due next."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, Q, QuerySet, Value, When

from programmes.models import Goal, Measure, Programme, Standing
from programmes.overview import SLIPPED, Rollup, rollups
from programmes.plans.deadlines import Timing, dated

SHOWN = 8
"""Entries of a short list; the whole list is a page of its own."""
WORST_FIRST = ("reversed", "missed", "off_track", "at_risk")


@dataclass
class Part:
    """A goal with its parts: the roll-up and the number of all KPIs in it and below."""

    goal: Goal
    own: Rollup
    own_kpis: int
    parts: list["Part"] = field(default_factory=list)

    def walk(self) -> Iterator["Part"]:
        """Itself and all its parts, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def rollup(self) -> Rollup:
        """The standings of all these counted."""
        return Rollup.total_of(part.own for part in self.walk())

    @property
    def kpis(self) -> int:
        """How many KPIs they have."""
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
        return Part(goal or Goal(), judged.get(key, Rollup({})), counts.get(key, 0))

    parts = {goal.pk: part_of(goal) for goal in goals}
    roots: list[Part] = []
    for part in parts.values():
        above = parts.get(part.goal.parent_id or 0)
        (above.parts if above else roots).append(part)
    return Goals(roots, parts, part_of(None) if counts.get(None) else None)


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
