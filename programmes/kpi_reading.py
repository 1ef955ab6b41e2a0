"""What the pages about one KPI read: the KPI, the place that a page is about, and how it stands there."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from cities.models import Territory
from programmes.explaining import Place
from programmes.models import Benchmark, Citation, Discrepancy, Kpi, Standing, Target

CITATIONS = Prefetch("citations", Citation.objects.select_related("document", "unit"))


def full_kpis() -> QuerySet[Kpi]:
    """KPIs with what their own page shows; what few have apart, since each table joined doubles the time
    that the planning takes."""
    return Kpi.objects.select_related(
        "programme", "goal", "indicator__unit", "breakdown", "territory"
    ).prefetch_related(
        CITATIONS,
        "indicator__organisation",
        "group",
        "together_with",
        "companions",
        Prefetch("baseline_citations", Citation.objects.select_related("document", "unit")),
        Prefetch("benchmarks", benchmarks()),
        Prefetch("targets", Target.objects.select_related("act").prefetch_related(CITATIONS)),
    )  # fmt: skip


def drawn_kpis() -> QuerySet[Kpi]:
    """KPIs with what their chart shows."""
    return Kpi.objects.select_related(
        "programme", "indicator__unit", "breakdown", "territory", "group"
    ).prefetch_related("targets", Prefetch("benchmarks", Benchmark.objects.order_by("order")))


def benchmarks() -> QuerySet[Benchmark]:
    """Other places' figures with their units and places."""
    return Benchmark.objects.select_related("unit").prefetch_related(CITATIONS)


def discrepancies_in_full(discrepancies: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    """Contradictions with what they say, where, and of which KPIs."""
    return discrepancies.prefetch_related("statements__citations__document", "kpis")


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
    rows = {row.year: row for row in kpi.progress.filter(territory=territory).order_by("year")}
    return Place(kpi, standing, rows, list(kpi.forecasts.filter(territory=territory).order_by("year")))


def measured_first(standings: Sequence[Standing]) -> list[Territory]:
    """The places that have figures, then the others, both in the order given."""
    ordered = sorted(standings, key=lambda standing: standing.actual is None)
    return [standing.territory for standing in ordered]


def in_group_order(kpi: Kpi, standings: Sequence[Standing]) -> list[Standing]:
    """Each member's standing, in the order of the group's list; one query."""
    memberships = kpi.group.memberships.values_list("territory_id", "number") if kpi.group else ()
    number = dict(memberships)
    return sorted(
        standings, key=lambda standing: (number.get(standing.territory_id) or 0, standing.territory_id)
    )
