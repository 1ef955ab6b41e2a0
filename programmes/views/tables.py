"""A programme's progress on one page, KPI by KPI and place by place."""

import datetime as dt

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.twins import twin
from programmes.models import Kpi, Programme, Progress
from programmes.overview import Rollup, rollups
from programmes.progress_tables import chosen_kpis, progress_tables
from programmes.views.days import on_a_day

PAGE = 50
CELLS = 600
"""Of a table of places; a page has as many KPIs of a large group as that allows."""
COLUMNS = (
    "programme", "kpi", "territory", "year", "baseline", "baseline_year", "target", "actual", "expected",
    "verdict", "course", "distance", "attainment",
)  # fmt: skip


@require_safe
@on_a_day(lambda code: Kpi.objects.filter(programme__code=code))
def programme_progress(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """The programme's own target indicators, or all its KPIs with `?all=1`, as tables, page by page."""
    programme = get_object_or_404(Programme.objects.select_related("group"), code=code)
    all_kpis = request.GET.get("all") == "1"
    chosen = chosen_kpis(programme, all_kpis=all_kpis)
    facts = Progress.objects.filter(kpi__in=chosen.order_by().values("pk")).order_by(
        "kpi", "territory", "year"
    )
    rows = facts.values_list(
        "kpi__programme__code", "kpi__code", "territory__code", "year", "baseline", "baseline_year", "target",
        "actual", "expected", "verdict", "course", "distance", "attainment",
    )  # fmt: skip
    if (file := twin(request, f"progress-{code}", COLUMNS, rows)) is not None:
        return file
    page = Paginator(chosen, _size(programme)).get_page(request.GET.get("page"))
    members, series = progress_tables(page.object_list)
    shown = list(chosen.order_by().values_list("pk", flat=True))
    whole = rollups(kpis=shown).get(programme.pk, Rollup({}))
    context = {
        "programme": programme,
        "members": members,
        "series": series,
        "page": page,
        "whole": whole,
        "all_kpis": all_kpis,
        "has_others": programme.kpis.filter(is_headline=False).exists(),
    }
    return render(request, "programmes/programme_progress.html", context)


def _size(programme: Programme) -> int:
    """KPIs of a page."""
    places = programme.group.memberships.count() if programme.group else 0
    return max(3, min(PAGE, CELLS // places)) if places else PAGE
