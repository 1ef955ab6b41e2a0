"""A report's way: cells are typed, it is submitted, returned or approved; approval publishes."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cities.models import Territory
from indicators.fields import MISSING_STATUSES, Status
from indicators.models import Breakdown, Entry, Indicator, Report, ReportingForm
from indicators.periods import Period
from indicators.services.publishing import Figure, Published, publish


class ReportError(Exception):
    """Something that cannot be done to a report; `code` says what, `params` name the place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Cell:
    """What was typed into one cell; `version` is the one that the typist saw (0: an empty cell)."""

    indicator: Indicator
    breakdown: Breakdown
    value: Decimal | None
    status: str
    comment: str
    version: int


def open_report(*, form: ReportingForm, territory: Territory, period: Period) -> Report:
    """The form's report for the territory and period, created when it is first opened."""
    if not form.covers(period):
        raise ReportError("period_not_covered", period=str(period), first=form.first_day, last=form.last_day)
    if period.start > timezone.localdate():
        raise ReportError("period_not_begun", period=str(period))
    if not form.territories.filter(pk=territory.pk).exists():
        raise ReportError("territory_not_covered", territory=territory.name)
    report, _ = Report.objects.get_or_create(form=form, territory=territory, period_start=period.start)
    return report


def save_entries(*, report: Report, cells: list[Cell], by: User) -> list[Entry]:
    """Saves the typed cells, all or none; a cell that somebody else saved meanwhile is a conflict."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not report.is_open:
            raise ReportError("report_is_closed", state=report.get_state_display())
        lines = set(report.form.lines.values_list("indicator_id", "breakdown_id"))
        return [_save_entry(report, cell, by) for cell in cells if _is_asked(cell, lines)]


def _is_asked(cell: Cell, lines: set[tuple[int, int]]) -> bool:
    if (cell.indicator.pk, cell.breakdown.pk) not in lines:
        raise ReportError("line_not_in_form", indicator=cell.indicator.name)
    return True


def _save_entry(report: Report, cell: Cell, by: User) -> Entry:
    indicator = cell.indicator
    if cell.value is not None:
        low, high = indicator.minimum, indicator.maximum
        if (low is not None and cell.value < low) or (high is not None and cell.value > high):
            raise ReportError("out_of_range", indicator=indicator.name, value=cell.value, low=low, high=high)
    entry = Entry.objects.filter(report=report, indicator=indicator, breakdown=cell.breakdown).first()
    if (entry.version if entry else 0) != cell.version:
        raise ReportError(
            "conflict", indicator=indicator.name, mine=cell.value,
            theirs=entry and entry.value, author=entry and str(entry.changed_by),
        )  # fmt: skip
    if entry is None:
        entry = Entry(report=report, indicator=indicator, breakdown=cell.breakdown, version=0)
    if entry.version and (entry.value, entry.status, entry.comment) == (
        cell.value,
        cell.status,
        cell.comment,
    ):
        return entry
    entry.value, entry.status, entry.comment = cell.value, cell.status, cell.comment
    entry.version += 1
    entry.changed_by = by
    entry.save()
    return entry


def submit_report(*, report: Report, by: User) -> Report:
    """Hands the report in; it needs at least one figure or a missing figure with its status."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not report.is_open:
            raise ReportError("report_is_closed", state=report.get_state_display())
        if not _stated(report):
            raise ReportError("report_is_empty")
        report.state = Report.State.SUBMITTED
        report.submitted_by, report.submitted_at = by, timezone.now()
        report.save()
    return report


def return_report(*, report: Report, by: User, reason: str) -> Report:
    """Gives a submitted report back, saying why."""
    with transaction.atomic():
        report = _submitted(report)
        if not reason.strip():
            raise ReportError("reason_required")
        report.state, report.return_reason = Report.State.RETURNED, reason.strip()
        report.decided_by, report.decided_at = by, timezone.now()
        report.save()
    return report


def approve_report(*, report: Report, by: User) -> Published:
    """Publishes a submitted report's figures. Nobody approves what he submitted himself.

    The comment of an entry is the reason for changing a published figure; without one
    `ReasonRequiredError` is raised and nothing is approved.
    """
    with transaction.atomic():
        report = _submitted(report)
        if report.submitted_by == by:
            raise ReportError("own_report")
        report.state, report.return_reason = Report.State.APPROVED, ""
        report.decided_by, report.decided_at = by, timezone.now()
        report.save()
        return publish([_figure(report, entry) for entry in _stated(report)], user=by)


def _submitted(report: Report) -> Report:
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != Report.State.SUBMITTED:
        raise ReportError("report_not_submitted", state=report.get_state_display())
    return report


def _stated(report: Report) -> list[Entry]:
    """Entries that say something: a figure, or why there is none."""
    entries = report.entries.select_related("indicator").order_by("pk")
    return [entry for entry in entries if entry.value is not None or entry.status in MISSING_STATUSES]


def _figure(report: Report, entry: Entry) -> Figure:
    status = entry.status if entry.value is None or entry.status not in MISSING_STATUSES else Status.NORMAL
    return Figure(
        indicator_id=entry.indicator_id,
        territory_id=report.territory_id,
        breakdown_id=entry.breakdown_id,
        source_id=report.form.source_id,
        frequency=report.form.frequency,
        period_start=report.period_start,
        value=entry.value,
        status=status,
        origin=f"{report.form.code} {report.period}",
        entry_id=entry.pk,
        reason=entry.comment,
    )
