"""Footnotes that move figures: "*Данные за 1999–2016 гг. по Южно-Казахстанской области"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.tables.figures import Figure
from indicators.tables.layout import Note
from indicators.tables.names import footnote_mark
from indicators.tables.vocabulary import Vocabulary

_YEARS_OF_ANOTHER = re.compile(
    r"(?P<first>(?:19|20)\d\d)\s*[-–—]\s*(?P<last>(?:19|20)\d\d)\s*(?:гг?|жж?)?\.?\s*(?:по|for)?\s*(?P<place>\D+)"
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Figures of marked rows, in some years, that belong to another territory than the row names."""

    mark: str
    first: int
    last: int
    territory: str

    def applies_to(self, figure: Figure) -> bool:
        return (
            footnote_mark(figure.territory_text) == self.mark
            and self.first <= figure.period.year <= self.last
        )


def transfers(notes: Iterable[Note], vocabulary: Vocabulary) -> list[Transfer]:
    """What the footnotes of a workbook move; a note that names no single known territory moves nothing."""
    found: dict[Transfer, None] = {}
    for note in notes:
        match = _YEARS_OF_ANOTHER.search(note.text)
        places = vocabulary.territory(match["place"].strip(" .")) if match and note.mark else ()
        if match and len(places) == 1:
            transfer = Transfer(note.mark, int(match["first"]), int(match["last"]), places[0].code)
            found[transfer] = None
    return list(found)


def transferred(figures: Iterable[Figure], moves: list[Transfer]) -> list[Figure]:
    """The figures, each at the territory that it is of."""
    return [
        next((figure._replace(territory=move.territory) for move in moves if move.applies_to(figure)), figure)
        for figure in figures
    ]
