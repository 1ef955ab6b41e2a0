"""A report's way: submitted, returned, approved and published, reopened to correct what is published."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.auditing import record
from indicators.fields import Status
from indicators.models import Entry, Observation, Report
from indicators.services.entering import Place, ReportError, about, locked
from indicators.services.notifying import tell_approved, tell_returned, tell_submitted
from indicators.services.pausing import current_pause
from indicators.services.publishing import Figure, Published, publish
from indicators.services.warning import find_warnings

Known = dict[Place, Observation]


class CellsError(ReportError):
    """Cells that keep a report from being submitted or approved: what each lacks, by its place."""

    def __init__(self, cells: Mapping[Place, str]) -> None:
        super().__init__("cells_lack_something", count=len(cells))
        self.cells = cells


def submit_report(*, report: Report, by: User) -> Report:
    """Hands the report in. It needs something that can be published; a warning and a change of a published
    figure need a comment, the latter also evidence where the form asks for it: else `CellsError`."""
    with transaction.atomic():
        report = _open(report)
        entries = _stated(report)
        if not entries:
            raise ReportError("report_is_empty")
        if lacking := _lacking(report, entries):
            raise CellsError(lacking)
        report.entries.exclude(returned="").update(returned="")
        report.state = Report.State.SUBMITTED
        report.submitted_by, report.submitted_at = by, timezone.now()
        report.save()
        record("report.submitted", by=by, **about(report))
        tell_submitted(report)
    return report


def _open(report: Report) -> Report:
    if report.pk is None:
        raise ReportError("report_is_empty")
    report = locked(report)
    if not report.is_open:
        raise ReportError("report_is_closed", state=report.get_state_display())
    return report


def _lacking(report: Report, entries: list[Entry]) -> dict[Place, str]:
    """What keeps single cells from being submitted. What is published as it stands was accepted before."""
    known = published_of(report)
    changes = [entry for entry in entries if is_change(entry, known.get(entry.place))]
    news = [entry for entry in entries if entry in changes or entry.place not in known]
    warned = {warning.key[1:] for warning in find_warnings([report], entries)}
    lacking: dict[Place, str] = {}
    for entry in news:
        if entry in changes and not entry.comment:
            lacking[entry.place] = "change_needs_reason"
        elif entry in changes and report.form.requires_evidence and not entry.evidence:
            lacking[entry.place] = "change_needs_evidence"
        elif entry.place in warned and not entry.comment:
            lacking[entry.place] = "warning_needs_comment"
    return lacking


def published_of(report: Report) -> Known:
    """What is published of the report's own source, territory and period, by place."""
    rows = Observation.objects.filter(
        series__territory=report.territory_id,
        series__source=report.form.source_id,
        series__frequency=report.form.frequency,
        period_start=report.period_start,
    )
    return {(row.series.indicator_id, row.series.breakdown_id): row for row in rows.select_related("series")}


def is_change(entry: Entry, published: Observation | None) -> bool:
    """Whether the entry would change a published figure, be it only its status."""
    return published is not None and (entry.value, _status(entry)) != (published.value, published.status)


def return_report(
    *, report: Report, by: User, reason: str, cells: Mapping[Place, str] | None = None
) -> Report:
    """Gives a submitted report back, saying why, for the whole or for single cells."""
    with transaction.atomic():
        report = _submitted(report)
        named = {place: text.strip() for place, text in (cells or {}).items() if text.strip()}
        if not reason.strip() and not named:
            raise ReportError("reason_required")
        entries = [e for e in report.entries.select_related("indicator") if e.place in named]
        for entry in entries:
            entry.returned = named[entry.place]
        Entry.objects.bulk_update(entries, ["returned"])
        report.state = Report.State.RETURNED
        report.return_reason = reason.strip() or "; ".join(dict.fromkeys(named.values()))[:1000]
        report.decided_by, report.decided_at = by, timezone.now()
        report.save()
        details = {entry.indicator.code: entry.returned for entry in entries}
        record("report.returned", by=by, reason=report.return_reason, details=details, **about(report))
        tell_returned(report)
    return report


def approve_report(*, report: Report, by: User) -> Published:
    """Publishes a submitted report's figures. Nobody approves what he submitted or typed himself.

    The comment of an entry is the reason for changing a published figure; what was published meanwhile and
    would now be changed without one keeps the report from being approved (`CellsError`).
    """
    with transaction.atomic():
        report = _submitted(report)
        if pause := current_pause():
            raise ReportError("publishing_paused", reason=pause.reason)
        if report.submitted_by == by or report.entries.filter(changed_by=by).exists():
            raise ReportError("own_report")
        entries, known = _stated(report), published_of(report)
        unexplained = [e for e in entries if is_change(e, known.get(e.place)) and not e.comment]
        if unexplained:
            raise CellsError({entry.place: "change_needs_reason" for entry in unexplained})
        report.state, report.return_reason = Report.State.APPROVED, ""
        report.decided_by, report.decided_at = by, timezone.now()
        report.save()
        published = publish([_figure(report, entry) for entry in entries], user=by)
        record("report.approved", by=by, details=published._asdict(), **about(report))
        tell_approved(report)
    return published


def reopen_report(*, report: Report, by: User) -> Report:
    """Opens an approved report to correct what was published; each change will need a reason of its own."""
    with transaction.atomic():
        report = locked(report)
        if report.state != Report.State.APPROVED:
            raise ReportError("report_not_approved", state=report.get_state_display())
        report.state = Report.State.DRAFT
        report.save()
        report.entries.exclude(comment="").update(comment="")
        record("report.reopened", by=by, **about(report))
    return report


def _submitted(report: Report) -> Report:
    report = locked(report)
    if report.state != Report.State.SUBMITTED:
        raise ReportError("report_not_submitted", state=report.get_state_display())
    return report


def _stated(report: Report) -> list[Entry]:
    entries = report.entries.select_related("indicator", "breakdown").order_by("pk")
    return [entry for entry in entries if entry.is_stated]


def _status(entry: Entry) -> str:
    """A figure is not missing, whatever was said before it was typed."""
    return entry.status if entry.value is None or not entry.is_missing else Status.NORMAL.value


def _figure(report: Report, entry: Entry) -> Figure:
    return Figure(
        indicator_id=entry.indicator_id,
        territory_id=report.territory_id,
        breakdown_id=entry.breakdown_id,
        source_id=report.form.source_id,
        frequency=report.form.frequency,
        period_start=report.period_start,
        value=entry.value,
        status=_status(entry),
        origin=f"{report.form.code} {report.period}",
        entry_id=entry.pk,
        reason=entry.comment,
    )
