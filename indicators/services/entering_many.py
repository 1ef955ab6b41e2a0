"""Many figures at once, of any number of reports: each row is saved, or refused with its reason."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from indicators.desk import Desk, LineId, ReportId
from indicators.models import Entry, Report, ReportingForm
from indicators.periods import Period
from indicators.services.entering import Cell, Place, ReportError, locked, save_cells
from indicators.services.warning import Warning, find_warnings

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, REFUSED)


@dataclass(frozen=True)
class Row:
    """What is to stand in a cell; `version` is the one that the sender saw, None where he does not say."""

    number: int
    report: ReportId
    line: LineId
    value: Decimal | None
    status: str
    comment: str
    version: int | None


@dataclass
class Outcome:
    """What became of a row: one of `OUTCOMES`, with the entry as it is stored or why it is not."""

    row: Row
    done: str = REFUSED
    entry: Entry | None = None
    error: ReportError | None = None
    warnings: list[Warning] = field(default_factory=list)


def save_rows(
    *, rows: Sequence[Row], by: User, is_all_or_nothing: bool = False, is_dry_run: bool = False
) -> list[Outcome]:
    """Saves the rows that can be saved, all or none of them if that is asked for.

    A dry run does the same and takes it back: its entries are as they would be.
    """
    with transaction.atomic():
        outcomes = {row.number: Outcome(row) for row in rows}
        together = _Together(Desk(by), outcomes)
        for report, cells in together.sorted_reports():
            _save(report, cells, by)
        _warn(outcomes.values())
        is_refused = any(outcome.done == REFUSED for outcome in outcomes.values())
        if is_dry_run or (is_all_or_nothing and is_refused):
            transaction.set_rollback(True)
    return list(outcomes.values())


class _Together:
    """The rows by report and cell; what is about no cell, or about one twice, is refused."""

    def __init__(self, desk: Desk, outcomes: dict[int, Outcome]) -> None:
        reports = desk.reports(dict.fromkeys(outcome.row.report for outcome in outcomes.values()))
        self.cells: dict[ReportId, dict[Place, tuple[Outcome, Cell]]] = {}
        self.reports: dict[ReportId, Report] = {}
        for outcome in outcomes.values():
            try:
                self._add(desk, outcome, reports[outcome.row.report])
            except ReportError as error:
                outcome.error = error

    def _add(self, desk: Desk, outcome: Outcome, report: Report | ReportError) -> None:
        row = outcome.row
        if isinstance(report, ReportError):
            raise report
        line = desk.line(report.form, row.line)
        cells = self.cells.setdefault(row.report, {})
        if line.place in cells:
            raise ReportError("duplicate_row", row=cells[line.place][0].row.number)
        version = -1 if row.version is None else row.version
        cell = Cell(line.indicator, line.breakdown, row.value, row.status, row.comment, version)
        cells[line.place] = outcome, cell
        self.reports[row.report] = report

    def sorted_reports(self) -> list[tuple[Report, dict[Place, tuple[Outcome, Cell]]]]:
        """The reports in the order in which everybody locks them, with their cells."""
        keys = sorted(self.reports, key=lambda key: _order(self.reports[key]))
        return [(self.reports[key], self.cells[key]) for key in keys]


def _order(report: Report) -> tuple[int, dt.date, int]:
    return report.form_id, report.period_start, report.territory_id


def _save(report: Report, asked: dict[Place, tuple[Outcome, Cell]], by: User) -> None:
    """Saves the cells of a report; one of which nothing is saved is not begun."""
    with transaction.atomic():
        before = _versions(report)
        cells = []
        for place, (outcome, cell) in asked.items():
            if cell.version < 0 and place in before:
                outcome.error = ReportError("version_required")
            else:
                cells.append(cell if cell.version >= 0 else _of_empty(cell))
        saved = save_cells(report=report, cells=cells, by=by)
        for cell in cells:
            outcome = asked[cell.place][0]
            outcome.error = saved.refused.get(cell.place)
            outcome.entry = saved.entries.get(cell.place) if outcome.error is None else None
            if outcome.error is None:
                outcome.done = _done(before.get(cell.place), outcome.entry)
        if not any(outcome.done in {CREATED, UPDATED} for outcome, _cell in asked.values()):
            transaction.set_rollback(True)


def _versions(report: Report) -> dict[Place, int]:
    """The versions of the report's cells, which nobody else changes until the transaction ends."""
    if report.pk is None:
        return {}
    return {entry.place: entry.version for entry in locked(report).entries.all()}


def _of_empty(cell: Cell) -> Cell:
    return Cell(cell.indicator, cell.breakdown, cell.value, cell.status, cell.comment, 0)


def _done(before: int | None, entry: Entry | None) -> str:
    if entry is None or entry.version == before:
        return UNCHANGED
    return UPDATED if before else CREATED


def _warn(outcomes: Iterable[Outcome]) -> None:
    """Finds what is doubtful in the rows' entries: those of one form and period are judged together."""
    sheets: dict[tuple[ReportingForm, Period], list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.entry is not None:
            report = outcome.entry.report
            sheets.setdefault((report.form, report.period), []).append(outcome)
    for group in sheets.values():
        reports = {entry.report_id: entry.report for each in group if (entry := each.entry)}
        entries = Entry.objects.filter(report__in=reports).select_related("breakdown")
        found: dict[tuple[int, Place], list[Warning]] = {}
        indicators = {entry.indicator_id for each in group if (entry := each.entry)}
        for warning in find_warnings(list(reports.values()), entries, indicators):
            found.setdefault((warning.key[0], warning.key[1:]), []).append(warning)
        for each in group:
            if entry := each.entry:
                each.warnings = found.get((entry.report.territory_id, entry.place), [])
