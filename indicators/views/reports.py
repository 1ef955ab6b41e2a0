"""Reports typed in the browser, and their review."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action, mandated, may
from cities.models import Territory
from indicators.forms import EntryForm, ReturnForm
from indicators.messages import report_error
from indicators.models import Entry, FormLine, Observation, Report, ReportingForm
from indicators.periods import Period, PeriodError
from indicators.services.publishing import ReasonRequiredError
from indicators.services.reporting import (
    CellsError,
    ReportError,
    approve_report,
    is_stated,
    open_report,
    periods_to_report,
    return_report,
    save_entries,
    submit_report,
)
from indicators.tasks import published

Choice = tuple[ReportingForm, Territory, list[Period]]
"""A form that can be filled in for the territory and the periods."""


@dataclass(frozen=True)
class Row:
    """One line of the grid: what is asked, what was published, what is typed."""

    line: FormLine
    entry: Entry | None
    published: Observation | None
    previous: Observation | None
    form: EntryForm

    @property
    def is_change(self) -> bool:
        """Whether the entry would change a published figure, be it only its status."""
        entry, published = self.entry, self.published
        if entry is None or published is None or not is_stated(entry):
            return False
        return (entry.value, entry.status) != (published.value, published.status)

    @property
    def names_status(self) -> bool:
        """Whether the statuses must be named: they change, or there is no figure."""
        if self.entry is None or not is_stated(self.entry):
            return False
        changes = self.published is not None and self.entry.status != self.published.status
        return changes or self.entry.value is None


@action_required(Action.ENTER)
@require_http_methods(["GET", "POST"])
def report_list(request: UserRequest) -> HttpResponse:
    """Forms that wait for the reader, and the reports begun; a period is chosen to open one."""
    choices = _choices(request.user)
    if request.method == "POST":
        try:
            return redirect("indicators:report-detail", _open(request, choices).pk)
        except ReportError as error:
            messages.error(request, report_error(error))
    reports = reports_of(request.user, Action.ENTER).order_by("-period_start", "pk")[:50]
    return render(request, "indicators/report_list.html", {"choices": choices, "reports": reports})


def _choices(user: User) -> list[Choice]:
    allowed = mandated(user, Action.ENTER, territory="territory", organisation="reportingform__organisation")
    pairs = ReportingForm.territories.through.objects.filter(allowed).order_by("reportingform__code", "pk")
    return [
        (pair.reportingform, pair.territory, periods_to_report(pair.reportingform))
        for pair in pairs.select_related("reportingform", "territory")
    ]


def _open(request: HttpRequest, choices: list[Choice]) -> Report:
    wanted = (request.POST.get("form"), request.POST.get("territory"))
    try:
        period = Period.parse(request.POST.get("period", ""))
    except PeriodError as error:
        raise Http404 from error
    for form, territory, _periods in choices:
        if (form.code, territory.code) == wanted:
            return open_report(form=form, territory=territory, period=period)
    raise Http404


@action_required(Action.ENTER)
@require_http_methods(["GET", "POST"])
def report_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The grid: typed, saved and submitted."""
    report = _report_for(request.user, Action.ENTER, pk)
    rows = rows_of(report, request.POST or None)
    if request.method == "POST" and _save(request, report, rows):
        if "submit" not in request.POST:
            messages.success(request, _("Saved."))
        elif _done(request, lambda: submit_report(report=report, by=request.user)):
            messages.success(request, _("Submitted. An approver will look at it."))
        return redirect("indicators:report-detail", report.pk)
    return render(request, "indicators/report_detail.html", {"report": report, "rows": rows})


@action_required(Action.APPROVE)
def review_list(request: UserRequest) -> HttpResponse:
    """What waits for a decision, oldest first."""
    reports = reports_of(request.user, Action.APPROVE).filter(state=Report.State.SUBMITTED)
    return render(request, "indicators/review_list.html", {"reports": reports.order_by("submitted_at")})


