"""A programme's progress on one page, KPI by KPI and place by place."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programmes.models import Kpi, Programme
from programmes.progress_tables import progress_tables
from programmes.views.days import on_a_day


@require_safe
@on_a_day(lambda code: Kpi.objects.filter(programme__code=code))
def programme_progress(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """The programme's own target indicators, or all its KPIs with `?all=1`, as tables."""
    programme = get_object_or_404(Programme, code=code)
    all_kpis = request.GET.get("all") == "1"
    members, series = progress_tables(programme, all_kpis=all_kpis)
    context = {
        "programme": programme,
        "members": members,
        "series": series,
        "all_kpis": all_kpis,
        "has_others": programme.kpis.filter(is_headline=False).exists(),
    }
    return render(request, "programmes/programme_progress.html", context)
