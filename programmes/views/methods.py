"""The public pages of methods: their list, and the employment maps of 2023."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from programmes.applied.employment_map import INDICATOR, RELOCATION, SOURCE, employment_map
from programmes.evidence.provenance import citations
from programmes.evidence.tracing import traces
from programmes.models import Citation, Discrepancy, Inquiry, Programme

INQUIRY = "ds-275"


@require_safe
def method_list(request: HttpRequest) -> HttpResponse:
    """The methods that documents prescribe, a sentence each."""
    return render(request, "programmes/methods/method_list.html")


@require_safe
def employment_map_2023(request: HttpRequest) -> HttpResponse:
    """Plan and actual of the employment maps, their sums, and the figures of relocation."""
    found = employment_map()
    if found is None:
        raise Http404
    inquiry = get_object_or_404(Inquiry.objects.select_related("programme"), code=INQUIRY)
    programme = inquiry.programme
    if programme is None:
        raise Http404
    stated = list(
        Citation.objects.filter(
            series__source__code=SOURCE, series__indicator__code=INDICATOR
        ).select_related("document")
    )
    relocation = citations().filter(series__source__code=SOURCE, series__indicator__code__in=RELOCATION)
    context = {
        "inquiry": inquiry,
        "programme": programme,
        "indicator": Indicator.objects.select_related("unit").get(code=INDICATOR),
        "map": found,
        "citations": {tuple(citation.lines): citation for citation in stated}.values(),
        "discrepancies": _discrepancies(programme, stated),
        "traces": traces(relocation.values_list("pk", flat=True)),
    }
    return render(request, "programmes/methods/employment_map.html", context)


def _discrepancies(programme: Programme, stated: Collection[Citation]) -> QuerySet[Discrepancy]:
    """The programme's contradictions between lines that state figures of the maps."""
    lines = {line for citation in stated for line in citation.lines}
    found = programme.discrepancies.filter(
        statements__citations__document__in={citation.document_id for citation in stated},
        statements__citations__lines__overlap=sorted(lines),
    )
    return found.distinct().prefetch_related("statements__citations__document", "kpis")
