"""The reply to a deputies' inquiry as a Word letter, from the akimat's template.

It is made when it is asked for: the figures in it are frozen with the inquiry, so that a letter of the same
answers is the same letter. Sources are Word's own footnotes.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

from papers.document import Block, Cell, Column, Picture, Table, Text
from papers.docx.blocks import Filler, Slots
from papers.docx.filling import filled, saved
from papers.docx.footnotes import Footnotes
from papers.writing import clean, missing, say


class Figure(Protocol):
    """A frozen figure in words; `notes` are numbers of footnotes."""

    @property
    def kpi(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def breakdown(self) -> str: ...
    @property
    def baseline(self) -> str: ...
    @property
    def actual(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def target_year(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def notes(self) -> Sequence[int]: ...


class Point(Protocol):
    """A point of the inquiry with its answer."""

    @property
    def number(self) -> int: ...
    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def figures(self) -> Sequence[Figure]: ...


class Footnote(Protocol):
    """A source by the number that refers to it."""

    @property
    def number(self) -> int: ...
    @property
    def text(self) -> str: ...


class Reply(Protocol):
    """The whole letter, as `programmes.answers` gives it."""

    @property
    def language(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def date_text(self) -> str: ...
    @property
    def as_of_text(self) -> str: ...
    @property
    def due_text(self) -> str: ...
    @property
    def replied_text(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def addressees(self) -> str: ...
    @property
    def asked_by(self) -> str: ...
    @property
    def addressed_to(self) -> Sequence[str]: ...
    @property
    def answered_by(self) -> str: ...
    @property
    def signed_by(self) -> str: ...
    @property
    def territory(self) -> str: ...
    @property
    def is_draft(self) -> bool: ...
    @property
    def points(self) -> Sequence[Point]: ...
    @property
    def figures(self) -> Sequence[Figure]: ...
    @property
    def footnotes(self) -> Sequence[Footnote]: ...


Draw = Callable[[Any], Picture | None]
"""Draws a figure's chart; None where there is nothing to draw."""


def reply_docx(reply: Reply, template: bytes, draw: Draw) -> bytes:
    """The letter in its own language."""
    with override(reply.language):
        slots = Slots()
        word = filled(template, _context(reply, slots, draw))
        footnotes = Footnotes(word, {each.number: clean(each.text) for each in reply.footnotes})
        Filler(word, footnotes.write).fill(slots)
        footnotes.save()
        return saved(word, f"{reply.number} {reply.topic}", reply.language)


def _context(reply: Reply, slots: Slots, draw: Draw) -> dict[str, Any]:
    """Every placeholder of a letter's template (docs/papers.md)."""
    return {
        "number": clean(reply.number),
        "date": clean(reply.date_text),
        "as_of": clean(reply.as_of_text),
        "due": clean(reply.due_text),
        "replied": clean(reply.replied_text),
        "topic": clean(reply.topic),
        "addressees": clean(reply.addressees),
        "asked_by": clean(reply.asked_by),
        "addressed_to": clean(", ".join(reply.addressed_to)),
        "answered_by": clean(reply.answered_by),
        "signed_by": clean(reply.signed_by),
        "territory": clean(reply.territory),
        "draft": _("Draft") if reply.is_draft else "",
        "points": [
            {
                "number": point.number,
                "question": clean(point.question),
                "answer": slots.add(_paragraphs(point.answer)),
                "figures": slots.add(list(_figures(point.figures, draw))),
            }
            for point in reply.points
        ],
        "figures": slots.add(list(_figures(reply.figures, draw))),
        "made": "",
    }


def _paragraphs(answer: str) -> list[Block]:
    """An answer as its paragraphs; a missing one is said."""
    lines = [clean(line) for line in answer.splitlines()]
    return [Text(line) for line in lines if line] or [Text(_("There is no answer yet."), style="note")]


def _figures(figures: Sequence[Figure], draw: Draw) -> Iterable[Block]:
    """The figures as a table, then their charts."""
    if not figures:
        return
    columns = [
        Column(_("Indicator"), 2.6),
        Column(_("Baseline"), 1.5, is_number=True),
        Column(_("Actual"), 1.8, is_number=True),
        Column(_("Target"), 1.5, is_number=True),
        Column(_("Standing"), 1.8),
    ]
    yield Table("", columns, [_row(figure) for figure in figures], sheet=_("Figures"))
    yield from filter(None, map(draw, figures))


def _row(figure: Figure) -> list[Cell]:
    name = ", ".join(filter(None, (figure.kpi, figure.place, figure.breakdown)))
    return [
        say(name),
        say(figure.baseline),
        say(_of(figure.actual, figure.period), figure.notes),
        say(_of(figure.target, figure.target_year)) if figure.target else missing(),
        say(figure.standing),
    ]


def _of(figure: str, period: str) -> str:
    return f"{figure} ({period})" if period else figure
