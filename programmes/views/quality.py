"""The public page of data quality, and its acknowledgements."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import UserRequest, action_required
from accounts.permissions import Action, territories_for
from indicators.models import Dimension
from programmes.explaining_quality import advice, sentence, subject_of
from programmes.filters_quality import NO_PROGRAMME, QualitySearch
from programmes.labels_quality import CHECKS
from programmes.models import Programme, QualityFinding
from programmes.models.quality import IS_ACKNOWLEDGED
from programmes.services.acknowledging import (
    AcknowledgementError,
    acknowledge_finding,
    withdraw_acknowledgement,
)

FINDINGS_A_PAGE = 20
PROBLEMS = {
    "not_allowed": gettext_lazy("You may not acknowledge findings of this territory."),
    "reason_missing": gettext_lazy("Say why the figure is right as it is."),
    "changed": gettext_lazy("The figures have changed since you saw them. Look again, please."),
}


class AcknowledgementForm(forms.Form):
    """Why a finding is right as it is, and the figures that were seen."""

    reason = forms.CharField(max_length=1000, label=gettext_lazy("Why it is right as it is"))
    signature = forms.CharField(max_length=100, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Line:
    """A finding in words."""

    finding: QualityFinding
    subject: str
    sentence: str
    advice: str
    may_acknowledge: bool


@dataclass(frozen=True)
class Tally:
    """How many findings there are of something, and the value of the filter that shows them."""

    value: str
    name: str
    open: int
    acknowledged: int


@require_safe
def quality_list(request: HttpRequest) -> HttpResponse:
    """What is doubtful, by programme and territory: open first, then acknowledged."""
    search = QualitySearch(request.GET, QualityFinding.objects.in_words())
    found = search.qs if search.is_valid() else QualityFinding.objects.none()
    ordered = found.annotate(is_open=~IS_ACKNOWLEDGED).order_by("-is_open", "territory__code", "rule", "key")
    page: Page[QualityFinding] = Paginator(ordered, FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    plain = found.select_related(None).prefetch_related(None).order_by()
    everything = QualityFinding.objects.all()
    context = {
        "form": search.form,
        "page": page,
        "places": [
            (territory, list(lines))
            for territory, lines in groupby(_lines(request, page), key=lambda line: line.finding.territory)
        ],
        "open": everything.open().count(),
        "acknowledged": everything.acknowledged().count(),
        "programmes": _by_programme(plain),
        "rules": _by_rule(plain),
    }
    return render(request, "programmes/quality_list.html", context)


def _lines(request: HttpRequest, page: Iterable[QualityFinding]) -> list[Line]:
    dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    allowed = territories_for(request.user, Action.ACKNOWLEDGE)
    return [
        Line(
            finding, subject_of(finding), sentence(finding, dimensions), advice(finding),
            finding.territory_id in allowed,
        )
        for finding in page
    ]  # fmt: skip


def _by_programme(found: QuerySet[QualityFinding]) -> list[Tally]:
    """One line for each programme that is concerned, and one for statistics that none uses."""
    tallies = _count(found, "kpis__programme__code")
    names = {each.code: each.short_name for each in Programme.objects.all()}
    listed = [Tally(code, name, *tallies[code]) for code, name in names.items() if code in tallies]
    if None in tallies:
        listed.append(Tally(NO_PROGRAMME, _("statistics that no programme uses"), *tallies[None]))
    return listed


def _by_rule(found: QuerySet[QualityFinding]) -> list[Tally]:
    tallies = _count(found, "rule")
    return [Tally(code, str(name), *tallies[code]) for code, name in CHECKS if code in tallies]


def _count(found: QuerySet[QualityFinding], field: str) -> dict[str | None, tuple[int, int]]:
    """Open and acknowledged findings by the field."""
    rows = found.values_list(field).annotate(
        open=Count("pk", ~IS_ACKNOWLEDGED, distinct=True),
        acknowledged=Count("pk", IS_ACKNOWLEDGED, distinct=True),
    )
    return {value: (open_, acknowledged) for value, open_, acknowledged in rows}


@action_required(Action.ACKNOWLEDGE)
@require_POST
def quality_acknowledge(request: UserRequest, pk: int) -> HttpResponse:
    """Acknowledges a finding, or opens it again; returns to the list as it was."""
    finding = get_object_or_404(QualityFinding.objects.select_related("territory"), pk=pk)
    try:
        if "withdraw" in request.POST:
            withdraw_acknowledgement(finding=finding, by=request.user)
            messages.success(request, _("Open again."))
        else:
            _acknowledge(request, finding)
            messages.success(request, _("Acknowledged. The reason is public."))
    except AcknowledgementError as error:
        messages.error(request, str(PROBLEMS[error.code]))
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return redirect(address if is_ours else "programmes:quality-list")


def _acknowledge(request: UserRequest, finding: QualityFinding) -> None:
    form = AcknowledgementForm(request.POST)
    if not form.is_valid():
        raise AcknowledgementError("reason_missing")
    acknowledge_finding(finding=finding, by=request.user, **form.cleaned_data)
