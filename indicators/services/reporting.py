"""A report's way: cells are typed, it is submitted, returned or approved; approval publishes."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cities.models import Territory
from indicators.fields import MISSING_STATUSES, Status
from indicators.models import Breakdown, Entry, Indicator, Report, ReportingForm
from indicators.periods import Frequency, Period
from indicators.services.publishing import Figure, Published, publish
from indicators.writing import written

# How many periods are offered for a report, and with how many decimals an entry is shown whole.
OFFERED, WHOLE = 6, 9


class ReportError(Exception):
    """Something that cannot be done to a report; `code` says what, `params` name the place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class ConflictError(ReportError):
    """Somebody else saved the cell meanwhile: `theirs` is what is saved now, None if it was removed."""

    def __init__(self, theirs: Entry | None) -> None:
        super().__init__("conflict", theirs=_said(theirs), author=theirs and str(theirs.changed_by))
        self.theirs = theirs


Place = tuple[int, int]
"""A cell's place in a report: ids of its indicator and breakdown."""


class CellsError(Exception):
    """Cells that cannot be saved, by their places; nothing was saved."""

    def __init__(self, errors: dict[Place, ReportError]) -> None:
        super().__init__(", ".join(error.code for error in errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Cell:
    """What was typed into one cell; `version` is the one that the typist saw (0: an empty cell)."""

    indicator: Indicator
    breakdown: Breakdown
    value: Decimal | None
    status: str
    comment: str
    version: int

    @property
    def place(self) -> Place:
        return self.indicator.pk, self.breakdown.pk


def periods_to_report(form: ReportingForm) -> list[Period]:
    """The last six periods that have begun and for which the form asks, the newest first."""
    today = timezone.localdate()
    period = Period.containing(Frequency(form.frequency), min(today, form.last_day or today))
    periods: list[Period] = []
    while len(periods) < OFFERED and (form.first_day is None or form.first_day <= period.start):
        if form.covers(period):
            periods.append(period)
        period = Period.containing(period.frequency, period.start - dt.timedelta(days=1))
    return periods


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


def save_entries(*, report: Report, cells: list[Cell], by: User) -> None:
    """Saves the typed cells, all or none. Raises `CellsError`: what somebody else saved meanwhile is a
    conflict, unless both typed the same."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if not report.is_open:
            raise ReportError("report_is_closed", state=report.get_state_display())
        lines = set(report.form.lines.values_list("indicator_id", "breakdown_id"))
        saved = {
            (entry.indicator_id, entry.breakdown_id): entry
            for entry in report.entries.select_related("changed_by")
        }
        cells = [cell for cell in cells if _content(cell) != _content(saved.get(cell.place))]
        errors = {cell.place: _error(cell, saved.get(cell.place), lines) for cell in cells}
        if refused := {place: error for place, error in errors.items() if error is not None}:
            raise CellsError(refused)
        for cell in cells:
            _save(cell, saved.get(cell.place) or _blank(report, cell), by)


def _content(of: Cell | Entry | None) -> tuple[Decimal | None, str, str]:
    return (of.value, of.status, of.comment) if of else (None, Status.NORMAL.value, "")


def _error(cell: Cell, entry: Entry | None, lines: set[Place]) -> ReportError | None:
    indicator, value = cell.indicator, cell.value
    if cell.place not in lines:
        return ReportError("line_not_in_form", indicator=indicator.name)
    if value is not None and not indicator.allows(value):
        low, high = indicator.minimum, indicator.maximum
        return ReportError("out_of_range", indicator=indicator.name, value=value, low=low, high=high)
    if (entry.version if entry else 0) != cell.version:
        return ConflictError(entry)
    return None


def _blank(report: Report, cell: Cell) -> Entry:
    return Entry(report=report, indicator=cell.indicator, breakdown=cell.breakdown, version=0)


def _save(cell: Cell, entry: Entry, by: User) -> None:
    entry.value, entry.status, entry.comment = _content(cell)
    entry.version += 1
    entry.changed_by = by
    entry.save()


def _said(entry: Entry | None) -> str:
    """What an entry says, for people: its whole figure or why there is none, and its comment."""
    if entry is None:
        return ""
    said = "" if entry.value is None else written(entry.value, WHOLE)
    if entry.value is None and entry.status in MISSING_STATUSES:
        said = entry.get_status_display()
    return " ".join(filter(None, [said, entry.comment and f"({entry.comment})"]))


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
    """Publishes a submitted report's figures. Nobody approves what he submitted or typed himself.

    The comment of an entry is the reason for changing a published figure; without one
    `ReasonRequiredError` is raised and nothing is approved.
    """
    with transaction.atomic():
        report = _submitted(report)
        if report.submitted_by == by or report.entries.filter(changed_by=by).exists():
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
    entries = report.entries.select_related("indicator").order_by("pk")
    return [entry for entry in entries if is_stated(entry)]


def is_stated(entry: Entry) -> bool:
    """Whether the entry says something that can be published."""
    return entry.value is not None or entry.status in MISSING_STATUSES


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
