"""The check of a city's strategy against the methodology's checklist."""

import datetime as dt

from django.utils.translation import gettext as _

from papers.contents.citing import cite_document
from papers.document import Cell, Column, Document
from papers.writing import Writer, clean, date, plain, say
from programmes.applied.strategies import AnswerInWords, described, judged, strategy
from programmes.models import Document as Written
from programmes.models import Programme
from programmes.templatetags.promises import lines

DOCUMENT = "003"
LOOKS = {"met": ("✓", "good"), "not_met": ("✕", "bad"), "needs_person": ("△", "risk")}


def strategy_check(programme: Programme, today: dt.date) -> Document | None:
    """Every answer, what is missing first, by the wording of the approval; None where nothing is known."""
    if programme.code not in described():
        return None
    approved = strategy(programme.code).approved_on
    day = approved or today
    _summary, counts, answers = judged(programme.code, day)
    writer = Writer()
    note = cite_document(writer, Written.objects.get(code=DOCUMENT))
    writer.heading(_("What the checklist finds"))
    columns = [Column(_("Answer"), 3), Column(_("Rules"), 1, is_number=True)]
    rows = [[_mark(outcome, word), plain(count)] for outcome, word, count in counts]
    writer.table(_("Binding rules by answer"), columns, rows, _("Answers"))
    writer.text(_("What the methodology only recommends is answered, but not counted."), style="note")
    writer.heading(_("What is missing first"))
    _write_answers(writer, answers, note)
    summary = "; ".join(f"{word} – {count}" for _outcome, word, count in counts)
    return writer.finish(
        kind=_("Check of a strategy"),
        title=programme.name,
        summary=f"{summary}.",
        facts=[
            (_("Territory"), programme.territory.name),
            (_("Approved on"), date(approved, _("not known")).text),
            (_("By the wording of"), date(day).text),
            (_("Rules"), len(answers)),
        ],
    )


def _mark(outcome: str, word: str) -> Cell:
    mark, tone = LOOKS.get(outcome, ("○", "none"))
    return Cell(clean(word), tone=tone, mark=mark)


def _write_answers(writer: Writer, answers: list[AnswerInWords], note: int) -> None:
    columns = [
        Column(_("What is asked"), 3.4),
        Column(_("Place in the methodology"), 1.3),
        Column(_("Answer"), 1.5),
        Column(_("Why"), 3),
    ]
    writer.table("", columns, [_answer(each, note) for each in answers], _("Rules"))


def _answer(answer: AnswerInWords, note: int) -> list[Cell]:
    title = answer.rule.title
    if not answer.rule.rule.is_binding:
        title = _("%(rule)s (recommended)") % {"rule": title}
    why = [answer.reason, *(f"{name}: {number}" for name, number in answer.numbers)]
    if answer.items:
        why.append("; ".join(answer.items))
    return [
        say(title),
        say(_("lines %(lines)s") % {"lines": lines(answer.rule.place.lines)}, [note]),
        _mark(answer.outcome, answer.word),
        say(". ".join(part.rstrip(".") for part in why if part)),
    ]
