"""What the pages about one KPI read: the KPI, the place that a page is about, and how it stands there."""

from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from cities.models import GroupMembership, Territory
from common.databases.compiled import any_of, attach, compiled
from common.databases.planning import planned_briefly
from programmes.explaining import Place
from programmes.models import (
    Benchmark,
    Citation,
    Discrepancy,
    Forecast,
    GroupProgress,
    Kpi,
    Progress,
    Standing,
    Target,
)

CITATIONS = Prefetch("citations", Citation.objects.select_related("document", "unit"))


def kpi_in_full(programme: str, code: str) -> Kpi:
    """The KPI with what its own page shows; five queries. Raises `Http404` where there is none."""
    with planned_briefly():
        found = _kpi(programme, code)
    if not found:
        raise Http404
    kpi = found[0]
    targets, others = _targets(kpi.pk), _benchmarks(kpi.pk)
    citations = _citations(kpi.pk, [each.pk for each in targets], [each.pk for each in others])
    attach([kpi], "citations", citations)
    attach([kpi], "baseline_citations", citations)
    attach([kpi], "targets", targets)
    attach(targets, "citations", citations)
    attach([kpi], "benchmarks", others)
    attach(others, "citations", citations)
    attach([kpi], "companions", _companions(kpi.pk))
    return kpi


@compiled
def _kpi(programme: str, code: str) -> QuerySet[Kpi]:
    return Kpi.objects.filter(programme__code=programme, code=code).select_related(
        "programme", "goal", "indicator__unit", "indicator__organisation", "breakdown", "territory", "group"
    )


@compiled
def _targets(kpi: int) -> QuerySet[Target]:
    return Target.objects.filter(kpi=kpi).select_related("act")


@compiled
def _benchmarks(kpi: int) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(kpi=kpi).select_related("unit")


@compiled
def _citations(kpi: int, targets: list[int], benchmarks: list[int]) -> QuerySet[Citation]:
    """Of all of these, so that they are asked for at once."""
    owners = Q(kpi=kpi) | Q(baseline=kpi) | Q(any_of("target", targets)) | Q(any_of("benchmark", benchmarks))
    return Citation.objects.filter(owners).select_related("document", "unit")


@compiled
def _companions(kpi: int) -> QuerySet[Kpi]:
    return Kpi.objects.filter(together_with=kpi)


def drawn_kpis() -> QuerySet[Kpi]:
    """KPIs with what their chart shows."""
    return Kpi.objects.select_related(
        "programme", "indicator__unit", "breakdown", "territory", "group"
    ).prefetch_related("targets", Prefetch("benchmarks", Benchmark.objects.order_by("order")))


def benchmarks() -> QuerySet[Benchmark]:
    """Other places' figures with their units and places."""
    return Benchmark.objects.select_related("unit").prefetch_related(CITATIONS)


@compiled
def discrepancies_of(kpi: int) -> QuerySet[Discrepancy]:
    """Contradictions that touch the KPI with what they say, where, and of which KPIs."""
    found = Discrepancy.objects.filter(kpis=kpi).select_related("programme")
    return found.prefetch_related("statements__citations__document", "kpis")


@compiled
def standings_of(kpi: int) -> QuerySet[Standing]:
    """How the KPI stands, with the places and the series that serve."""
    return Standing.objects.filter(kpi=kpi).select_related("territory", "series__source")


@compiled
def _progress(kpi: int, territory: int) -> QuerySet[Progress]:
    return Progress.objects.filter(kpi=kpi, territory=territory).order_by("year")


@compiled
def _forecasts(kpi: int, territory: int) -> QuerySet[Forecast]:
    return Forecast.objects.filter(kpi=kpi, territory=territory).order_by("year")


@compiled
def group_progress_of(kpi: int) -> QuerySet[GroupProgress]:
    """The facts of the KPI for its group as a whole, by year."""
    return GroupProgress.objects.filter(kpi=kpi).order_by("year")


@compiled
def _numbers(group: int) -> QuerySet[GroupMembership, tuple[int, int | None]]:
    return GroupMembership.objects.filter(group=group).order_by().values_list("territory_id", "number")


def chosen_territory(kpi: Kpi, code: str | None, standings: Sequence[Standing]) -> Territory | None:
    """The territory that a page is about: the KPI's own, or the member asked for; None for the whole group.

    Raises `Http404` for a place that the KPI does not concern.
    """
    if kpi.territory is not None:
        if code not in {None, "", kpi.territory.code}:
            raise Http404
        return kpi.territory
    if not code:
        return None
    chosen = next((standing.territory for standing in standings if standing.territory.code == code), None)
    if chosen is None:
        raise Http404
    return chosen


def place_of(kpi: Kpi, territory: Territory, standings: Sequence[Standing]) -> Place:
    """How the KPI stands in the territory; two queries."""
    standing = next((standing for standing in standings if standing.territory_id == territory.pk), None)
    rows = {row.year: row for row in _progress(kpi.pk, territory.pk)}
    return Place(kpi, standing, rows, _forecasts(kpi.pk, territory.pk))


def measured_first(standings: Sequence[Standing]) -> list[Territory]:
    """The places that have figures, then the others, both in the order given."""
    ordered = sorted(standings, key=lambda standing: standing.actual is None)
    return [standing.territory for standing in ordered]


def in_group_order(kpi: Kpi, standings: Sequence[Standing]) -> list[Standing]:
    """Each member's standing, in the order of the group's list; one query."""
    number = dict(_numbers(kpi.group_id) if kpi.group_id else ())
    return sorted(
        standings, key=lambda standing: (number.get(standing.territory_id) or 0, standing.territory_id)
    )
