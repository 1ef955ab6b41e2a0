"""The public pages: home, the list of programmes, and KPIs."""

import datetime as dt

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.models import Territory
from programmes import graphics
from programmes.by_source import from_every_source
from programmes.changes import latest_changes
from programmes.explaining import Place
from programmes.models import (
    Benchmark,
    Citation,
    Discrepancy,
    Kpi,
    Programme,
    Standing,
    Target,
)
from programmes.overview import Rollup, in_force, rollups
from programmes.revisions import record_of
from programmes.views.days import on_a_day
from programmes.views.explanations import explanation_for

CITATIONS = Prefetch("citations", Citation.objects.select_related("document", "unit"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The programmes at a glance, and what changed lately."""
    context = {"programmes": _programmes(), "changes": latest_changes()}
    return render(request, "home.html", context)


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Every programme with how it stands."""
    return render(request, "programmes/programme_list.html", {"programmes": _programmes()})


def _programmes() -> list[tuple[Programme, Rollup]]:
    found = rollups()
    programmes = Programme.objects.select_related("territory", "group").prefetch_related("acts")
    return [(programme, found.get(programme.pk, Rollup({}))) for programme in programmes]


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_detail(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """A KPI: the number, its meaning, its chart and table, how it is computed and where it comes from.

    `?territory=` picks a member of the group that the KPI holds for.
    """
    found = get_object_or_404(_full_kpis(), programme__code=code, code=kpi)
    standings = list(found.standings.select_related("territory", "series__source"))
    territory = _chosen(request, found, standings)
    place = _place(found, territory, standings) if territory else None
    targets = in_force(found.targets.all(), day)
    discrepancies = _discrepancies(found.discrepancies.all())
    context: dict[str, object] = {
        "programme": found.programme,
        "kpi": found,
        "goals_above": [found.goal] if found.goal else [],
        "explanation": explanation_for(request, found, place, day, discrepancies),
        "targets": targets,
        "place": place,
        "territory": territory,
        "members": _members(found, standings) if found.group_id else [],
        "rollup": Rollup.of(standings, found.weight),
        "discrepancies": discrepancies,
    }
    if place is not None:
        context |= {
            "forecasts": [(each, place.level(each.year)) for each in place.forecasts],
            "wide_chart": graphics.chart_svg(place, targets, "wide"),
            "narrow_chart": graphics.chart_svg(place, targets, "narrow"),
            "record": record_of(place.standing.series if place.standing else None, found.indicator),
            "figures": from_every_source(found, place.standing, territory),
        }
    return render(request, "programmes/kpi_detail.html", context)


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_chart(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """The chart alone, for documents and other sites."""
    found = get_object_or_404(_full_kpis(), programme__code=code, code=kpi)
    standings = list(found.standings.select_related("territory"))
    territory = _chosen(request, found, standings)
    targets = in_force(found.targets.all(), day)
    drawing = graphics.chart_svg(_place(found, territory, standings), targets, "wide") if territory else None
    if drawing is None:
        raise Http404
    return HttpResponse(drawing, content_type="image/svg+xml")


def _full_kpis() -> QuerySet[Kpi]:
    """KPIs with what their own page shows."""
    return Kpi.objects.select_related(
        "programme", "goal", "indicator__unit", "breakdown", "territory", "group", "together_with"
    ).prefetch_related(
        CITATIONS,
        "companions",
        Prefetch("baseline_citations", Citation.objects.select_related("document", "unit")),
        Prefetch("benchmarks", _benchmarks()),
        Prefetch("targets", Target.objects.select_related("act").prefetch_related(CITATIONS)),
    )


def _benchmarks() -> QuerySet[Benchmark]:
    """Other places' figures with their units and places."""
    return Benchmark.objects.select_related("unit").prefetch_related(CITATIONS)


def _chosen(request: HttpRequest, kpi: Kpi, standings: list[Standing]) -> Territory | None:
    """The territory that the page is about: the KPI's own, or the member asked for."""
    code = request.GET.get("territory")
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


def _place(kpi: Kpi, territory: Territory, standings: list[Standing]) -> Place:
    standing = next((standing for standing in standings if standing.territory_id == territory.pk), None)
    rows = {row.year: row for row in kpi.progress.filter(territory=territory).order_by("year")}
    return Place(kpi, standing, rows, list(kpi.forecasts.filter(territory=territory).order_by("year")))


def _members(kpi: Kpi, standings: list[Standing]) -> list[Standing]:
    """Each member's standing, in the order of the group's list."""
    memberships = kpi.group.memberships.values_list("territory_id", "number") if kpi.group else ()
    number = dict(memberships)
    return sorted(
        standings, key=lambda standing: (number.get(standing.territory_id) or 0, standing.territory_id)
    )


def _discrepancies(discrepancies: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    return discrepancies.prefetch_related("statements__citations__document", "kpis")
