"""The list of programmes, the pages of a programme and of a goal, and the list of a programme's KPIs."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.databases.compiled import compiled, count_of
from common.twins import twin
from programmes.evidence.tracing import traces
from programmes.filters_kpis import KpiSearch
from programmes.filters_plan import warn_of
from programmes.glance import (
    Among,
    Goals,
    due_next,
    goals_in_order,
    goals_of,
    measures_in_short,
    money_lines,
    slipped,
)
from programmes.kpi_reading import CITATIONS, benchmarks
from programmes.models import Citation, Discrepancy, Funding, Inquiry, Kpi, Measure, Programme, Rule
from programmes.overview import Rollup, kpi_rows, next_target, own_standings, rollups
from programmes.plans import funding
from programmes.plans.deadlines import ranked, repeals_by
from programmes.views.days import on_a_day

LONG = 60
"""Entries of a list that are too many for a programme's or a goal's own page."""
FEW = 10
PAGE = 50
PARTS: dict[str, type[Model]] = {"rules": Rule, "discrepancies": Discrepancy, "inquiries": Inquiry}
COLUMNS = (
    "programme", "code", "name", "goal", "unit", "baseline", "target", "target_period", "territory",
    "standing", "year", "actual", "distance",
)  # fmt: skip


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Every programme with how it stands."""
    found = rollups()
    programmes = Programme.objects.select_related("territory", "group").prefetch_related("acts")
    rows = [(programme, found.get(programme.pk, Rollup({}))) for programme in programmes]
    return render(request, "programmes/programme_list.html", {"programmes": rows})


