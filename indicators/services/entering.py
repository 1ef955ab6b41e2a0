"""Figures typed into the cells of a report: each is saved, or refused with its reason."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, Organisation, User
from accounts.services.auditing import change, event, record, record_all
from cities.models import Territory
from indicators.evidence import KINDS, is_what_it_says
from indicators.fields import MISSING_STATUSES, Status
from indicators.models import Breakdown, Entry, Indicator, Report, ReportingForm
from indicators.periods import Frequency, Period
from indicators.writing import written

# How many periods are offered for a report, and with how many decimals an entry is shown whole.
OFFERED, WHOLE = 6, 9
MOST_EVIDENCE_BYTES = 25 * 1024 * 1024

Place = tuple[int, int]
"""A cell's place in a report: ids of its indicator and breakdown."""


Content = tuple[Decimal | None, str, str]
"""Value, status and comment of a cell."""


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


@dataclass(frozen=True)
class Saved:
    """What became of typed cells, by their places: as they are stored now, or why they are not."""

    entries: dict[Place, Entry]
    refused: dict[Place, ReportError]


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


def reports_on(*, form: ReportingForm, period: Period, territories: list[Territory]) -> list[Report]:
    """The form's reports of the period, in the order of the territories; those not begun are not stored yet.

    Raises `ReportError` where the form does not ask for the period, or the period has not begun.
    """
    if not form.covers(period):
        raise ReportError("period_not_covered", period=str(period), first=form.first_day, last=form.last_day)
    if period.start > timezone.localdate():
        raise ReportError("period_not_begun", period=str(period))
    begun = form.reports.filter(period_start=period.start).select_related("submitted_by", "decided_by")
    known = {report.territory_id: report for report in begun}
    reports = [
        known.get(place.pk) or Report(form=form, territory=place, period_start=period.start)
        for place in territories
    ]
    for report, place in zip(reports, territories, strict=True):
        report.form, report.territory = form, place
    return reports


def record_looks(*, reports: Iterable[Report], by: User) -> None:
    """Keeps in the audit trail who saw which drafts."""
    record_all([event("report.opened", by=by, **about(report)) for report in reports if report.pk])


def save_cells(*, report: Report, cells: list[Cell], by: User) -> Saved:
    """Saves the typed cells that can be saved; the others are refused, each with its reason.

    What somebody else saved meanwhile is a conflict, unless both typed the same. With its first cell a
    report is begun.
    """
    with transaction.atomic():
        report = locked(report)
        saved = {
            entry.place: entry
            for entry in report.entries.select_related("changed_by", "indicator", "breakdown")
        }
        lines = set(report.form.lines.values_list("indicator_id", "breakdown_id"))
        changed = [cell for cell in cells if _content(cell) != _content(saved.get(cell.place))]
        errors = {cell.place: _error(report, cell, saved.get(cell.place), lines) for cell in changed}
        refused = {place: error for place, error in errors.items() if error is not None}
        wanted = [cell for cell in changed if cell.place not in refused]
        before = {cell.place: _content(saved.get(cell.place)) for cell in wanted}
        entries = [_typed(report, cell, saved, by) for cell in wanted]
        _store(entries)
        record_all([_event(report, entry, before[entry.place], by) for entry in entries])
    stored = {**saved, **{entry.place: entry for entry in entries}}
    return Saved({cell.place: stored[cell.place] for cell in cells if cell.place in stored}, refused)


def locked(report: Report) -> Report:
    """The report as it is stored, locked for the rest of the transaction; one not begun is stored."""
    if report.pk is None:
        key = {"form": report.form, "territory": report.territory, "period_start": report.period_start}
        report, _ = Report.objects.get_or_create(**key)
    rows = Report.objects.select_for_update(of=("self",)).select_related("form__organisation", "territory")
    return rows.get(pk=report.pk)


def _content(of: Cell | Entry | None) -> Content:
    return (of.value, of.status, of.comment) if of else (None, Status.NORMAL.value, "")


