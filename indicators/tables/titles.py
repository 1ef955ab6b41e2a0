"""What a table's title says: the indicator and the territory, among other words.

``2. Уровень безработицы по регионам Республики Казахстан за 2023-2024 годы`` names the indicator once the
number, the regions, the country and the years are taken away. Words in brackets are left: they may make it
another one.
"""

import re
from collections.abc import Iterator

from indicators.tables.headings import without_period
from indicators.tables.names import strip_marks, strip_numbering
from indicators.tables.territories import look_up_territory
from indicators.tables.vocabulary import Vocabulary, find_indicator, split_unit

_TABLE_NUMBER = re.compile(r"^\s*(?:таблица|кесте|table)\s*№?\s*[\d.]+[\s.:–—-]*", re.IGNORECASE)
_COUNTRY = r"(?:республик[аеиу] казахстан|казахстан[ае]?|рк|the republic of kazakhstan|kazakhstan)"
_TAILS = re.compile(
    r"[\s,–—-]+(?:(?:по|в разрезе) (?:регион(?:ам|ов)|област(?:ям|ей)|(?:город(?:ам|ов) и )?район(?:ам|ов))"
    r"|(?:өңірлер|облыстар|аймақтар|аудандар|қалалар)(?:і|ы)? бойынша"
    r"|by (?:regions?|oblasts?|districts?|cities)"
    rf"|(?:(?:в|по|in|of) )?{_COUNTRY})\s*$",
    re.IGNORECASE,
)
_HEADS = re.compile(
    r"^\s*(?:қазақстан республикасы(?:ның|нда|ндағы)?(?: өңірлері)?(?: бойынша)?"
    r"|в республике казахстан)[\s,]+",
    re.IGNORECASE,
)
_LEADING_IN = re.compile(r"^(?:в|по|in)\s+", re.IGNORECASE)
_PLACE_WORDS = 4
_MOST_STEPS = 8


def title_indicator(title: str, vocabulary: Vocabulary) -> str | None:
    """The indicator that a title names."""
    readings = _readings(title, vocabulary)
    return next((code for text in readings if (code := find_indicator(text, vocabulary)) is not None), None)


def title_territory(title: str, vocabulary: Vocabulary) -> str | None:
    """The part of a title that names a territory: all of it, or its end."""
    if look_up_territory(title, vocabulary):
        return title
    for text in _readings(title, vocabulary):
        if place := _place_at_end(text, vocabulary):
            return _LEADING_IN.sub("", place)
    return None


def _readings(title: str, vocabulary: Vocabulary) -> Iterator[str]:
    """The title, then ever less of it."""
    text = title
    for _ in range(_MOST_STEPS):
        yield text
        shorter = _shorter(text, vocabulary)
        if not shorter or shorter == text:
            return
        text = shorter


def _shorter(text: str, vocabulary: Vocabulary) -> str:
    shorter = strip_numbering(_TABLE_NUMBER.sub("", strip_marks(text))).strip(" .,:")
    if shorter != text:
        return shorter
    for shorter in (
        _TAILS.sub("", text),
        _HEADS.sub("", text),
        without_period(text),
        split_unit(text, vocabulary)[0],
    ):
        if shorter.strip() != text:
            return shorter.strip()
    place = _place_at_end(text, vocabulary)
    return text.removesuffix(place).rstrip(" ,") if place else text


def _place_at_end(text: str, vocabulary: Vocabulary) -> str:
    words = text.split()
    for count in range(min(_PLACE_WORDS, len(words) - 1), 0, -1):
        place = " ".join(words[-count:])
        if _LEADING_IN.match(place) and look_up_territory(_LEADING_IN.sub("", place), vocabulary):
            return place
    return ""