@require_safe
@on_a_day(lambda code: Kpi.objects.filter(programme__code=code))
def programme_detail(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """A programme in two minutes: how its promises stand, what slipped, what is due next, goals, money, acts.

    Lists that are too long have pages of their own; it then shows the programme's own target indicators.
    """
    programme = next(iter(_in_full(code)), None)
    if programme is None:
        raise Http404
    goals = goals_of(programme, goals_in_order(programme.pk))
    rollup, is_long = goals.rollup, goals.kpis > LONG
    among, repeals = Among("programme", [programme.pk]), repeals_by(day)
    context = {
        "programme": programme,
        "rollup": rollup,
        "goals": goals,
        "roots": goals.roots[:LONG],
        "hidden_roots": max(len(goals.roots) - LONG, 0),
        "rows": kpi_rows(_first_kpis(programme.pk, are_headlines=is_long), day),
        "is_long": is_long,
        "slipped": slipped(among, rollup),
        "due": due_next(among, day, repeals),
        "counts": dict(zip(PARTS, _counts(programme.pk)[0], strict=True)),
        "measures": measures_in_short(among, day, repeals),
        "money": funding.count(money_lines(programme.pk)),
        "discrepancies": _discrepancies(programme.pk),
    }
    return render(request, "programmes/programme_detail.html", context)


@compiled
def _in_full(code: str) -> QuerySet[Programme]:
    found = Programme.objects.filter(code=code).select_related("territory", "group")
    return found.prefetch_related(CITATIONS, "acts")


@compiled
def _counts(programme: int) -> QuerySet[Programme, tuple[int, ...]]:
    """How many rules, contradictions and inquiries it has."""
    found = Programme.objects.filter(pk=programme)
    return found.values_list(*(Coalesce(Subquery(_number(each)), 0) for each in PARTS.values()))


def _number(of: type[Model]) -> QuerySet[Any, Any]:
    return count_of(of._default_manager.filter(programme=OuterRef("pk")))


@compiled
def _first_kpis(programme: int, *, are_headlines: bool) -> QuerySet[Kpi]:
    kpis = Kpi.objects.filter(programme=programme)
    return _in_a_row(kpis.filter(is_headline=True) if are_headlines else kpis)[:LONG]


@compiled
def _discrepancies(programme: int) -> QuerySet[Discrepancy]:
    return Discrepancy.objects.filter(programme=programme).order_by("code")[:FEW]


@require_safe
@on_a_day(lambda code, goal: Kpi.objects.filter(programme__code=code))
def goal_detail(request: HttpRequest, code: str, goal: str, day: dt.date) -> HttpResponse:
    """A goal with its parts: how it stands, what slipped, its KPIs, its measures and its money."""
    programme = get_object_or_404(Programme, code=code)
    goals = goals_of(programme, programme.goals.prefetch_related(CITATIONS).order_by("order"))
    part = next((part for part in goals.parts.values() if part.goal.code == goal), None)
    if part is None:
        raise Http404
    ids = [each.goal.pk for each in part.walk()]
    among, repeals = Among("goal", ids), repeals_by(day)
    sections = {place.section for each in part.walk() for place in each.goal.citations.all()}
    lines = programme.funding.filter(Q(goal__in=ids) | Q(goal=None, measure__goal__in=ids))
    context = {
        "programme": programme,
        "part": part,
        "goals_above": goals.above(part),
        "rows": kpi_rows(_in_a_row(programme.kpis.filter(goal=part.goal))[:LONG], day),
        "is_cut": part.own_kpis > LONG,
        "slipped": slipped(among, part.rollup),
        "due": due_next(among, day, repeals),
        "measures": measures_in_short(among, day, repeals),
        "nearest": _nearest(programme.measures.filter(goal__in=ids), day),
        "money": funding.count(funding.rows_of(lines)),
        "benchmarks": benchmarks().filter(goal__in=ids),
        "traces": traces(_figures(programme, sections)),
    }
    return render(request, "programmes/goal_detail.html", context)


def _nearest(measures: QuerySet[Measure], day: dt.date) -> list[Measure]:
    """The first of a goal's measures, overdue ones first, with what a row shows."""
    money = Prefetch("funding", Funding.objects.order_by("order"))
    rows = ranked(measures, day).select_related("programme__territory", "parent", "unit", "excluded_by")
    return list(
        rows.prefetch_related("territories", money, CITATIONS).order_by(F("rank"), "due_on", "order")[:FEW]
    )


@require_safe
@on_a_day(lambda code: Kpi.objects.filter(programme__code=code))
def kpi_list(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """All KPIs of a programme, page by page."""
    programme = get_object_or_404(Programme, code=code)
    goals = goals_of(programme, goals_in_order(programme.pk))
    search = KpiSearch(request.GET, programme, _in_order(goals))
    warn_of(request, search)
    if (file := twin(request, f"kpis-{code}", COLUMNS, _as_rows(programme, search.qs, day))) is not None:
        return file
    page = Paginator(_in_a_row(search.qs), PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "form": search.form,
        "total": goals.kpis,
        "page": page,
        "rows": kpi_rows(page.object_list, day),
    }
    return render(request, "programmes/promise_list.html", context)


def _in_order(goals: Goals) -> Iterator[Any]:
    return (part for root in goals.roots for part in root.walk())


def _as_rows(programme: Programme, kpis: QuerySet[Kpi], day: dt.date) -> Iterator[tuple[object, ...]]:
    """A row for each KPI and territory."""
    for kpi in kpis.select_related("indicator__unit", "goal").prefetch_related(
        "targets", "standings__territory"
    ):
        target = next_target(kpi.targets.all(), day)
        promise = (
            programme.code, kpi.code, kpi.name, kpi.goal and kpi.goal.code, kpi.indicator.unit.code,
            kpi.baseline_value, target.value if target else None, str(target.period) if target else None,
        )  # fmt: skip
        for each in kpi.standings.all():
            yield *promise, each.territory.code, each.standing, each.year, each.actual, each.distance
        if not kpi.standings.all():
            yield *promise, None, None, None, None, None


def _in_a_row(kpis: QuerySet[Kpi]) -> QuerySet[Kpi]:
    """KPIs with what a row of a list shows."""
    return (
        kpis.select_related("indicator__unit", "territory", "group")
        .prefetch_related("targets", own_standings())
        .order_by("order", "pk")
    )


def _figures(programme: Programme, sections: Collection[str]) -> QuerySet[Citation, int]:
    """The citations of the figures that the programme's documents state in the sections."""
    stated = Citation.objects.filter(series__isnull=False, document__programme=programme)
    return stated.filter(section__in=sections).values_list("pk", flat=True)
