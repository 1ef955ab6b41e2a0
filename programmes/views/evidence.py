"""The public pages of evidence: contradictions and printed figures."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.rest.filters import FilterSet
from programmes.evidence.tracing import places, traces
from programmes.filters_evidence import DiscrepancySearch, FigureSearch
from programmes.models import Discrepancy

DISCREPANCIES_A_PAGE = 50
PLACES_A_PAGE = 100
UNFOLDED_UP_TO = 10


@require_safe
def discrepancy_list(request: HttpRequest) -> HttpResponse:
    """The register of contradictions of all programmes."""
    search = DiscrepancySearch(request.GET, _discrepancies())
    found = _found(search)
    tally = list(found.order_by().values_list("programme", "kind", "is_recorded"))
    of_programme = Counter(programme for programme, _kind, _is_recorded in tally)
    of_kind = Counter(kind for _programme, kind, _is_recorded in tally)
    recorded = sum(is_recorded for _programme, _kind, is_recorded in tally)
    page = Paginator(found, DISCREPANCIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": search.form,
        "page": page,
        "groups": [
            (programme, of_programme[programme.pk], list(rows))
            for programme, rows in groupby(page, key=lambda discrepancy: discrepancy.programme)
        ],
        "kinds": [(kind.label, of_kind[kind]) for kind in Discrepancy.Kind if of_kind[kind]],
        "recorded": recorded,
        "found": len(tally) - recorded,
        "is_open": len(tally) <= UNFOLDED_UP_TO,
    }
    return render(request, "programmes/discrepancy_list.html", context)


@require_safe
def discrepancy_detail(request: HttpRequest, programme: str, code: str) -> HttpResponse:
    """One contradiction at an address of its own."""
    found = get_object_or_404(_discrepancies(), programme__code=programme, code=code)
    context = {"discrepancy": found, "programme": found.programme}
    return render(request, "programmes/discrepancy_detail.html", context)


@require_safe
def provenance_list(request: HttpRequest) -> HttpResponse:
    """Every stored figure of a document, in the place that prints it."""
    search = FigureSearch(request.GET, places())
    found = _found(search).values_list("pk", flat=True)
    page = Paginator(found, PLACES_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": search.form, "page": page, "traces": traces(page)}
    return render(request, "programmes/provenance_list.html", context)


def _discrepancies() -> QuerySet[Discrepancy]:
    return Discrepancy.objects.select_related("programme").prefetch_related(
        "statements__citations__document", "kpis__programme"
    )


def _found(search: FilterSet) -> QuerySet[Any]:
    """What the reader looks for; nothing where the question is not understood: the form then says why."""
    found: QuerySet[Any] = search.qs
    return found if search.is_valid() else found.none()
