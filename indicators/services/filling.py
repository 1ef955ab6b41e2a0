"""A filled template becomes entries: compared with the drafts first, saved into them when it is confirmed.

Nothing is published here: what a template brings is submitted and approved like what is typed.
"""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.permissions import Action, territories_for
from indicators.fields import Status
from indicators.models import Entry, FormLine, Report, ReportingForm, StagedFigure, Upload
from indicators.periods import Period, PeriodError
from indicators.services.entering import Cell, reports_on, save_cells
from indicators.services.template_page import LONGEST_COMMENT
from indicators.services.templating import said_by
from indicators.tables.cells import cell_text
from indicators.tables.files import Workbook
from indicators.tables.template import DamagedTemplate, Template, TemplateCell, TemplateProblem, read_template
from indicators.tables.template_cells import BLANK, Content

Row = tuple[object, ...]
Problem = tuple[str, dict[str, Any]]
Change = StagedFigure.Change

# What a staged cell would change: the draft, which is its former state, be there anything published or not.
COMPARE_WITH_DRAFTS = """
INSERT INTO indicators_stagedfigure
    (upload_id, sheet, row, "column", raw, indicator_id, territory_id, breakdown_id, frequency, period_start,
     value, status, old_value, old_status, problem, details, change)
SELECT %(upload)s, sheet, row, column_, raw, cells.indicator_id, cells.territory_id, cells.breakdown_id,
       frequency, cells.period_start, cells.value, cells.status, entry.value, coalesce(entry.status, ''),
       problem, details,
       CASE WHEN problem <> '' THEN 'rejected'
            WHEN entry.id IS NULL THEN 'new'
            WHEN (entry.value, entry.status, entry.comment)
                 IS DISTINCT FROM (cells.value, cells.status, details ->> 'comment') THEN 'changed'
            ELSE 'unchanged' END
FROM cells
LEFT JOIN indicators_report report
    ON (report.form_id, report.territory_id, report.period_start)
     = (%(form)s, cells.territory_id, cells.period_start)
LEFT JOIN indicators_entry entry
    ON (entry.report_id, entry.indicator_id, entry.breakdown_id)
     = (report.id, cells.indicator_id, cells.breakdown_id)
ORDER BY number
"""


def filling_of(upload: Upload, workbook: Workbook) -> "Filling | None":
    """How the upload fills in a form, if it is a template; the upload learns its form and source.

    Raises `UnreadableFile` for a damaged template, for one of a form or period that is not asked for, and for
    any other file that was sent in as a template.
    """
    template = read_template(upload.file.path, workbook)
    if template is None:
        if upload.form_id:
            raise DamagedTemplate(TemplateProblem.NONE)
        return None
    form = ReportingForm.objects.filter(code=template.form).select_related("source", "organisation").first()
    try:
        period = Period.parse(template.period)
    except PeriodError as error:
        raise DamagedTemplate(TemplateProblem.DAMAGED) from error
    if form is None or not form.covers(period) or period.start > timezone.localdate():
        raise DamagedTemplate(TemplateProblem.NOT_ASKED, form=template.form, period=template.period)
    upload.form, upload.source = form, form.source
    return Filling(upload, form, period, template)


