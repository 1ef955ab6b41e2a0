"""The public pages: programmes and goals."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programmes.evidence.tracing import traces
from programmes.kpi_reading import CITATIONS, benchmarks, discrepancies_in_full
from programmes.models import (
    Citation,
    Funding,
    Goal,
    Kpi,
    Measure,
    Programme,
)
from programmes.overview import Rollup, goal_tree, kpi_rows, own_standings, rollups, total
from programmes.views.days import on_a_day

LONG = 60
"""Entries of a list that are too many for a programme's own page."""


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
            discrepancies_in_full(programme.discrepancies.all()) if counts["discrepancies"] <= LONG else None
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
        "benchmarks": benchmarks().filter(goal__in=goals),
        "traces": traces(_figures(programme, sections)),
    }
    return render(request, "programmes/goal_detail.html", context)


def _kpis(programme: Programme) -> QuerySet[Kpi]:
    """A programme's KPIs with what a row shows."""
    return programme.kpis.select_related("indicator__unit", "territory", "group").prefetch_related(
        "targets", own_standings()
    )


def _figures(programme: Programme, sections: Collection[str]) -> QuerySet[Citation, int]:
    """The citations of the figures that the programme's documents state in the sections."""
    stated = Citation.objects.filter(series__isnull=False, document__programme=programme)
    return stated.filter(section__in=sections).values_list("pk", flat=True)


def _measures(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    money = Prefetch("funding", Funding.objects.order_by("year_from", "level"))
    return measures.select_related("excluded_by").prefetch_related(money).order_by("order")
