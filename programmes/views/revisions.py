"""Every figure that was ever published for a KPI in a territory."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from programmes.models import Kpi
from programmes.revisions import record_of
from programmes.views.days import on_a_day


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_revisions(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """Each revision of each period; `?territory=` picks a member of the KPI's group."""
    related = ("programme", "indicator__unit", "breakdown", "territory", "group")
    found = get_object_or_404(Kpi.objects.select_related(*related), programme__code=code, code=kpi)
    chosen = request.GET.get("territory") or (found.territory.code if found.territory else "")
    standings = found.standings.select_related("territory", "series__source")
    standing = get_object_or_404(standings, territory__code=chosen)
    series = standing.series
    context = {
        "programme": found.programme,
        "kpi": found,
        "territory": standing.territory,
        "source": series.source if series else None,
        "record": record_of(series, found.indicator),
    }
    return render(request, "programmes/kpi_revisions_all.html", context)
