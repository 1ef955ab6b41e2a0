"""Reports typed in the browser, and their review."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action, may, territories_for
from cities.models import Territory
from indicators.fields import MISSING_STATUSES, Status
from indicators.forms import OpenReportForm
from indicators.messages import report_error
from indicators.models import Entry, FormLine, Observation, Report, ReportingForm
from indicators.periods import Period
from indicators.services.publishing import ReasonRequiredError
from indicators.services.reporting import (
    Cell,
    ReportError,
    approve_report,
    open_report,
    return_report,
    save_entries,
    submit_report,
)
from indicators.tables.cells import NotANumber, parse_number
from indicators.tasks import published


@dataclass
class Row:
    """One line of the grid: what is asked, what was published, what is typed, what is wrong with it."""

    line: FormLine
    entry: Entry | None
    published: Observation | None
    previous: Observation | None
    typed: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def is_change(self) -> bool:
        """Whether the entry would change a published figure."""
        return bool(self.entry and self.published and self.entry.value != self.published.value)


@action_required(Action.ENTER)
def report_list(request: UserRequest) -> HttpResponse:
    """Forms that wait for the reader, and the reports begun; a year is chosen to open one."""
    mandated = territories_for(request.user, Action.ENTER)
    pairs = [
        (form, territory)
        for form in ReportingForm.objects.prefetch_related("territories").order_by("code")
        for territory in form.territories.all()
        if territory.pk in mandated
    ]
    chooser = OpenReportForm(request.POST or None)
    if request.method == "POST" and chooser.is_valid():
        form = get_object_or_404(ReportingForm, code=request.POST.get("form"))
        territory = get_object_or_404(Territory, code=request.POST.get("territory"), pk__in=mandated)
        try:
            period = Period.parse(str(chooser.cleaned_data["year"]))
            report = open_report(form=form, territory=territory, period=period)
            return redirect("indicators:report-detail", report.pk)
        except ReportError as error:
            messages.error(request, report_error(error))
    reports = Report.objects.filter(territory__in=mandated).select_related("form", "territory")
    context = {"pairs": pairs, "chooser": chooser, "reports": reports.order_by("-period_start", "pk")[:50]}
    return render(request, "indicators/report_list.html", context)


@action_required(Action.ENTER)
@require_http_methods(["GET", "POST"])
def report_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The grid: typed, saved and submitted."""
    report = _report_for(request.user, Action.ENTER, pk)
    rows = rows_of(report)
    if request.method == "POST" and _save(request, report, rows):
        if "submit" not in request.POST:
            messages.success(request, _("Saved."))
            return redirect("indicators:report-detail", report.pk)
        if _done(request, lambda: submit_report(report=report, by=request.user)):
            messages.success(request, _("Submitted. An approver will look at it."))
            return redirect("indicators:report-detail", report.pk)
    context = {"report": report, "rows": rows, "missing_statuses": _missing_choices()}
    return render(request, "indicators/report_detail.html", context)


@action_required(Action.APPROVE)
def review_list(request: UserRequest) -> HttpResponse:
    """What waits for a decision, oldest first."""
    reports = Report.objects.filter(
        state=Report.State.SUBMITTED, territory__in=territories_for(request.user, Action.APPROVE)
    ).select_related("form", "territory", "submitted_by")
    return render(request, "indicators/review_list.html", {"reports": reports.order_by("submitted_at")})


@action_required(Action.APPROVE)
@require_http_methods(["GET", "POST"])
def review_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A submitted report beside what is published; approved or returned."""
    report = _report_for(request.user, Action.APPROVE, pk)
    if request.method == "POST" and _decide(request, report):
        return redirect("indicators:review-list")
    rows = [row for row in rows_of(report) if row.entry]
    return render(request, "indicators/review_detail.html", {"report": report, "rows": rows})


def _decide(request: UserRequest, report: Report) -> bool:
    if "return" in request.POST:
        reason = request.POST.get("reason", "")
        if _done(request, lambda: return_report(report=report, by=request.user, reason=reason)):
            messages.success(request, _("Returned to the analyst."))
            return True
        return False
    if _done(request, lambda: _approve(report, request.user)):
        messages.success(request, _("Approved and published."))
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
    else:
        return True
    return False


def _report_for(user: User, action: Action, pk: int) -> Report:
    report = get_object_or_404(Report.objects.select_related("form", "territory"), pk=pk)
    if not may(user, action, report.territory):
        raise Http404
    return report


def rows_of(report: Report) -> list[Row]:
    """The report's lines in their order, each with its entry and the published figures beside it."""
    lines = list(report.form.lines.select_related("indicator__unit", "breakdown"))
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
        key = (line.indicator_id, line.breakdown_id)
        rows.append(
            Row(
                line=line,
                entry=entries.get(key),
                published=known.get((*key, report.period_start)),
                previous=known.get((*key, before.start)),
            )
        )
    return rows


def _year_before(period: Period) -> Period:
    return Period(period.frequency, period.start.replace(year=period.start.year - 1))


def _save(request: UserRequest, report: Report, rows: list[Row]) -> bool:
    """Saves what was typed; on an error nothing is, and the rows keep the texts and say what is wrong."""
    cells = [cell for row in rows if (cell := _cell(request, row)) is not None]
    if any(row.errors for row in rows):
        messages.error(request, _("Nothing was saved: correct the marked lines."))
        return False
    return _done(request, lambda: save_entries(report=report, cells=cells, by=request.user))


def _cell(request: HttpRequest, row: Row) -> Cell | None:
    """What was typed in the row; None where nothing is and nothing was."""
    key = str(row.line.pk)
    row.typed = request.POST.get(f"value-{key}", "").strip()
    status = request.POST.get(f"status-{key}", "") or Status.NORMAL.value
    comment = request.POST.get(f"comment-{key}", "").strip()
    version = request.POST.get(f"version-{key}", "0")
    if row.entry is None and not row.typed and status not in MISSING_STATUSES and not comment:
        return None
    parsed = parse_number(row.typed)
    if isinstance(parsed, NotANumber):
        row.errors.append(_("“%(text)s” is not a number: write it as 12.5 or 12,5.") % {"text": row.typed})
    value = parsed if isinstance(parsed, Decimal) else None
    return Cell(
        indicator=row.line.indicator,
        breakdown=row.line.breakdown,
        value=value,
        status=status if value is None or status not in MISSING_STATUSES else Status.NORMAL.value,
        comment=comment[:1000],
        version=int(version) if version.isdecimal() else 0,
    )


def _missing_choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Status.choices if value in MISSING_STATUSES]
