"""The report on data quality: doubtful figures and definitions, of one programme or of everything."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Dimension
from papers.contents.citing import cite_source
from papers.document import Cell, Column, Document
from papers.writing import Writer, date, figure, missing, plain, say
from programmes.explaining_quality import advice, sentence, subject_of
from programmes.labels_quality import CHECKS
from programmes.models import Programme, QualityFinding

MOST_ROWS = 2_000
"""More findings than that nobody reads on paper; the portal's page and its API have them all."""
State = QualityFinding.State


def quality_report(programme: Programme | None) -> Document:
    """Findings counted by check, then open and acknowledged ones in words."""
    found = QualityFinding.objects.current()
    if programme is not None:
        found = found.filter(pk__in=QualityFinding.objects.filter(kpis__programme=programme).values("pk"))
    total = found.count()
    rows = list(found.in_words().order_by("territory__code", "rule", "key")[:MOST_ROWS])
    waiting = [each for each in rows if each.state == State.OPEN]
    accepted = [each for each in rows if each.state == State.ACKNOWLEDGED]
    writer = Writer()
    writer.heading(_("Findings by check"))
    _write_counts(writer, rows)
    if total > len(rows):
        words = _("Only the first %(shown)s of %(total)s findings are listed; the portal has them all.")
        writer.text(words % {"shown": len(rows), "total": total}, style="note")
    dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    writer.heading(_("Open"))
    _write_findings(writer, waiting, dimensions, part=_("Open"))
    writer.heading(_("Acknowledged, with the reason"))
    _write_findings(writer, accepted, dimensions, part=_("Acknowledged"))
    writer.heading(_("Method"))
    writer.text(
        _(
            "Published figures and the definitions of promises are checked by rule. A finding is a question "
            "to those who answer for the figure, not a verdict: they correct it, or say in public why it is "
            "right."
        )
    )
    words = ngettext(
        "%(n)s finding waits for an answer; %(accepted)s acknowledged.",
        "%(n)s findings wait for an answer; %(accepted)s acknowledged.",
        len(waiting),
    )
    return writer.finish(
        kind=_("Report on data quality"),
        title=programme.name if programme else _("Quality of the published figures"),
        summary=words % {"n": len(waiting), "accepted": len(accepted)},
        facts=[(_("Findings"), total)],
    )


def _write_counts(writer: Writer, rows: Iterable[QualityFinding]) -> None:
    counts = Counter((each.rule, each.state) for each in rows)
    columns = [
        Column(_("Check"), 4),
        Column(_("Open"), 1, is_number=True),
        Column(_("Acknowledged"), 1, is_number=True),
    ]
    found = [
        [say(name), plain(counts[code, State.OPEN]), plain(counts[code, State.ACKNOWLEDGED])]
        for code, name in CHECKS
        if counts[code, State.OPEN] or counts[code, State.ACKNOWLEDGED]
    ]
    writer.table("", columns, found, _("Checks"))


def _write_findings(
    writer: Writer, found: Sequence[QualityFinding], dimensions: dict[str, Dimension], part: str
) -> None:
    is_answered = any(each.acknowledged_reason for each in found)
    columns = [
        Column(_("What about"), 2.6),
        Column(_("Finding"), 3.4),
        Column(_("Figure"), 1.2, is_number=True),
        Column(_("What to do"), 2.4),
        Column(_("Found on"), 1.2),
        *([Column(_("Why it is right"), 2)] if is_answered else []),
    ]
    rows = [_finding(writer, each, dimensions, is_answered=is_answered) for each in found]
    writer.table("", columns, rows, _("Findings"), part=part)


def _finding(
    writer: Writer, each: QualityFinding, dimensions: dict[str, Dimension], *, is_answered: bool
) -> list[Cell]:
    indicator = each.series.indicator if each.series else each.kpi.indicator if each.kpi else None
    notes = [cite_source(writer, each.series.source)] if each.series else []
    value = (
        figure(each.value, indicator.decimals, unit=indicator.unit.symbol, notes=notes)
        if indicator
        else missing()
    )
    return [
        say(subject_of(each)),
        say(sentence(each, dimensions)),
        value,
        say(advice(each)),
        date(each.found_at.date()),
        *([say(each.acknowledged_reason)] if is_answered else []),
    ]