@action_required(Action.APPROVE)
@require_http_methods(["GET", "POST"])
def review_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A submitted report beside what is published; approved or returned."""
    report = _report_for(request.user, Action.APPROVE, pk)
    if report.submitted_at is None:
        raise Http404
    return_form = ReturnForm(request.POST if "return" in request.POST else None)
    if request.method == "POST" and _decide(request, report, return_form):
        return redirect("indicators:review-list")
    rows = [row for row in rows_of(report) if row.entry]
    context = {"report": report, "rows": rows, "return_form": return_form}
    return render(request, "indicators/review_detail.html", context)


def _decide(request: UserRequest, report: Report, form: ReturnForm) -> bool:
    if not form.is_bound:
        if _done(request, lambda: _approve(report, request.user)):
            messages.success(request, _("Approved and published."))
            return True
        return False
    if form.is_valid() and _done(
        request,
        lambda: return_report(report=report, by=request.user, reason=form.cleaned_data["reason"]),
    ):
        messages.success(request, _("Returned to the analyst."))
        return True
    return False


def _approve(report: Report, user: User) -> None:
    with transaction.atomic():
        approve_report(report=report, by=user)
        transaction.on_commit(published)


def _done(request: HttpRequest, action: Callable[[], object]) -> bool:
    """Takes the action; if it cannot be taken, tells the reader why."""
    try:
        action()
    except ReportError as error:
        messages.error(request, report_error(error))
    except ReasonRequiredError:
        messages.error(
            request,
            _("A published figure would change: return the report and ask for a comment on that line."),
        )
    except OperationalError:
        messages.error(
            request, _("Somebody else is saving or publishing these figures just now: try again in a minute.")
        )
    else:
        return True
    return False


def reports_of(user: User, action: Action) -> QuerySet[Report]:
    """The reports on which the user may take the action."""
    allowed = mandated(user, action, territory="territory", organisation="form__organisation")
    return Report.objects.filter(allowed).select_related("form", "territory", "submitted_by")


def _report_for(user: User, action: Action, pk: int) -> Report:
    reports = Report.objects.select_related("form__organisation", "territory", "submitted_by")
    report = get_object_or_404(reports, pk=pk)
    if not may(user, action, report.territory, report.form.organisation):
        raise Http404
    return report


def rows_of(report: Report, typed: QueryDict | None = None) -> list[Row]:
    """The report's lines in their order, each with its entry, the published figures and what is typed."""
    asked = report.form.lines.select_related("indicator__unit", "breakdown")
    lines = list(asked.prefetch_related("breakdown__categories"))
    entries = {(entry.indicator_id, entry.breakdown_id): entry for entry in report.entries.all()}
    before = _year_before(report.period)
    figures = Observation.objects.filter(
        series__territory=report.territory_id,
        series__source=report.form.source_id,
        series__frequency=report.form.frequency,
        series__indicator__in=[line.indicator_id for line in lines],
        period_start__in=[report.period_start, before.start],
    ).select_related("series")
    known = {(o.series.indicator_id, o.series.breakdown_id, o.period_start): o for o in figures}
    rows = []
    for line in lines:
        place = (line.indicator_id, line.breakdown_id)
        entry = entries.get(place)
        rows.append(
            Row(
                line=line,
                entry=entry,
                published=known.get((*place, report.period_start)),
                previous=known.get((*place, before.start)),
                form=EntryForm(typed, line=line, entry=entry),
            )
        )
    return rows


def _year_before(period: Period) -> Period:
    return Period(period.frequency, period.start.replace(year=period.start.year - 1))


def _save(request: UserRequest, report: Report, rows: list[Row]) -> bool:
    """Saves the lines that were touched; if one cannot be saved, none is, and each says what is wrong."""
    forms = [row.form for row in rows if row.form.is_touched]
    if all(form.is_valid() for form in forms):
        cells = [form.cell for form in forms]
        try:
            return _done(request, lambda: save_entries(report=report, cells=cells, by=request.user))
        except CellsError as refused:
            for form, cell in zip(forms, cells, strict=True):
                if error := refused.errors.get(cell.place):
                    form.refuse(error)
    messages.error(request, _("Nothing was saved: correct the marked lines."))
    return False
