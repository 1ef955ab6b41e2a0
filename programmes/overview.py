"""What lists of promises show: a row per KPI, the tree of goals that carries them, and their roll-up."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import Goal, Kpi, Progress, Standing, Target

KEPT = frozenset({"met", "on_track"})
SLIPPED = frozenset({"at_risk", "off_track", "reversed", "missed"})


@dataclass(frozen=True)
class Rollup:
    """How many promises stand how. A KPI for a group counts once for each of its members."""

    counts: Mapping[str, int]

    @classmethod
    def of(cls, standings: Iterable[Standing]) -> "Rollup":
        """The roll-up of the standings."""
        return cls(Counter(standing.standing for standing in standings))

    @property
    def total(self) -> int:
        """All promises."""
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Each standing with its count."""
        return list(self.counts.items())

    @property
    def judged(self) -> int:
        """Those with figures good enough to judge by: the coverage."""
        return sum(self.counts.get(code, 0) for code in KEPT | SLIPPED)

    @property
    def sentence(self) -> str:
        """What the list shows, in words."""
        if not self.total:
            return _("No promise here has been judged yet.")
        kept = sum(self.counts.get(code, 0) for code in KEPT)
        slipped, unknown = self.judged - kept, self.total - self.judged
        parts = [
            ngettext(
                "%(kept)s of %(total)s promise is kept or on course",
                "%(kept)s of %(total)s promises are kept or on course",
                self.total,
            )
            % {"kept": kept, "total": self.total}
        ]
        if slipped:
            parts.append(ngettext("%(n)s has slipped", "%(n)s have slipped", slipped) % {"n": slipped})
        if unknown:
            parts.append(
                ngettext("%(n)s cannot be judged yet", "%(n)s cannot be judged yet", unknown) % {"n": unknown}
            )
        return "; ".join(parts) + "."


def rollups() -> dict[int, Rollup]:
    """The roll-up of every programme that has judged promises, by the programme's id; one query."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    rows = Standing.objects.values_list("kpi__programme_id", "standing").annotate(count=Count("pk"))
    for programme, standing, count in rows.order_by():
        counts[programme][standing] = count
    return {programme: Rollup(found) for programme, found in counts.items()}


@dataclass(frozen=True)
class KpiRow:
    """A KPI in a list: its latest figure, its next target, and its standing."""

    kpi: Kpi
    standings: Sequence[Standing]
    target: Target | None
    actual: float | None

    @property
    def standing(self) -> Standing | None:
        """The one standing of a KPI for one territory."""
        return self.standings[0] if self.standings and self.kpi.group_id is None else None

    @cached_property
    def rollup(self) -> Rollup:
        """The standings counted."""
        return Rollup.of(self.standings)


def in_force(targets: Iterable[Target], today: dt.date) -> list[Target]:
    """The targets that hold today, by period: set by an act in effect, and not replaced since."""
    held = [
        target
        for target in targets
        if (target.valid_from is None or target.valid_from <= today)
        and (target.valid_to is None or target.valid_to > today)
    ]
    return sorted(held, key=lambda target: target.period_start)


def next_target(targets: Iterable[Target], today: dt.date) -> Target | None:
    """The first target that is still to come, else the last one."""
    held = in_force(targets, today)
    return next((target for target in held if target.period.end >= today), held[-1] if held else None)


def kpi_rows(kpis: Iterable[Kpi], today: dt.date) -> list[KpiRow]:
    """A row per KPI; `kpis` come with their targets and standings prefetched. One query for figures."""
    kpis = list(kpis)
    standings = {kpi.pk: list(kpi.standings.all()) for kpi in kpis}
    years = {(s.kpi_id, s.territory_id): s.year for found in standings.values() for s in found}
    single = [kpi.pk for kpi in kpis if kpi.group_id is None]
    facts = Progress.objects.filter(kpi__in=single, actual__isnull=False)
    actuals = {
        kpi: actual
        for kpi, territory, year, actual in facts.values_list("kpi_id", "territory_id", "year", "actual")
        if years.get((kpi, territory)) == year
    }
    return [
        KpiRow(kpi, standings[kpi.pk], next_target(kpi.targets.all(), today), actuals.get(kpi.pk))
        for kpi in kpis
    ]


@dataclass
class GoalNode:
    """A goal with its own KPIs and its parts."""

    goal: Goal
    rows: list[KpiRow] = field(default_factory=list)
    parts: list["GoalNode"] = field(default_factory=list)

    def walk(self) -> Iterator["GoalNode"]:
        """Itself and all its parts, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @cached_property
    def rollup(self) -> Rollup:
        """The standings of all these counted."""
        return total(row for node in self.walk() for row in node.rows)


def total(rows: Iterable[KpiRow]) -> Rollup:
    """The roll-up of the rows."""
    return Rollup(sum((Counter(row.rollup.counts) for row in rows), Counter()))


def goal_tree(goals: Iterable[Goal], rows: Iterable[KpiRow]) -> tuple[list[GoalNode], dict[int, GoalNode]]:
    """The goals without a parent, each with its parts; and every node by its goal's id."""
    nodes = {goal.pk: GoalNode(goal) for goal in goals}
    for row in rows:
        if row.kpi.goal_id in nodes:
            nodes[row.kpi.goal_id].rows.append(row)
    roots: list[GoalNode] = []
    for node in nodes.values():
        parent = nodes.get(node.goal.parent_id or 0)
        (parent.parts if parent else roots).append(node)
    return roots, nodes
