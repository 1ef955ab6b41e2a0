"""Writes a paper down block by block, numbering its sources as they are first named."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from common.names import language
from indicators.templatetags.figures import day as day_in_words
from indicators.writing import Number, rounded, written
from papers.document import Block, Bullets, Cell, Column, Document, Heading, Picture, Source, Table, Text

UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold."""
TONES = {
    "met": "good", "on_track": "good", "at_risk": "risk",
    "off_track": "bad", "reversed": "bad", "missed": "bad",
}  # fmt: skip
MARKS = {
    "met": "✓", "on_track": "→", "at_risk": "△", "off_track": "↘", "reversed": "←", "missed": "✕",
    "stale": "◷", "not_computable": "⊘", "no_data": "○", "not_due": "…",
}  # fmt: skip
"""A shape beside the word and the colour of each standing."""


def clean(text: object) -> str:
    """The text without characters that no file may hold."""
    return UNPRINTABLE.sub("", str(text)).strip()


def say(text: object, notes: Sequence[int] = ()) -> Cell:
    """A cell of words; a dash where there are none."""
    words = clean(text)
    return Cell(words, notes=tuple(notes)) if words else missing()


def missing(why: str = "") -> Cell:
    """A cell without a figure, with the reason where one is known."""
    return Cell(clean(why) or "—", is_missing=True)


def figure(
    value: Number | None, decimals: int, *, unit: str = "", period: object = "", why: str = "",
    notes: Sequence[int] = (),
) -> Cell:  # fmt: skip
    """A cell with a figure, its unit and period; the exact figure goes along. Missing is said, never zero."""
    if value is None:
        return missing(why)
    return exactly(_with_unit(written(value, decimals), unit), value, decimals, unit, period, notes)


def exactly(
    text: str, value: Number, decimals: int, unit: str = "", period: object = "", notes: Sequence[int] = ()
) -> Cell:
    """A cell with a figure that a document states in its own words."""
    shown = max(0, -int(rounded(value, decimals).as_tuple().exponent))
    when = clean(period or "")
    return Cell(
        f"{clean(text)} ({when})" if when else clean(text),
        number=f"{value}", decimals=shown, unit=clean(unit), period=when, notes=tuple(notes),
    )  # fmt: skip


def _with_unit(text: str, unit: str) -> str:
    return f"{text}\u00a0{clean(unit)}" if unit else text


def plain(number: int | None) -> Cell:
    """A year or a count, without separators."""
    return missing() if number is None else Cell(str(number), number=str(number))


def share(value: float | None, decimals: int = 0) -> Cell:
    """A share in per cent."""
    return figure(None if value is None else round(value * 100, 6), decimals, unit="%")


def date(value: dt.date | None, why: str = "") -> Cell:
    """A day."""
    return missing(why) if value is None else Cell(day_in_words(value), day=value.isoformat())


def standing(code: str, word: object, reason: str = "") -> Cell:
    """A judgement: shape and word; why there is none, where the word does not say so itself."""
    is_open = code == "not_computable" and reason
    text = f"{clean(word)}: {clean(reason)}" if is_open else clean(word)
    return Cell(text, tone=TONES.get(code, "none"), mark=MARKS[code])


class Writer:
    """Collects a paper's blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._numbers: dict[tuple[str, str], int] = {}

    def cite(self, text: object, url: str = "") -> int:
        """The number of the source, the next one where it is named for the first time."""
        key = (clean(text), clean(url))
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def heading(self, text: object, level: int = 1) -> None:
        """Begins a section."""
        self.blocks.append(Heading(clean(text), level))

    def text(self, text: object, style: str = "body", notes: Sequence[int] = ()) -> None:
        """Adds a paragraph; an empty one is left out."""
        if words := clean(text):
            self.blocks.append(Text(words, style, tuple(notes)))

    def bullets(self, items: Iterable[tuple[object, Sequence[int]]]) -> None:
        """Adds a list; an empty one is left out."""
        if found := [Text(clean(text), notes=tuple(notes)) for text, notes in items]:
            self.blocks.append(Bullets(found))

    def table(
        self, caption: object, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], sheet: object, *,
        part: object = "", note: object = "",
    ) -> None:  # fmt: skip
        """Adds a table; one without rows says that there is nothing."""
        if rows:
            table = Table(clean(caption), columns, rows, clean(sheet), clean(part), clean(note))
            self.blocks.append(table)
        else:
            self.text(_("Nothing is recorded here."), style="note")

    def picture(self, picture: Picture | None) -> None:
        """Adds a drawing, where there is one."""
        if picture is not None:
            self.blocks.append(picture)

    def finish(
        self, *, kind: object, title: object, summary: object, facts: Iterable[tuple[object, object]]
    ) -> Document:
        """The paper."""
        return Document(
            language=language(),
            kind=clean(kind),
            title=clean(title),
            summary=clean(summary),
            facts=[(clean(name), clean(text)) for name, text in facts if clean(text)],
            blocks=self.blocks,
            sources=[Source(number, *key) for key, number in self._numbers.items()],
        )
