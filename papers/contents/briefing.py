"""The deputy's sheet on one page of paper: what slipped, what is late, who answers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.document import Cell, Column, Document
from papers.writing import Writer, clean, date, figure, missing, plain, say, standing
from programmes.briefing import Answerer, Briefing, LateMeasure, LateReport, Listing, Move, Shown
from programmes.labels import WORDS

ROWS = 6
"""Of each list so many rows: the sheet is one page."""


def briefing_sheet(found: Briefing) -> Document:
    """The sheet, in the active language."""
    writer = Writer()
    _write_moves(writer, _("What slipped"), found.slipped)
    _write_moves(writer, _("What improved"), found.improved)
    writer.heading(_("Overdue"))
    _write_measures(writer, found.late_measures)
    _write_reports(writer, found.late_reports)
    writer.heading(_("Who answers"))
    _write_answerers(writer, found.answerers)
    return writer.finish(
        kind=_("Sheet for a session"),
        title=found.scope.name,
        summary=found.now.sentence,
        facts=[
            (_("Compared with"), date(found.since).text),
            (_("Made on"), date(found.today).text),
            (_("Inquiries without a reply"), found.inquiries.total),
        ],
    )


def _write_moves(writer: Writer, title: str, moves: Listing[Move]) -> None:
    writer.heading(f"{title} – {moves.total}")
    columns = [
        Column(_("KPI"), 3.2),
        Column(_("Then"), 1.8),
        Column(_("Now"), 1.8),
        Column(_("Who answers"), 1.8),
    ]
    rows = [
        [
            say(f"{each.kpi.name} ({each.territory.name})"),
            _shown(each, each.then),
            _shown(each, each.now),
            say(each.answers),
        ]
        for each in moves.rows[:ROWS]
    ]
    writer.table("", columns, rows, title, note=_rest(moves.total))


def _shown(move: Move, shown: Shown | None) -> Cell:
    """A standing with the figure that it rests on."""
    if shown is None:
        return missing()
    judged = standing(shown.standing, WORDS[shown.standing])
    if shown.actual is None:
        return judged
    indicator = move.kpi.indicator
    known = figure(shown.actual, indicator.decimals, unit=indicator.unit.symbol, period=shown.year).text
    return Cell(f"{judged.text}: {known}", tone=judged.tone, mark=judged.mark)


def _rest(total: int) -> str:
    more = total - ROWS
    return (
        ngettext("%(n)s more on the page.", "%(n)s more on the page.", more) % {"n": more} if more > 0 else ""
    )


def _write_measures(writer: Writer, late: Listing[LateMeasure]) -> None:
    columns = [Column(_("Measure"), 4), Column(_("Due"), 1.3), Column(_("Who answers"), 2)]
    rows = [[say(each.measure.name), date(each.due_on), say(each.answers)] for each in late.rows[:ROWS]]
    title = f"{_('Measures')} – {late.total}"
    writer.table(title, columns, rows, _("Measures"), note=_rest(late.total))


def _write_reports(writer: Writer, late: Listing[LateReport]) -> None:
    if not late.total:
        return
    columns = [
        Column(_("Report"), 4),
        Column(_("Due"), 1.3),
        Column(_("Working days late"), 1, is_number=True),
    ]
    rows = [
        [say(f"{clean(each.form)}, {each.territory.name}"), date(each.due_on), plain(each.days_late)]
        for each in late.rows[:ROWS]
    ]
    writer.table(f"{_('Reports')} – {late.total}", columns, rows, _("Reports"), note=_rest(late.total))


def _write_answerers(writer: Writer, answerers: Sequence[Answerer]) -> None:
    columns = [
        Column(_("Who answers"), 4),
        Column(_("Promises slipped or missed"), 1.4, is_number=True),
        Column(_("Late"), 1, is_number=True),
    ]
    rows = [[say(each.name), plain(each.promises), plain(each.late)] for each in answerers[:ROWS]]
    writer.table("", columns, rows, _("Who answers"), note=_rest(len(answerers)))
