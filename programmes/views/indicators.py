"""What programmes promise of an indicator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from programmes.models import Kpi


@require_safe
def indicator_kpis(request: HttpRequest, code: str) -> HttpResponse:
    """The KPIs that an indicator measures, by programme."""
    indicator = get_object_or_404(Indicator, code=code)
    kpis = (
        Kpi.objects.filter(indicator=indicator)
        .select_related("programme", "indicator")
        .order_by("programme", "code")
    )
    context = {"indicator": indicator, "kpis": kpis}
    return render(request, "programmes/indicator_kpis.html", context)
