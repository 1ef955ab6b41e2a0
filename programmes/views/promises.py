"""The public pages: programmes, goals and KPIs."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.models import Territory
from programmes import graphics
from programmes.by_source import from_every_source
from programmes.evidence.tracing import traces
from programmes.explaining import Place
from programmes.models import (
    Benchmark,
    Citation,
    Discrepancy,
    Funding,
    Goal,
    Kpi,
    Measure,
    Programme,
    Standing,
    Target,
)
from programmes.overview import Rollup, goal_tree, in_force, kpi_rows, rollups, total
from programmes.revisions import record_of
from programmes.views.days import on_a_day
from programmes.views.explanations import explanation_for

LONG = 60
"""Entries of a list that are too many for a programme's own page."""
CITATIONS = Prefetch("citations", Citation.objects.select_related("document", "unit"))


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Every programme with how it stands."""
    return render(request, "programmes/programme_list.html", {"programmes": _programmes()})


def _programmes() -> list[tuple[Programme, Rollup]]:
    found = rollups()
    programmes = Programme.objects.select_related("territory", "group").prefetch_related("acts")
    return [(programme, found.get(programme.pk, Rollup({}))) for programme in programmes]


@require_safe
@on_a_day(lambda code: Kpi.objects.filter(programme__code=code))
def programme_detail(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """A programme: facts, goals with their KPIs, measures, legal acts, contradictions.

    Lists that are too long have pages of their own; it then shows the programme's own target indicators.
    """
    programme = get_object_or_404(
        Programme.objects.select_related("territory", "group").prefetch_related(CITATIONS, "acts"), code=code
    )
    rows = kpi_rows(_kpis(programme), day)
    roots, _nodes = goal_tree(programme.goals.order_by("order"), rows)
    counts = _counts(programme)
    context = {
        "programme": programme,
        "rollup": total(rows),
        "roots": roots,
        "rows": rows,
        "is_long": len(rows) > LONG,
        "headline": [row for row in rows if row.kpi.is_headline],
        "loose": [row for row in rows if row.kpi.goal_id is None],
        "counts": counts,
        "measures": _measures(programme.measures.all()) if counts["measures"] <= LONG else None,
        "discrepancies": (
            _discrepancies(programme.discrepancies.all()) if counts["discrepancies"] <= LONG else None
        ),
    }
    return render(request, "programmes/programme_detail.html", context)


def _counts(programme: Programme) -> dict[str, int]:
    """How many measures, lines of funding, rules, contradictions and inquiries it has; a query for each."""
    parts = ("measures", "funding", "rules", "discrepancies", "inquiries")
    return {name: getattr(programme, name).count() for name in parts}


@require_safe
@on_a_day(lambda code, goal: Kpi.objects.filter(programme__code=code))
def goal_detail(request: HttpRequest, code: str, goal: str, day: dt.date) -> HttpResponse:
    """A goal with its parts, its KPIs and its measures."""
    programme = get_object_or_404(Programme, code=code)
    rows = kpi_rows(_kpis(programme), day)
    _roots, nodes = goal_tree(programme.goals.prefetch_related(CITATIONS).order_by("order"), rows)
    node = next((node for node in nodes.values() if node.goal.code == goal), None)
    if node is None:
        raise Http404
    ancestors: list[Goal] = []
    parent = node.goal.parent_id
    while parent is not None:
        ancestors.insert(0, nodes[parent].goal)
        parent = nodes[parent].goal.parent_id
    goals = [part.goal.pk for part in node.walk()]
    sections = {place.section for part in node.walk() for place in part.goal.citations.all()}
    context = {
        "programme": programme,
        "node": node,
        "goals_above": ancestors,
        "measures": _measures(programme.measures.filter(goal__in=goals)),
        "benchmarks": _benchmarks().filter(goal__in=goals),
        "traces": traces(_figures(programme, sections)),
    }
    return render(request, "programmes/goal_detail.html", context)


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


def _kpis(programme: Programme) -> QuerySet[Kpi]:
    """A programme's KPIs with what a row shows."""
    return programme.kpis.select_related("indicator__unit", "territory", "group").prefetch_related(
        "targets", "standings"
    )


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


def _figures(programme: Programme, sections: Collection[str]) -> QuerySet[Citation, int]:
    """The citations of the figures that the programme's documents state in the sections."""
    stated = Citation.objects.filter(series__isnull=False, document__programme=programme)
    return stated.filter(section__in=sections).values_list("pk", flat=True)


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


def _measures(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    money = Prefetch("funding", Funding.objects.order_by("year_from", "level"))
    return measures.select_related("excluded_by").prefetch_related(money).order_by("order")


def _discrepancies(discrepancies: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    return discrepancies.prefetch_related("statements__citations__document", "kpis")
