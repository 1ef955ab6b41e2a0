"""A programme's progress as tables: members of a group by KPI, and KPIs of one territory by year."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import QuerySet

from cities.models import GroupMembership, Territory
from programmes.models import GroupStanding, Kpi, Programme, Progress, Standing
from programmes.overview import Rollup


@dataclass(frozen=True)
class MemberRow:
    """A territory's standings under the KPIs of the table; None where a KPI does not concern it."""

    territory: Territory
    standings: Sequence[Standing | None]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of them stand how."""
        return dict(Counter(standing.standing for standing in self.standings if standing))


@dataclass(frozen=True)
class MemberTable:
    """KPIs that hold for each member of a group, one row a member, and the groups as a whole."""

    kpis: Sequence[Kpi]
    rows: Sequence[MemberRow]
    wholes: Sequence[GroupStanding | None]

    @property
    def cells(self) -> list[tuple[Kpi, GroupStanding | None]]:
        """The last line: each KPI for its group as a whole."""
        return list(zip(self.kpis, self.wholes, strict=True))

    @property
    def rollup(self) -> Rollup:
        """All standings counted."""
        found = chain.from_iterable(row.standings for row in self.rows)
        return Rollup.of([standing for standing in found if standing])


@dataclass(frozen=True)
class SeriesRow:
    """A KPI of one territory: what each year of the table holds, and how it stands."""

    kpi: Kpi
    years: Sequence[Progress | None]
    standing: Standing | None


@dataclass(frozen=True)
class SeriesTable:
    """KPIs of one territory, one row a KPI, one column a year that has a target or a figure."""

    years: Sequence[int]
    rows: Sequence[SeriesRow]

    @property
    def rollup(self) -> Rollup:
        """All standings counted."""
        return Rollup.of([row.standing for row in self.rows if row.standing])


def chosen_kpis(programme: Programme, *, all_kpis: bool) -> QuerySet[Kpi]:
    """The programme's own target indicators, or all its KPIs, with what the tables show of them."""
    kpis = programme.kpis.all() if all_kpis else programme.kpis.filter(is_headline=True)
    return kpis.select_related("indicator__unit", "territory").order_by("order", "pk")


def progress_tables(kpis: Iterable[Kpi]) -> tuple[MemberTable, SeriesTable]:
    """Both tables of the KPIs; five queries."""
    chosen = list(kpis)
    standings = Standing.objects.filter(kpi__in=chosen).select_related("territory")
    by_place = {(each.kpi_id, each.territory_id): each for each in standings}
    grouped = [kpi for kpi in chosen if kpi.group_id]
    single = [kpi for kpi in chosen if not kpi.group_id]
    return _members(grouped, by_place), _series(single, by_place)


def _members(kpis: Sequence[Kpi], standings: dict[tuple[int, int], Standing]) -> MemberTable:
    """Members come in the order of the longest group's list."""
    memberships = GroupMembership.objects.filter(group__in={kpi.group_id for kpi in kpis})
    order = {each.territory_id: each.number or 0 for each in memberships.order_by("number")}
    places = {standing.territory_id: standing.territory for standing in standings.values()}
    chosen = {kpi.pk for kpi in kpis}
    concerned = {territory for kpi, territory in standings if kpi in chosen}
    rows = [
        MemberRow(places[territory], [standings.get((kpi.pk, territory)) for kpi in kpis])
        for territory in sorted(concerned, key=lambda each: (order.get(each, 0), each))
    ]
    wholes = GroupStanding.objects.in_bulk([kpi.pk for kpi in kpis])
    return MemberTable(kpis, rows, [wholes.get(kpi.pk) for kpi in kpis])


def _series(kpis: Sequence[Kpi], standings: dict[tuple[int, int], Standing]) -> SeriesTable:
    facts = {(row.kpi_id, row.year): row for row in _since_the_baseline(kpis)}
    years = sorted({year for _kpi, year in facts})
    rows = [
        SeriesRow(
            kpi, [facts.get((kpi.pk, year)) for year in years], standings.get((kpi.pk, kpi.territory_id or 0))
        )
        for kpi in kpis
    ]
    return SeriesTable(years, rows)


def _since_the_baseline(kpis: Iterable[Kpi]) -> list[Progress]:
    """Rows of the years that the promise is about."""
    rows = Progress.objects.filter(kpi__in=kpis)
    return [row for row in rows if row.target is not None or row.year >= (row.baseline_year or 0)]
