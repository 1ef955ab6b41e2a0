"""Texts for searching, folded so that the ways in which people type them meet; pure.

Kazakh and Russian letters become Latin ones, Kazakh letters and the plain ones typed for them the same, and
the usual Latin spellings of one sound one spelling: ``жұмыссыздық``, ``жумыссыздык``, ``jumyssyzdyq`` and
``zhumyssyzdyk`` are alike, and so are ``безработица``, ``bezrabotitsa`` and ``bezrabotica``. English words
are folded by the same rules: that changes them, but alike in what is stored and in what is asked.
"""

import re
import unicodedata

VERSION = 1
"""Raised with every change of the rules: whatever was folded by others must be folded anew."""

_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "j",
    "з": "z", "и": "i", "й": "i", "і": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n",
    "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f",
    "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e",
    "ю": "iu", "я": "ia",
}  # fmt: skip
_LATIN = {"ş": "sh", "ı": "i", "ə": "a", "ɵ": "o", "ŋ": "n", "ß": "ss"}
_LETTERS = str.maketrans(_CYRILLIC | _LATIN | dict.fromkeys("'’‘ʹʼ′`´№", ""))
# Latin spellings of one sound, the longer first; a lone c is read as ts, as in ``bezrabotica``.
_SPELLINGS = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("gh", "g"), ("zh", "j"), ("tz", "ts"),
    ("q", "k"), ("w", "v"), ("x", "ks"), ("y", "i"),
)  # fmt: skip
_LONE_C = re.compile(r"(?<!t)c(?!h)")
_GAPS = re.compile(r"[^a-z0-9]+")
_WORD = re.compile(r"[^\W_]+(?:['’‘ʹʼ′`´][^\W_]+)*")

_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбю"
_RUSSIAN_LAYOUT = str.maketrans(_KEYS, _RUSSIAN_KEYS)


def fold(text: str) -> str:
    """The text as small Latin letters and digits, words apart by one space; empty where it has neither."""
    plain = text.casefold().translate(_LETTERS)
    letters = unicodedata.normalize("NFKD", plain)
    spelt = "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_LETTERS)
    for spelling, one in _SPELLINGS:
        spelt = spelt.replace(spelling, one)
    return _GAPS.sub(" ", _LONE_C.sub("ts", spelt)).strip()


def words_of(text: str) -> list[tuple[int, int, str]]:
    """Each word of the text: where it begins and ends, and how it is folded."""
    return [(match.start(), match.end(), fold(match.group())) for match in _WORD.finditer(text)]


def in_russian_layout(text: str) -> str:
    """What would have been typed on a Russian keyboard: ``fkvfns`` is алматы."""
    return text.casefold().translate(_RUSSIAN_LAYOUT)