class Filling:
    """A template that is compared with the drafts. `rows` yields its cells; `summary` then says how many."""

    def __init__(self, upload: Upload, form: ReportingForm, period: Period, template: Template) -> None:
        self.form, self.period, self.template = form, period, template
        self.mandated = territories_for(upload.user, Action.ENTER, form.organisation)
        lines = form.lines.select_related("indicator", "breakdown")
        self.lines = {(line.indicator.code, line.breakdown.code): line for line in lines}
        reports = reports_on(form=form, period=period, territories=list(form.territories.all()))
        self.reports = {report.territory.code: report for report in reports}
        stored = {report.pk: report.territory_id for report in reports if report.pk}
        entries = Entry.objects.filter(report__in=stored)
        self.entries = {(stored[entry.report_id], *entry.place): entry for entry in entries}
        self.used: Counter[str] = Counter()
        self.territories: set[str] = set()
        self.missing = 0

    def rows(self) -> Iterator[Row]:
        """Every cell of which template or draft says something: place (from 1), text, ids, value, problem.

        A part of a cell that was not touched stays as the draft has it by now.
        """
        for cell in self.template.cells:
            line = self.lines.get((cell.indicator, cell.breakdown))
            report = self.reports.get(cell.territory)
            entry = self.entries.get((report.territory_id, *line.place)) if line and report else None
            if entry is None and not _is_touched(cell):
                self.missing += 1
                continue
            self.used[cell.indicator] += 1
            self.territories.add(cell.territory)
            yield self._row(cell, line, report, entry)

    @property
    def summary(self) -> dict[str, Any]:
        """What was recognised, for people."""
        sheets = {cell.spot.sheet for cell in self.template.cells}
        return {
            "sheet": ", ".join(sorted(sheets)),
            "kind": "template",
            "indicators": [code for code in self.used if code],
            "first": str(self.period),
            "last": str(self.period),
            "territories": len(self.territories - {""}),
            "figures": self.used.total(),
            "missing": self.missing,
            "deleted": len(self.template.deleted),
            "texts": [],
            "notes": [],
            "warnings": [],
        }

    def _row(
        self, cell: TemplateCell, line: FormLine | None, report: Report | None, entry: Entry | None
    ) -> Row:
        content = _content(cell, entry)
        problem, details = self._problem(cell, content, line, report) if _is_touched(cell) else ("", {})
        details |= {"comment": content.comment, "version": entry.version if entry else 0}
        spot, status = cell.spot, content.status or Status.NORMAL.value
        return (
            _clean(spot.sheet, 100), spot.row + 1, spot.column + 1, _clean(cell_text(spot.cell), 200),
            line and line.indicator_id, report and report.territory_id, line and line.breakdown_id,
            self.period.frequency.value, self.period.start, content.value, status,
            problem, json.dumps(details),
        )  # fmt: skip

    def _problem(
        self, cell: TemplateCell, content: Content, line: FormLine | None, report: Report | None
    ) -> Problem:
        """The first reason why the cell cannot be taken."""
        if cell.problem is not None:
            return str(cell.problem[0]), dict(cell.problem[1])
        if line is None:
            return "line_not_in_form", {}
        if report is None:
            return "territory_not_in_form", {"territory": cell.territory}
        if report.territory_id not in self.mandated:
            return "outside_mandate", {"territory": report.territory.name}
        if not report.is_open:
            return "report_not_open", {}
        if content.value is not None and not line.indicator.allows(content.value):
            low, high = line.indicator.minimum, line.indicator.maximum
            return "out_of_range", {"value": f"{content.value:f}", "low": _plain(low), "high": _plain(high)}
        if len(content.comment) > LONGEST_COMMENT:
            return "comment_too_long", {"length": len(content.comment), "limit": LONGEST_COMMENT}
        return "", {}


def _is_touched(cell: TemplateCell) -> bool:
    return cell.is_figure_touched or cell.is_comment_touched or cell.problem is not None


def _content(cell: TemplateCell, entry: Entry | None) -> Content:
    """What is to stand in the draft."""
    draft = said_by(entry) if entry else BLANK
    figure = cell.content if cell.is_figure_touched else draft
    comment = cell.content.comment if cell.is_comment_touched else entry.comment if entry else ""
    return Content(figure.value, figure.status, comment.replace("\0", ""))


class _OvertakenError(Exception):
    """A draft is no longer the one that the template was compared with."""


def fill_reports(upload: Upload) -> bool:
    """Saves a confirmed template into the drafts, all of it or nothing; whether it could.

    It cannot where somebody saved or submitted one of the drafts since they were compared: then the
    difference that was confirmed is no longer the one that would be made.
    """
    waiting = upload.figures.filter(change__in=[Change.NEW, Change.CHANGED])
    waiting = waiting.select_related("indicator", "breakdown", "territory").order_by("territory", "pk")
    try:
        with transaction.atomic():
            for _, group in groupby(waiting, key=lambda figure: figure.territory_id):
                _fill_report(upload, list(group))
    except _OvertakenError:
        return False
    return True


def _fill_report(upload: Upload, figures: list[Any]) -> None:
    """Saves staged figures of one territory; what was confirmed has all its parts."""
    report = Report(form=upload.form, territory=figures[0].territory, period_start=figures[0].period_start)
    cells = [
        Cell(
            indicator=figure.indicator,
            breakdown=figure.breakdown,
            value=figure.value,
            status=figure.status,
            comment=figure.details["comment"],
            version=figure.details["version"],
        )
        for figure in figures
    ]
    by: Any = upload.confirmed_by
    if save_cells(report=report, cells=cells, by=by).refused:
        raise _OvertakenError


def _clean(text: str, most: int) -> str:
    """The text as PostgreSQL can hold it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def _plain(bound: Decimal | None) -> str | None:
    return None if bound is None else f"{bound:f}"