def _error(report: Report, cell: Cell, entry: Entry | None, lines: set[Place]) -> ReportError | None:
    indicator, value = cell.indicator, cell.value
    if not report.is_open:
        return ReportError("report_is_closed", state=report.get_state_display())
    if cell.place not in lines:
        return ReportError("line_not_in_form", indicator=indicator.name)
    if value is not None and not indicator.allows(value):
        low, high = indicator.minimum, indicator.maximum
        return ReportError("out_of_range", indicator=indicator.name, value=value, low=low, high=high)
    if (entry.version if entry else 0) != cell.version:
        return ConflictError(entry)
    return None


def _typed(report: Report, cell: Cell, saved: dict[Place, Entry], by: User) -> Entry:
    """The entry as typed; what the approver said of the former one is answered."""
    blank = Entry(report=report, indicator=cell.indicator, breakdown=cell.breakdown, version=0)
    entry = saved.get(cell.place, blank)
    entry.value, entry.status, entry.comment = _content(cell)
    entry.version += 1
    entry.changed_by, entry.changed_at, entry.returned = by, timezone.now(), ""
    return entry


def _store(entries: list[Entry]) -> None:
    """Writes new and changed entries, each kind in one statement."""
    new, changed = ([entry for entry in entries if (entry.pk is None) is is_new] for is_new in (True, False))
    Entry.objects.bulk_create(new)
    fields = ["value", "status", "comment", "version", "changed_by", "changed_at", "returned"]
    Entry.objects.bulk_update(changed, fields)


def _event(report: Report, entry: Entry, before: Content, by: User) -> AuditEvent:
    """What the audit trail keeps of a typed cell."""
    names = ("value", "status", "comment")
    pairs = zip(names, before, _content(entry), strict=True)
    details = {name: change(_plain(old), _plain(new)) for name, old, new in pairs if old != new}
    return event("entry.saved", by=by, details=details, **about(report, entry))


def _plain(value: Decimal | str | None) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


class About(TypedDict):
    """What an event of the audit trail is about."""

    subject: str
    label: str
    organisation: Organisation
    territory: Territory


def about(report: Report, entry: Entry | None = None) -> About:
    """The report, or one cell of it, as the audit trail names it."""
    label = str(report)
    if entry is not None:
        label = f"{label}: {entry.indicator.code} {entry.breakdown.code}".rstrip()
    return {
        "subject": f"report:{report.pk}",
        "label": label,
        "organisation": report.form.organisation,
        "territory": report.territory,
    }


def attach_evidence(*, entry: Entry, version: int, file: "File[bytes] | None", by: User) -> Entry:
    """Keeps the file beside the entry, or takes it away; only while the report is open.

    Raises `ReportError` for files that are too large or of a kind that cannot be looked at, `ConflictError`
    where somebody else saved the cell meanwhile.
    """
    with transaction.atomic():
        report = locked(entry.report)
        entry = report.entries.select_related("changed_by", "indicator", "breakdown").get(pk=entry.pk)
        if not report.is_open:
            raise ReportError("report_is_closed", state=report.get_state_display())
        if entry.version != version:
            raise ConflictError(entry)
        if file is not None:
            _refuse_evidence(file)
        before, entry.evidence = entry.evidence_name, file
        entry.evidence_name = (file.name or "")[-255:] if file else ""
        entry.version, entry.changed_by, entry.changed_at = entry.version + 1, by, timezone.now()
        entry.save()
        details = {"evidence": change(before or None, entry.evidence_name or None)}
        record("entry.evidence", by=by, details=details, **about(report, entry))
    return entry


def _refuse_evidence(file: "File[bytes]") -> None:
    name = file.name or ""
    if (file.size or 0) > MOST_EVIDENCE_BYTES:
        limit = MOST_EVIDENCE_BYTES // 1024**2
        raise ReportError("evidence_too_large", megabytes=(file.size or 0) // 1024**2, limit=limit)
    if not is_what_it_says(name, file):
        raise ReportError("evidence_of_unknown_kind", name=name, kinds=sorted(KINDS))


def _said(entry: Entry | None) -> str:
    """What an entry says, for people: its whole figure or why there is none, and its comment."""
    if entry is None:
        return ""
    said = "" if entry.value is None else written(entry.value, WHOLE)
    if entry.value is None and entry.status in MISSING_STATUSES:
        said = entry.get_status_display()
    return " ".join(filter(None, [said, entry.comment and f"({entry.comment})"]))
