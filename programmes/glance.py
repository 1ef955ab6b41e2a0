"""A programme or a goal at a glance: goals with their roll-ups, what slipped, what is due next."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Case, Count, Q, QuerySet, Value, When

from common.databases.compiled import any_of, compiled
from common.databases.planning import planned_briefly
from programmes.codes import SLIPPED
from programmes.models import Funding, Goal, Kpi, Measure, Programme, Standing
from programmes.overview import GoalNode, Rollup, as_tree, rollups
from programmes.plans import funding
from programmes.plans.deadlines import Repeals, Timing, dated
from programmes.plans.measure_lists import Tally, counts_of, tally

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
    """The programme's goals with the counts of their KPIs, however many these are; two queries."""
    judged, counts = rollups("goal_id", programme=programme.pk), dict(_kpis_of_goals(programme.pk))

    def part_of(goal: Goal | None) -> Part:
        key = goal.pk if goal else None
        return Part(goal or Goal(), own=judged.get(key, NOTHING), own_kpis=counts.get(key, 0))

    parts = {goal.pk: part_of(goal) for goal in goals}
    return Goals(as_tree(parts), parts, part_of(None) if counts.get(None) else None)


@compiled
def _kpis_of_goals(programme: int) -> QuerySet[Kpi, tuple[int | None, int]]:
    return Kpi.objects.filter(programme=programme).order_by().values_list("goal").annotate(n=Count("pk"))


@compiled
def goals_in_order(programme: int) -> QuerySet[Goal]:
    """A programme's goals, in its document's order."""
    return Goal.objects.filter(programme=programme).order_by("order")


@dataclass(frozen=True)
class Among:
    """Whose promises and measures: those of programmes, or of goals."""

    owner: Literal["programme", "goal"]
    ids: list[int]


@dataclass(frozen=True)
class Slipped:
    """The promises that slipped furthest, and how many slipped altogether."""

    standings: list[Standing]
    total: int


def slipped(among: Among, rollup: Rollup) -> Slipped:
    """What slipped among the promises, worst words first, then the least of the way covered."""
    total = sum(rollup.counts.get(word, 0) for word in SLIPPED)
    keys = _slipped(among.ids, owner=among.owner) if total else []
    with planned_briefly():
        rows = _standings([kpi for kpi, _place in keys], [place for _kpi, place in keys]) if keys else []
    found = {(each.kpi_id, each.territory_id): each for each in rows}
    return Slipped([found[key] for key in keys if key in found], total)


@compiled
def _slipped(owners: Collection[int], *, owner: str) -> QuerySet[Standing, tuple[int, int]]:
    """Their KPIs and territories: there may be thousands, which are sorted without what is shown."""
    worst = Case(*(When(standing=word, then=Value(place)) for place, word in enumerate(WORST_FIRST)))
    found = Standing.objects.filter(any_of(f"kpi__{owner}", owners), standing__in=SLIPPED)
    return found.order_by(worst, "distance", "kpi__order").values_list("kpi_id", "territory_id")[:SHOWN]


@compiled
def _standings(kpis: Collection[int], territories: Collection[int]) -> QuerySet[Standing]:
    found = Standing.objects.filter(any_of("kpi", kpis), any_of("territory", territories))
    return found.select_related("kpi__indicator__unit", "kpi__programme", "territory")


@dataclass(frozen=True)
class DueNext:
    """The year in which targets fall due next and of how many KPIs, and the measures due next."""

    year: int | None
    kpis: int
    measures: list[Measure]


def due_next(among: Among, today: dt.date, repeals: Repeals) -> DueNext:
    """What falls due from today on; two queries."""
    year, count = next(iter(_years(among.ids, today.year, owner=among.owner)), (None, 0))
    return DueNext(year, count, _due(among.ids, today, owner=among.owner, repeals=repeals))


@compiled
def _years(owners: Collection[int], first: int, *, owner: str) -> QuerySet[Standing, tuple[int, int]]:
    found = Standing.objects.filter(any_of(f"kpi__{owner}", owners), next_target_year__gte=first)
    years = found.order_by("next_target_year").values_list("next_target_year")
    return years.annotate(n=Count("kpi", distinct=True))[:1]


@compiled
def _due(owners: Collection[int], today: dt.date, *, owner: str, repeals: Repeals) -> QuerySet[Measure]:
    found = dated(Measure.objects.filter(any_of(owner, owners)), today, repeals)
    coming = found.filter(Q(timing__in=(Timing.COMING, Timing.UNDER_WAY)), due_on__gte=today)
    return coming.select_related("programme").order_by("due_on", "order")[:SHOWN]


def measures_in_short(among: Among, today: dt.date, repeals: Repeals) -> Tally:
    """The measures counted by how they stand and when they are due; one query."""
    return tally(_measures(among.ids, today, owner=among.owner, repeals=repeals))


@compiled
def _measures(
    owners: Collection[int], today: dt.date, *, owner: str, repeals: Repeals
) -> QuerySet[Measure, tuple[str, dt.date | None, int]]:
    return counts_of(dated(Measure.objects.filter(any_of(owner, owners)), today, repeals))


@compiled
def money_lines(programme: int) -> QuerySet[Funding, Any]:
    """What is counted of a programme's money (programmes/plans/funding.py)."""
    return funding.rows_of(Funding.objects.filter(programme=programme))
