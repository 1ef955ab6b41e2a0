"""The order of names as Kazakhs sort them; pure, and the same for Python and for SQL.

Digits come first, then Latin letters, then the 42 letters of the Kazakh alphabet, of which the Russian ones
are a part: Аа Әә Бб Вв Гг Ғғ … Уу Ұұ Үү … Ыы Іі Ьь Ээ Юю Яя. Capitals sort as small letters do. By their code
points Ә, Ғ, Қ, Ң, Ө, Ұ, Ү, Һ, І and Ё would stand apart from the others; this order needs no locale of the
machine's or the database's.
"""

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz" + ALPHABET
SMALL_AND_CAPITAL = LETTERS + LETTERS.upper()
PLACES = 2 * "".join(chr(0xE000 + place) for place in range(len(LETTERS)))
"""Signs of Unicode's private area in the place of the letters: they are compared by code point."""
IGNORED = "«»\"'„“”‘’()[]-–—.,:;№"
"""Signs that do not count, as in a dictionary."""
_TABLE = str.maketrans(SMALL_AND_CAPITAL, PLACES, IGNORED)


def sort_key(name: str) -> str:
    """The key by which names are sorted: `sorted(names, key=sort_key)`. Other signs come after or before all
    letters, as their code points have it."""
    return name.translate(_TABLE)
