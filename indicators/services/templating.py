"""Makes the XLSX template of a reporting form: to be filled in offline and sent back without any mapping.

Of one territory, figure, status and comment stand beside each other and beside what was published before. Of
several, each has a sheet of its own, so that the same cell of each speaks of the same figure; what was
published before stands on a fourth.
"""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from indicators.fields import Status
from indicators.models import Entry, FormLine, Observation, Report
from indicators.periods import Frequency, Period
from indicators.services.template_page import Column, TemplatePage, page_title, protect, put_text
from indicators.sheets import Beside, Sheet
from indicators.tables.template import HIDDEN_SHEET, Part, Passport, column_code, line_code
from indicators.tables.template_cells import BLANK, Content, mark_of
from indicators.templatetags.figures import day, period

Said = dict[tuple[int, int, int], Content]
WIDE, MEDIUM, NARROW = 48, 26, 15


def make_template(sheet: Sheet, *, is_filled: bool = True) -> bytes:
    """The workbook, in the reader's language; `is_filled` with what the drafts hold so far."""
    return _Maker(sheet, is_filled=is_filled).make()


class _Maker:
    """One workbook on its way."""

    def __init__(self, sheet: Sheet, *, is_filled: bool) -> None:
        self.sheet, self.book = sheet, Workbook()
        entries = sheet.entries if is_filled else {}
        self.said: Said = {key: said_by(entry) for key, entry in entries.items()}
        self.statuses = {str(label): code for code, label in Status.choices if code != Status.NORMAL}
        self.words = {code: label for label, code in self.statuses.items()}
        self.labels = self._labels()

    def make(self) -> bytes:
        """The workbook as a file."""
        self.book.remove(self.book.active)
        self.book.properties.title, self.book.properties.creator = self.sheet.form.name, "Bağdar"
        if len(self.sheet.reports) == 1:
            [report] = self.sheet.reports
            self._page(_("Report"), [*self._before(report), *(self._typed(part, report) for part in Part)])
        else:
            self._pages()
        self._write_passport()
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def _pages(self) -> None:
        titles = {Part.FIGURE: _("Report"), Part.COMMENT: _("Comments"), Part.STATUS: _("Statuses")}
        for part, title in titles.items():
            self._page(title, [self._typed(part, report) for report in self.sheet.reports])
        before = [column for report in self.sheet.reports for column in self._before(report)]
        self._page(_("Previous values"), before, is_typed_in=False)

    def _page(self, title: str, columns: list[Column], *, is_typed_in: bool = True) -> None:
        worksheet = self.book.create_sheet(page_title(title))
        page = TemplatePage(worksheet, [*self.labels, *columns], self.sheet.lines)
        page.write(self._head(title, is_typed_in), len(self.labels), len(self.statuses))

    def _head(self, title: str, is_typed_in: bool) -> list[str]:
        form, reports = self.sheet.form, self.sheet.reports
        due = _("Due on %(day)s.") % {"day": day(form.due_on(self.sheet.period))}
        asked = [
            period(self.sheet.period),
            *(report.territory.name for report in reports if len(reports) == 1),
        ]
        is_first = len(self.book.sheetnames) == 1
        head = [form.name if is_first else f"{form.name}: {title}", f"{', '.join(asked)}. {due}"]
        if is_typed_in:
            how = _("Fill in the yellow cells. If there is no figure: x (confidential), - or … (none).")
            also = _(
                "Comments and statuses have sheets of their own, in which the same cell is the same figure."
            )
            head.append(how if len(reports) == 1 else f"{how} {also}")
            head.append(
                _("Send the file in on the page of the report, or under Uploads. Its hidden codes must stay.")
            )
        return head

    def _labels(self) -> list[Column]:
        """The columns that say what is asked; that of breakdowns only where there are some."""
        columns = [
            Column(_("Indicator"), WIDE, lambda line: line.indicator.name),
            Column(_("Unit"), NARROW, lambda line: line.indicator.unit.symbol),
        ]
        if any(line.breakdown.code for line in self.sheet.lines):
            columns.insert(1, Column(_("Breakdown"), MEDIUM, lambda line: line.breakdown.label))
        return columns

    def _typed(self, part: Part, report: Report) -> Column:
        """A column to be filled in; of several territories each is named above its own."""
        headings = {
            Part.FIGURE: _("Actual"),
            Part.STATUS: _("Status, or why there is no figure"),
            Part.COMMENT: _("Comment (the reason, if a published figure changes)"),
        }
        is_alone = len(self.sheet.reports) == 1
        return Column(
            heading=headings[part] if is_alone else report.territory.name,
            width=NARROW if part is Part.FIGURE else WIDE if is_alone and part is Part.COMMENT else MEDIUM,
            content=self._content(part, report),
            part=part,
            code=column_code(part, report.territory.code),
            is_locked=not report.is_open,
        )

    def _content(self, part: Part, report: Report) -> Callable[[FormLine], Any]:
        def content(line: FormLine) -> Any:
            said = self.said.get((report.territory_id, *line.place), BLANK)
            if part is Part.COMMENT:
                return said.comment
            if part is Part.STATUS:
                return self.words.get(said.status, "")
            return mark_of(said) if said.value is None else said.value

        return content

    def _before(self, report: Report) -> list[Column]:
        """What was published: a year before, in the period before, and already of the period itself."""
        asked = self.sheet.period
        starts = {_("A year before"): asked.start.replace(year=asked.start.year - 1)}
        if asked.frequency != Frequency.ANNUAL:
            eve = asked.start - dt.timedelta(days=1)
            starts[_("The period before")] = Period.containing(asked.frequency, eve).start
        starts[_("Published")] = asked.start
        group = report.territory.name if len(self.sheet.reports) > 1 else ""

        def shown(start: dt.date) -> Callable[[FormLine], Any]:
            def content(line: FormLine) -> Any:
                beside = self.sheet.beside.get((report.territory_id, *line.place), Beside())
                rows = [row for row in (beside.published, *beside.before) if row is not None]
                return _figure(next((row for row in rows if row.period_start == start), None))

            return content

        return [
            Column(heading, NARROW, shown(start), group=group, is_number=True)
            for heading, start in starts.items()
        ]

    def _write_passport(self) -> None:
        form, lines, reports = self.sheet.form, self.sheet.lines, self.sheet.reports
        codes = {line.place: line_code(line.indicator.code, line.breakdown.code) for line in lines}
        territories = {report.territory_id: report.territory.code for report in reports}
        passport = Passport(
            form=form.code,
            period=str(self.sheet.period),
            lines=tuple(codes.values()),
            territories=tuple(territories.values()),
            statuses=self.statuses,
            filled={
                (codes[key[1:]], territories[key[0]]): said
                for key, said in self.said.items()
                if key[1:] in codes and said != BLANK
            },
        )
        worksheet = self.book.create_sheet(HIDDEN_SHEET)
        for number, texts in enumerate(passport.rows(), start=1):
            for index, text in enumerate(texts, start=1):
                put_text(worksheet.cell(number, index), text)
        worksheet.sheet_state = "veryHidden"
        protect(worksheet)


def said_by(entry: Entry) -> Content:
    """What an entry says, as a template does."""
    comment = entry.comment.replace("\r\n", "\n").strip()
    if entry.value is None:
        return Content(None, entry.status if entry.is_missing else "", comment)
    return Content(entry.value, Status.NORMAL.value if entry.is_missing else entry.status, comment)


def _figure(row: Observation | None) -> Any:
    """A published figure; a mark where it is missing, nothing where none was published."""
    if row is None:
        return ""
    return mark_of(Content(None, row.status)) if row.value is None else row.value
