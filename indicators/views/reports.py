"""What an analyst has to report, and the queue of those who approve."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action, mandated, may
from cities.models import Territory
from indicators.messages import report_error
from indicators.models import Entry, FormLine, Report, ReportingForm
from indicators.periods import Period
from indicators.services.entering import Place, ReportError, periods_to_report, record_looks
from indicators.services.reporting import approve_report, is_change, return_report
from indicators.sheets import Beside, Sheet
from indicators.tasks import published
from indicators.warning_texts import warning_text

QUEUE = 200
"""So many reports are looked at together; the next come when these are decided."""


@dataclass(frozen=True)
class Task:
    """A period of a form that the reader may fill in, and how far its reports are."""

    form: ReportingForm
    period: Period
    territories: list[Territory]
    reports: list[Report]

    @property
    def handed_in(self) -> int:
        """How many of its reports are submitted or approved."""
        return sum(not report.is_open for report in self.reports)

    @property
    def returned(self) -> list[Report]:
        """Those that the approver gave back."""
        return [report for report in self.reports if report.state == Report.State.RETURNED]

    @property
    def is_overdue(self) -> bool:
        """Whether a report is lacking after its day."""
        return self.handed_in < len(self.territories) and timezone.localdate() > self.form.due_on(self.period)


@dataclass(frozen=True)
class Row:
    """A cell of a report as its approver looks at it."""

    line: FormLine
    entry: Entry
    beside: Beside
    warnings: list[str]

    @property
    def is_change(self) -> bool:
        """Whether it would change a published figure, be it only its status."""
        return self.entry.is_stated and is_change(self.entry, self.beside.published)

    @property
    def names_status(self) -> bool:
        """Whether the statuses must be named: they change, or there is no figure."""
        published = self.beside.published
        is_changed = self.is_change and published is not None and self.entry.status != published.status
        return self.entry.is_stated and (is_changed or self.entry.value is None)


@dataclass(frozen=True)
class Waiting:
    """A report in the queue, with what is to be looked at in it."""

    report: Report
    rows: list[Row]

    @property
    def changes(self) -> int:
        """Published figures that it would change."""
        return sum(row.is_change for row in self.rows)

    @property
    def warnings(self) -> int:
        """Cells that were asked about."""
        return sum(bool(row.warnings) for row in self.rows)


@action_required(Action.ENTER)
@require_GET
def report_list(request: UserRequest) -> HttpResponse:
    """The periods that wait for the reader, by form."""
    tasks = [task for task in _tasks(request.user) if task.territories]
    by_form: dict[int, list[Task]] = {}
    for task in tasks:
        by_form.setdefault(task.form.pk, []).append(task)
    return render(request, "indicators/report_list.html", {"forms": list(by_form.values())})


def _tasks(user: User) -> list[Task]:
    allowed = mandated(user, Action.ENTER, territory="territory", organisation="reportingform__organisation")
    pairs = ReportingForm.territories.through.objects.filter(allowed).order_by("reportingform__code", "pk")
    places: dict[ReportingForm, list[Territory]] = {}
    for pair in pairs.select_related("reportingform", "territory"):
        places.setdefault(pair.reportingform, []).append(pair.territory)
    reports = list(reports_of(user, Action.ENTER).filter(form__in=places))
    return [
        Task(form, period, territories, [r for r in reports if (r.form, r.period) == (form, period)])
        for form, territories in places.items()
        for period in periods_to_report(form)
    ]


def reports_of(user: User, action: Action) -> QuerySet[Report]:
    """The reports on which the user may take the action."""
    allowed = mandated(user, action, territory="territory", organisation="form__organisation")
    related = "form__organisation", "form__source", "territory", "submitted_by", "decided_by"
    return Report.objects.filter(allowed).select_related(*related)


@action_required(Action.APPROVE)
@require_GET
def review_list(request: UserRequest) -> HttpResponse:
    """What waits for a decision: what is doubtful or changes something first, then the oldest."""
    submitted = reports_of(request.user, Action.APPROVE).filter(state=Report.State.SUBMITTED)
    waiting = _waiting(list(submitted.order_by("submitted_at")[:QUEUE]))
    waiting.sort(key=lambda each: (-each.warnings, -each.changes, each.report.submitted_at))
    return render(request, "indicators/review_list.html", {"waiting": waiting, "total": submitted.count()})


def _waiting(reports: list[Report]) -> list[Waiting]:
    """The reports with their rows: those of one form and period are read together."""
    together: dict[tuple[int, Period], list[Report]] = {}
    for report in reports:
        together.setdefault((report.form_id, report.period), []).append(report)
    waiting = []
    for (_form, period), group in together.items():
        sheet = Sheet(group[0].form, period, group)
        waiting += [Waiting(report, rows_of(sheet, report)) for report in group]
    return waiting


def rows_of(sheet: Sheet, report: Report) -> list[Row]:
    """What is typed in the report, line by line."""
    rows = []
    for owner, line, key in sheet.cells():
        entry = sheet.entries.get(key)
        if owner is report and entry is not None:
            texts = [warning_text(warning, line.indicator) for warning in sheet.warnings.get(key, [])]
            rows.append(Row(line, entry, sheet.beside.get(key, Beside()), texts))
    return rows


@action_required(Action.APPROVE)
@require_http_methods(["GET", "POST"])
def review_detail(request: UserRequest, pk: int) -> HttpResponse:
    """A submitted report beside what is published; approved or returned."""
    related = "form__organisation", "form__source", "territory", "submitted_by"
    report = get_object_or_404(Report.objects.select_related(*related), pk=pk)
    if not may(request.user, Action.APPROVE, report.territory, report.form.organisation):
        raise Http404
    if report.submitted_at is None:
        raise Http404
    decide = _return if "return" in request.POST else _approve
    if request.method == "POST" and decide(request, report):
        return redirect("indicators:review-list")
    record_looks(reports=[report], by=request.user)
    sheet = Sheet(report.form, report.period, [report])
    rows = sorted(rows_of(sheet, report), key=lambda row: (not row.warnings, not row.is_change))
    context = {"report": report, "rows": rows, "sheet": sheet, "reason": request.POST.get("reason", "")}
    return render(request, "indicators/review_detail.html", context)


@action_required(Action.APPROVE)
@require_POST
def review_approve(request: UserRequest) -> HttpResponse:
    """Approves the chosen reports, each by itself: one that cannot be approved does not keep the others."""
    chosen = [int(text) for text in request.POST.getlist("report") if text.isdecimal()]
    reports = reports_of(request.user, Action.APPROVE).filter(pk__in=chosen)
    done = sum(_approve(request, report, is_one_of_many=True) for report in reports)
    if done:
        text = ngettext("%(count)s report was approved.", "%(count)s reports were approved.", done)
        messages.success(request, text % {"count": done})
    elif not reports:
        messages.error(request, _("Choose the reports that you approve."))
    return redirect("indicators:review-list")


def _approve(request: UserRequest, report: Report, *, is_one_of_many: bool = False) -> bool:
    def approve() -> None:
        with transaction.atomic():
            approve_report(report=report, by=request.user)
            transaction.on_commit(published)

    is_done = _done(request, approve, report)
    if is_done and not is_one_of_many:
        messages.success(request, _("Approved and published."))
    return is_done


def _return(request: UserRequest, report: Report) -> bool:
    """Gives the report back, with the reasons written beside single cells."""
    named: dict[Place, str] = {}
    for line in report.form.lines.all():
        if text := _text(request, f"line-{line.pk}", 500):
            named[line.place] = text
    reason = _text(request, "reason", 1000)
    is_done = _done(
        request, lambda: return_report(report=report, by=request.user, reason=reason, cells=named), report
    )
    if is_done:
        messages.success(request, _("Returned to the analyst."))
    return is_done


def _text(request: HttpRequest, name: str, most: int) -> str:
    """What was written, as PostgreSQL can hold it."""
    return request.POST.get(name, "").replace("\0", "").strip()[:most]


def _done(request: HttpRequest, action: Callable[[], object], report: Report) -> bool:
    """Takes the action; if it cannot be taken, tells the reader why, and of which report."""
    try:
        action()
    except ReportError as error:
        messages.error(request, f"{report.territory.name}, {report.period}: {report_error(error)}")
    except OperationalError:
        messages.error(
            request, _("Somebody else is saving or publishing these figures just now: try again in a minute.")
        )
    else:
        return True
    return False
