"""The order of the Kazakh alphabet, in which Russian words keep their own order too; pure."""

import unicodedata

LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {letter: chr(0xE000 + place) for place, letter in enumerate(LETTERS)}
"""Letters of the alphabet come after digits and Latin letters, each in its place."""
_ORDER = str.maketrans(_PLACES)


def alphabetical(text: str) -> str:
    """A key to sort by: Ә after А, І after Ы, whatever the case; Latin words come first."""
    return unicodedata.normalize("NFC", text).casefold().translate(_ORDER)
