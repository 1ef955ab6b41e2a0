"""The public pages of a programme's text: its action plan, its money, its provisions, and its past."""

import datetime as dt
from collections.abc import Iterable

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.rest.filters import DateField
from programmes.models import Citation, Document, Funding, Measure, Programme, Rule
from programmes.plans import on_day, validity
from programmes.plans.actions import goals_in_order
from programmes.plans.provisions import by_kind

CITATIONS = Prefetch("citations", Citation.objects.select_related("document", "unit"))
MOST_UNFOLDED = 100
"""Longer lists are folded goal by goal."""


def only_document(rows: Iterable[Measure | Funding | Rule]) -> Document | None:
    """The document that all the rows are in; None where they are in several."""
    documents = {citation.document for row in rows for citation in row.citations.all()}
    return documents.pop() if len(documents) == 1 else None


@require_safe
def rule_list(request: HttpRequest, code: str) -> HttpResponse:
    """What the programme's documents prescribe, kind by kind."""
    programme = get_object_or_404(Programme, code=code)
    rules = list(programme.rules.prefetch_related("parameters__unit", CITATIONS).order_by("order"))
    context = {
        "programme": programme,
        "count": len(rules),
        "kinds": by_kind(rules),
        "document": only_document(rules),
    }
    return render(request, "programmes/rule_list.html", context)


class DayForm(forms.Form):
    """The day to look at."""

    day = DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@require_safe
def programme_day(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the day that the form names; to today where it names none."""
    programme = get_object_or_404(Programme, code=code)
    day = timezone.localdate()
    if "day" in request.GET:
        form = DayForm(request.GET)
        if not form.is_valid():
            context = {"programme": programme, "form": form}
            return render(request, "programmes/programme_day.html", context, status=400)
        day = form.cleaned_data["day"]
    return redirect("programmes:programme-on-day", code, day)


@require_safe
def programme_on_day(request: HttpRequest, code: str, day: dt.date) -> HttpResponse:
    """What the programme said on the day, by the acts in effect on it."""
    programme = get_object_or_404(Programme, code=code)
    acts = list(programme.acts.all())
    force = validity.force(acts, day)
    is_shown = validity.may_bind(force, programme.starts_on, day)
    goals = _promises(programme, day) if is_shown else []
    size = sum(len(goal.targets) + len(goal.measures) for goal in goals)
    context = {
        "programme": programme,
        "day": day,
        "form": DayForm(initial={"day": day}),
        "force": force.value,
        "acts": on_day.acts_by_effect(acts, day),
        "turning_days": validity.turning_days(acts),
        "goals": goals,
        "is_open": size <= MOST_UNFOLDED,
    }
    return render(request, "programmes/programme_on_day.html", context)


def _promises(programme: Programme, day: dt.date) -> list[on_day.GoalOnDay]:
    kpis = programme.kpis.select_related("indicator__unit").prefetch_related("targets").order_by("order")
    measures = programme.measures.select_related("unit", "excluded_by").order_by("order")
    return on_day.promises(kpis, measures, goals_in_order(programme), day)
