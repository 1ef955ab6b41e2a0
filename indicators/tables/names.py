"""Names of territories, folded so that the ways in which tables write them meet.

``г.Семей``, ``Семей қ.`` and ``Semey City`` name cities, ``Акмолинская область`` and
``по Акмолинской обл.`` the same oblast. Folding takes away case, ё, quotes, footnote marks, dashes,
grammatical case and the word for the kind of territory; the kind itself is returned beside the key.
It does not translate: Kazakh, Russian and English names of one territory have different keys.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """The kind of territory that a name speaks of."""

    OBLAST = "oblast"
    CITY = "city"
    DISTRICT = "district"
    RURAL_DISTRICT = "rural_district"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Name:
    """A folded name. `is_explicit` says that a word stated the kind; otherwise the ending hints at it."""

    key: str
    kind: Kind | None
    is_explicit: bool = False


SUPERSCRIPTS = "¹²³⁴⁵⁶⁷⁸⁹⁰"
_MARK = re.compile(rf"\s*(?:[*†‡]+|[{SUPERSCRIPTS}]+\)?)\s*$")
_NUMBER_MARK = re.compile(r"(?<=[^\W\d_])\d{1,2}\)\s*$|\s+\d{1,2}\)\s*$")
_GLUED_DIGIT = re.compile(r"(?<=[^\W\d_])\d{1,2}$")
_NUMBERING = re.compile(r"^\s*\d{1,3}(?:(?:\.\d{1,3})*[.)]|(?:\.\d{1,3})+)\s+(?=\D)")
_QUOTES = re.compile(r"[\"'`«»„“”‘’ʹʼ′]")
_GAPS = re.compile(r"[\s._,()\[\]/‐‑‒–—―−-]+")

# Each alternative is matched against words already lower-cased, with full stops turned into spaces.
_KIND_WORDS = (
    (Kind.RURAL_DISTRICT, r"сельск(?:ий|ого) округа?|ауылдық округі?|с о|а о|rural (?:district|okrug)"),
    (Kind.OBLAST, r"област(?:ь|и|ью)|обл|облысы(?:ның|нда)?|облыс|oblast|oblysy|region"),
    (Kind.DISTRICT, r"район(?:а|е|ы)?|р н|ауданы(?:ның|нда)?|аудан|district|rayon|raion|audany"),
    (Kind.CITY, r"город(?:а|е)?|гор|г а|г|қаласы(?:ның|нда)?|қала|қ ә|қ|city|qalasy"),
    (
        Kind.SETTLEMENT,
        r"пос[её]л(?:ок|ка)|пос|пгт|п|село|села|с|кенті|кент|ауылы|ауыл|settlement|village|kenti",
    ),
)
_AT_EDGE = tuple((kind, re.compile(rf"^(?:{words})(?= )|(?<= )(?:{words})$")) for kind, words in _KIND_WORDS)
_LEADING = re.compile(r"^(?:по|в) (?=\S+(?:ой|ому|ом) )")
_ENDINGS = (
    (re.compile(r"(?<=[сц]к)(?:ой|ую)\b"), "ая"),
    (re.compile(r"(?<=[сц]к)(?:ого|ому|ом)\b"), "ий"),
)
_HINTS = ((Kind.OBLAST, re.compile(r"[сц]кая$")), (Kind.DISTRICT, re.compile(r"[сц]кий$")))

_LATIN = "aAeEoOpPcCxXyYiIjJkKmMtTHBhəɵ"
_CYRILLIC = "аАеЕоОрРсСхХуУіІјЈкКмМтТНВһәө"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_LETTER, _OTHER_LETTER = re.compile("[Ѐ-ӿ]"), re.compile(r"[^\W\d_Ѐ-ӿ]")


def strip_marks(text: str) -> str:
    """The text without footnote marks at its end: ``Туркестанская*``, ``Алматы1)``; not ``(15-24)``."""
    text = _MARK.sub("", text.strip())
    return _NUMBER_MARK.sub("", text) if text.count(")") > text.count("(") else text


def strip_numbering(text: str) -> str:
    """The text without its number in a list: ``1. Акмолинская``, ``2.3 Безработица``."""
    return _NUMBERING.sub("", text)


def footnote_mark(text: str) -> str:
    """The footnote mark at the end of a text (``*``, ``1)``), or an empty string."""
    text = text.strip()
    return text[len(strip_marks(text)) :].strip()


def one_script(text: str) -> str:
    """Words of mixed script with look-alike letters brought into the script that prevails in the word."""
    if text.isascii() or not (_CYRILLIC_LETTER.search(text) and _OTHER_LETTER.search(text)):
        return text
    return _WORD.sub(_unmix, text)


def _unmix(match: re.Match[str]) -> str:
    word = match.group()
    if word.isascii():
        return word
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in word)
    if cyrillic == len(word):
        return word
    return word.translate(_TO_CYRILLIC if 2 * cyrillic >= len(word) else _TO_LATIN)


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Any heading or label for comparison: lower case, one space, no quotes, dashes or footnote marks."""
    text = one_script(unicodedata.normalize("NFC", strip_marks(text)))
    text = _QUOTES.sub("", text.casefold().replace("ё", "е"))
    return _GAPS.sub(" ", text).strip()


@lru_cache(maxsize=65536)
def normalise_name(text: str) -> Name:
    """Fold the name of a territory and say of what kind it claims to be."""
    key = _LEADING.sub("", _GLUED_DIGIT.sub("", fold(strip_numbering(text))))
    for pattern, ending in _ENDINGS:
        key = pattern.sub(ending, key)
    for kind, pattern in _AT_EDGE:
        stripped = pattern.sub("", key, count=1).strip()
        if stripped != key and stripped:
            return Name(stripped, kind, is_explicit=True)
    hinted = next((kind for kind, pattern in _HINTS if pattern.search(key)), None)
    return Name(key, hinted)
