"""The public pages of the checklist for city strategies."""

import datetime as dt

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from programmes.applied.strategies import described, judged, sections, strategy
from programmes.methods.city_strategy import VERSIONS
from programmes.models import Discrepancy, Document, Programme

DOCUMENT = "003"


class DayForm(forms.Form):
    """By the wording of which day to judge."""

    on = forms.DateField(
        label=_("By the wording of"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


@require_safe
def city_strategy_method(request: HttpRequest) -> HttpResponse:
    """What the methodology asks, its versions and contradictions, and whose strategies are known."""
    contradictions = Discrepancy.objects.filter(statements__citations__document__code=DOCUMENT).distinct()
    context = {
        "document": get_object_or_404(Document, code=DOCUMENT),
        "sections": sections(),
        "versions": VERSIONS,
        "programmes": Programme.objects.filter(code__in=described()),
        "discrepancies": contradictions.select_related("programme"),
    }
    return render(request, "programmes/methods/strategy_method.html", context)


@require_safe
def city_strategy_checklist(request: HttpRequest, programme: str) -> HttpResponse:
    """A programme against the checklist, what is missing first.

    `?on=` picks the wording of a day: that of the approval, or today's where that is not known, by default.
    """
    if programme not in described():
        raise Http404
    found = get_object_or_404(Programme, code=programme)
    approved = strategy(programme).approved_on
    form = DayForm(request.GET)
    day: dt.date | None = form.cleaned_data["on"] if form.is_valid() else None
    day = day or approved or timezone.localdate()
    if not request.GET:
        form = DayForm(initial={"on": day})
    _summary, counts, answers = judged(programme, day)
    context = {
        "programme": found,
        "document": get_object_or_404(Document, code=DOCUMENT),
        "form": form,
        "day": day,
        "approved": approved,
        "today": timezone.localdate(),
        "counts": counts,
        "answers": answers,
    }
    return render(request, "programmes/methods/strategy_checklist.html", context)
