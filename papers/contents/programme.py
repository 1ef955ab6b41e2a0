"""The report of a programme for a period."""

from django.utils.translation import gettext as _

from papers.contents.contradictions import write_discrepancies
from papers.contents.judging import Judgements, Span, rollup_of
from papers.contents.plans import write_measures, write_money
from papers.contents.promises import promises_of, write_goals, write_pictures, write_slipped
from papers.document import Cell, Column, Document
from papers.writing import MARKS, Writer, plain, share, standing
from programmes.labels import WORDS
from programmes.models import Programme
from programmes.overview import Rollup


def programme_report(programme: Programme, span: Span) -> Document:
    """Status, goals with KPIs, drawings, what slipped, measures, money, contradictions, method."""
    writer = Writer()
    promises = promises_of(programme, span)
    rollup = rollup_of(promises.kpis, promises.found)
    writer.heading(_("How the promises stand"))
    write_counts(writer, rollup)
    writer.heading(_("Goals and KPIs"))
    write_goals(writer, promises)
    writer.heading(_("Drawings"))
    write_pictures(writer, promises)
    writer.heading(_("What has slipped"))
    write_slipped(writer, promises)
    writer.heading(_("Measures"))
    write_measures(writer, programme, span)
    writer.heading(_("Money"))
    write_money(writer, programme, span)
    writer.heading(_("Contradictions in the documents"))
    write_discrepancies(writer, programme)
    writer.heading(_("Method"))
    write_method(writer, span, _methods(promises.found))
    return writer.finish(
        kind=_("Report of a programme"),
        title=f"{programme.name}: {span}",
        summary=rollup.sentence,
        facts=[
            (_("Period"), span),
            (_("Territory"), programme.group.name if programme.group else programme.territory.name),
            (_("Term of the programme"), f"{programme.starts_on.year}–{programme.ends_on.year}"),
            (_("Answers for it"), programme.owner),
            (_("KPIs"), len(promises.kpis)),
        ],
    )


def write_counts(writer: Writer, rollup: Rollup) -> None:
    """The promises counted by standing, with coverage and distance."""
    columns = [
        Column(_("Standing"), 3),
        Column(_("Promises"), 1, is_number=True),
        Column(_("Share"), 1, is_number=True),
    ]
    rows: list[list[Cell]] = [
        [
            standing(code, WORDS[code]),
            plain(rollup.counts[code]),
            share(rollup.counts[code] / rollup.total, 1),
        ]
        for code in MARKS
        if rollup.counts.get(code)
    ]
    writer.table(_("Promises by standing"), columns, rows, _("Standing"))
    if rollup.coverage is not None:
        words = _("%(share)s of the promises have figures to judge by.")
        writer.text(words % {"share": share(rollup.coverage).text})
    if rollup.distance is not None:
        words = _("On average %(share)s of the way from baseline to target is covered, where that is known.")
        writer.text(words % {"share": share(rollup.distance).text})


def _methods(found: Judgements) -> str:
    """The versions of the method by which the promises were judged."""
    versions = {each.standing.method for judged in found.values() for each in judged}
    return ", ".join(sorted(versions))


def write_method(writer: Writer, span: Span, version: str) -> None:
    """How the figures of this paper come about."""
    if version:
        writer.text(
            _("Promises are judged by version %(version)s of the portal's method.") % {"version": version}
        )
    writer.bullets(
        (text, ())
        for text in (
            _("Distance covered is (actual − baseline) ÷ (last target − baseline)."),
            _("Pace is (actual − baseline) ÷ (expected − baseline); the course follows from it."),
            _("A promise is met or missed once its last target is due; until then it has a course."),
            _("Targets are those in force on the day on which this paper was made."),
            _("Where there is no figure the paper says so; a missing figure is never counted as zero."),
        )
    )
    if not span.is_current:
        words = _("Standings are those at the end of %(year)s, by the figures that are published now.")
        writer.text(words % {"year": span.last})
