"""The public page of rules that programmes state in numbers: due days, sums of a plan, limits of loans."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.rest.filters import DateField
from programmes.applied.loans import LoanForm, breaches
from programmes.applied.town_criteria import PROGRAMME
from programmes.methods.programme_rules import PlanRow, YearSum, sum_by_year
from programmes.models import Citation, Funding, Rule
from programmes.plans.due_days import calendar

YEAR = dt.timedelta(days=364)
LONGEST = dt.timedelta(days=5 * 366)
MOST_UNFOLDED = 100
ANCHORS = ("R-001-ANCHOR", "R-001-ANCHOR-N")
LOANS = (
    "R-001-CREDIT", "R-001-CREDIT-MAX", "R-001-CREDIT-GRACE", "R-001-CREDIT-RATE", "R-001-CREDIT-CAP",
    "R-001-CREDIT-D5", "R-001-CREDIT-D10", "R-001-CREDIT-D3", "R-001-CREDIT-NOTIFY", "R-002-MICRO",
)  # fmt: skip


class SpanForm(forms.Form):
    """The days between which due days are asked for."""

    first = DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        """Refuses a span that is upside down, or longer than a page can show."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not dt.timedelta() <= last - first <= LONGEST:
            self.add_error("last", _("The last day must follow the first by at most five years."))
        return cleaned


@require_safe
def programme_rules(request: HttpRequest) -> HttpResponse:
    """Due days of the next twelve months (or `?first=` to `?last=`), sums, limits, and a loan to check."""
    today = timezone.localdate()
    span = {"first": today, "last": today + YEAR}
    span_form = SpanForm(request.GET if {"first", "last"} & request.GET.keys() else span)
    days = calendar(**span_form.cleaned_data) if span_form.is_valid() else []
    count = sum(day.count for day in days)
    loan_form = LoanForm(request.GET if "kind" in request.GET else None)
    rules = _rules((*ANCHORS, *LOANS))
    context = {
        "span_form": span_form,
        "days": days,
        "count": count,
        "is_open": count <= MOST_UNFOLDED,
        "monotowns": PROGRAMME,
        "sums": _sums(),
        "anchors": [rules[code] for code in ANCHORS if code in rules],
        "loans": [rules[code] for code in LOANS if code in rules],
        "loan_form": loan_form,
        "breaches": breaches(loan_form, rules) if loan_form.is_valid() else None,
    }
    return render(request, "programmes/methods/programme_rules.html", context)


def _rules(codes: Iterable[str]) -> dict[str, Rule]:
    """The provisions with these codes, their numbers and places."""
    citations = Prefetch("citations", Citation.objects.select_related("document"))
    found = Rule.objects.filter(code__in=codes).select_related("programme")
    return {rule.code: rule for rule in found.prefetch_related("parameters__unit", citations)}


def _sums() -> list[YearSum]:
    """What the rows of the monotowns' plan make in each year beside the printed totals, million tenge."""
    lines = Funding.objects.filter(programme__code=PROGRAMME, parent=None)
    rows, printed = [], {}
    for line in lines.select_related("measure"):
        if line.planned is None or line.year_from is None or line.year_to is None:
            continue
        if line.measure is not None:
            rows.append(PlanRow(line.measure.code, line.year_from, line.year_to, line.planned))
        elif line.goal_id is None and line.year_from == line.year_to:
            printed[line.year_from] = line.planned
    return sum_by_year(rows, printed)
