"""What lists of promises show: a row per KPI, the tree of goals that carries them, and their roll-up."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Self, TypeVar

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.codes import KEPT, SLIPPED, StandingCode
from programmes.models import Goal, Kpi, Standing, Target


@dataclass(frozen=True)
class Rollup:
    """How many promises stand how, and how much of their way is covered.

    A KPI for a group counts once for each of its members. `weight` is that of the KPIs that can be judged
    and whose distance is known, `way` the sum of their distances, each kept between 0 and 1 and weighted; of
    a group's members the mean. What is missing is left out, never counted as zero.
    """

    counts: Mapping[str, int]
    weight: float = 0
    way: float = 0

    @classmethod
    def of(cls, standings: Collection[Standing], weight: float = 1) -> "Rollup":
        """The roll-up of a KPI's standings."""
        known = [
            min(max(each.distance, 0), 1)
            for each in standings
            if each.distance is not None and each.standing in KEPT | SLIPPED
        ]
        counts = Counter(standing.standing for standing in standings)
        return cls(counts, weight, weight * sum(known) / len(known)) if known else cls(counts)

    @classmethod
    def total_of(cls, rollups: Iterable["Rollup"]) -> "Rollup":
        """All of them together."""
        counts: Counter[str] = Counter()
        weight = way = 0.0
        for each in rollups:
            counts.update(each.counts)
            weight, way = weight + each.weight, way + each.way
        return cls(counts, weight, way)

    @property
    def total(self) -> int:
        """All promises."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """Those with figures good enough to judge by."""
        return sum(self.counts.get(code, 0) for code in KEPT | SLIPPED)

    @property
    def coverage(self) -> float | None:
        """The share of promises that could be judged."""
        return self.judged / self.total if self.total else None

    @property
    def distance(self) -> float | None:
        """The weighted mean of the distances covered, each kept between 0 and 1."""
        return self.way / self.weight if self.weight else None

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


# Each KPI's own roll-up is stored with its results; here they are added up.
WORDS = tuple(word.value for word in StandingCode)
ADDED_UP = f"""
SELECT kpi.{{owner}}, sum(weight) FILTER (WHERE way IS NOT NULL), sum(weight * way),
       {", ".join(f"sum({word})::integer" for word in WORDS)}
FROM programmes_kpirollup JOIN programmes_kpi kpi ON kpi.id = kpi_id
WHERE {{among}}
GROUP BY 1
"""  # noqa: S608
AMONG = {
    "all": "true",
    "programme": "kpi.programme_id = %(programme)s",
    "kpis": "kpi_id = ANY(%(kpis)s)",
}


def rollups(
    owner: Literal["programme_id", "goal_id", "id"] = "programme_id",
    *,
    programme: int | None = None,
    kpis: Collection[int] | None = None,
) -> dict[int | None, Rollup]:
    """The roll-ups of all promises, of a programme's, or of some KPIs', by what KPIs belong to; one query."""
    among = AMONG["programme" if programme is not None else "all" if kpis is None else "kpis"]
    values = {"programme": programme, "kpis": list(kpis or ())}
    with connection.cursor() as cursor:
        cursor.execute(ADDED_UP.format(owner=owner, among=among), values)
        rows = cursor.fetchall()
    return {whose: _rollup(counts, weight, way) for whose, weight, way, *counts in rows}


def _rollup(counts: Iterable[int], weight: float | None, way: float | None) -> Rollup:
    return Rollup({word: n for word, n in zip(WORDS, counts, strict=True) if n}, weight or 0, way or 0)


@dataclass(frozen=True)
class KpiRow:
    """A KPI in a list: its latest figure, its next target, and its standing."""

    kpi: Kpi
    standing: Standing | None
    """The one standing of a KPI for one territory."""
    target: Target | None
    rollup: Rollup
    """Its standings counted: one, or one for each member of its group."""

    @property
    def actual(self) -> float | None:
        """The figure that it rests on."""
        return self.standing.actual if self.standing else None


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
    """A row per KPI; `kpis` come with their targets prefetched, and `own_standings` as their standings.

    One query more where some hold for groups: the standings of members are counted, not fetched.
    """
    found = list(kpis)
    grouped = [kpi.pk for kpi in found if kpi.group_id is not None]
    of_groups = rollups("id", kpis=grouped) if grouped else {}
    rows = []
    for kpi in found:
        target = next_target(kpi.targets.all(), today)
        if kpi.group_id is not None:
            rows.append(KpiRow(kpi, None, target, of_groups.get(kpi.pk, Rollup({}))))
        else:
            standings = list(kpi.standings.all())
            one = standings[0] if standings else None
            rows.append(KpiRow(kpi, one, target, Rollup.of(standings, kpi.weight)))
    return rows


def own_standings() -> "Prefetch[str, QuerySet[Standing], str]":
    """The standings of KPIs for one territory; those of groups are many, and lists only count them."""
    return Prefetch("standings", Standing.objects.filter(kpi__group=None))


@dataclass
class GoalNode:
    """A goal with its parts."""

    goal: Goal
    parts: list[Self] = field(default_factory=list)

    def walk(self) -> Iterator[Self]:
        """Itself and all its parts, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


N = TypeVar("N", bound=GoalNode)


def as_tree(nodes: Mapping[int, N]) -> list[N]:
    """Gives each node, by its goal's id, to the one above it; returns those that stand at the top."""
    roots: list[N] = []
    for node in nodes.values():
        above = nodes.get(node.goal.parent_id or 0)
        (above.parts if above else roots).append(node)
    return roots
