"""Periods as headings write them: ``2024 год``, ``I квартал 2024``, ``31.12.2016``, ``қаңтар``.

A heading may lack its year, which then stands in a merged cell above it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from indicators.periods import FIRST_YEAR, LAST_YEAR, Frequency, Period
from indicators.tables.cells import Cell, cell_text
from indicators.tables.names import SUPERSCRIPTS, fold, strip_marks


class Caveat(StrEnum):
    """Why a figure may not be what its period says."""

    CUMULATIVE = "cumulative"
    """Counted from the start of the year (``январь–сентябрь``), filed under the period that ends it."""
    OPENING = "opening"
    """Taken on the first day of the period (``на 1 января 2024``)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A period, or the part of a year that is named below the year's own heading."""

    year: int | None
    frequency: Frequency = Frequency.ANNUAL
    number: int = 1
    caveat: Caveat | None = None
    is_closing_day: bool = False
    """The last day of that month: how long a period it closes, its neighbours tell (`settle`)."""

    def period(self) -> Period | None:
        """The period meant; None without a year."""
        return None if self.year is None else Period.of(self.frequency, self.year, self.number)

    def under(self, upper: "Heading") -> "Heading":
        """This heading with the year of the heading above it."""
        return replace(self, year=upper.year, caveat=self.caveat or upper.caveat)


def combine(*headings: Heading | None) -> Heading | None:
    """One heading of several that hold for the same figure, outermost first: ``2023`` above ``I квартал``."""
    whole: Heading | None = None
    for heading in headings:
        if heading is None:
            continue
        if whole is None or (heading.year is not None and whole.year is not None):
            whole = heading
        elif heading.year is None:
            whole = heading.under(whole)
        else:
            whole = whole.under(heading)
    return whole


def settle(headings: Sequence[Heading]) -> list[Heading]:
    """Closing days made periods: the longest of which each of the days closes one."""
    months = {heading.number for heading in headings if heading.is_closing_day}
    length = next(f for f in Frequency if all(month % f.months == 0 for month in months))
    return [
        Heading(heading.year, length, heading.number // length.months) if heading.is_closing_day else heading
        for heading in headings
    ]


_MONTHS = (
    ("январь", "января", "январе", "янв", "қаңтар", "қаң", "january", "jan"),
    ("февраль", "февраля", "феврале", "фев", "ақпан", "ақп", "february", "feb"),
    ("март", "марта", "марте", "мар", "наурыз", "нау", "march", "mar"),
    ("апрель", "апреля", "апреле", "апр", "сәуір", "сәу", "april", "apr"),
    ("май", "мая", "мае", "мамыр", "мам", "may"),
    ("июнь", "июня", "июне", "июн", "маусым", "мау", "june", "jun"),
    ("июль", "июля", "июле", "июл", "шілде", "шіл", "july", "jul"),
    ("август", "августа", "августе", "авг", "тамыз", "там", "august", "aug"),
    ("сентябрь", "сентября", "сентябре", "сен", "сент", "қыркүйек", "қыр", "september", "sep", "sept"),
    ("октябрь", "октября", "октябре", "окт", "қазан", "қаз", "october", "oct"),
    ("ноябрь", "ноября", "ноябре", "ноя", "қараша", "қар", "november", "nov"),
    ("декабрь", "декабря", "декабре", "дек", "желтоқсан", "жел", "december", "dec"),
)
_ORDINALS = (
    ("i", "первый", "первое", "бірінші", "first"),
    ("ii", "второй", "второе", "екінші", "second"),
    ("iii", "третий", "третье", "үшінші", "third"),
    ("iv", "четвертый", "четвертое", "төртінші", "fourth"),
)
_QUARTERS = "квартал квартала кварталы кварталдар кв тоқсан тоқсаны тоқ quarter q"
_HALVES = "полугодие полугодия жартыжылдық жартыжылдығы half h s"
_YEARS = "год года году г ж жж жыл жылы жылғы жылдың жылда year annual"
_NOISE = (
    "факт фактически нақты actual за на в конец конца соңы соңына айы of the end as for in "
    "предварительно предварительные оперативные данные алдын ала деректер provisional preliminary"
)
# Roman figures are often typed with the Kazakh letter і, so it becomes the Latin i in all words alike.
_ROMAN = str.maketrans({"і": "i", "ⅰ": "i", "ⅱ": "ii", "ⅲ": "iii", "ⅳ": "iv", "ё": "е"})
_WORDS: dict[str, tuple[str, int]] = {
    word.translate(_ROMAN): meaning
    for words, meaning in (
        *((names, ("m", number)) for number, names in enumerate(_MONTHS, 1)),
        *((names, ("n", number)) for number, names in enumerate(_ORDINALS, 1)),
        (_QUARTERS.split(), ("q", 0)),
        (_HALVES.split(), ("h", 0)),
        (_YEARS.split(), ("y", 0)),
        (("месяцев", "месяца", "мес", "ай", "айда", "months"), ("k", 0)),
        (("начало", "басы", "басына"), ("o", 0)),
        (_NOISE.split(), ("", 0)),
        (("-",), ("-", 0)),
    )
    for word in words
}
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\s.,()/]")
_ENDINGS = "ый|ий|ой|й|ое|ье|е|нші|інші|ншы|ші|шы|st|nd|rd|th".translate(_ROMAN)
_ORDINAL_ENDING = re.compile(rf"(?<![^\W_])(\d|i{{1,3}}|iv)-?(?:{_ENDINGS})\b")
_ROMAN_ONLY = re.compile(r"\b(?:i{1,3}|iv)\b")
_IDLE_DASH = re.compile(r"(?<![mn])-|-(?![mn])")
_DASHES = re.compile(r"\s*[‐‑‒–—―−-]\s*")
_MONTH_OF_YEAR = re.compile(
    r"(?P<m>0?[1-9]|1[0-2])[./](?P<y>\d{4})|(?P<y2>\d{4})(?:[./-]|-?m)(?P<m2>0?[1-9]|1[0-2])"
)
_DAY = re.compile(
    r"(?:на )?(?:(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})"
    r"|(?P<y2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})(?:[t ]\d{2}:\d{2}(?::\d{2})?)?)(?: ?г\.?)?"
)
_NUMBER = re.compile(r"(\d{1,4})(?:\.0)?")
MONTH_WORDS = frozenset(("месяц", "ай", "айы", "month"))
_PERIOD_WORDS = 6
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPAN_OF_YEARS = re.compile(
    r"[\s,(]*(?:\b(?:за|в|на|for|in)\s+)?(?:19|20)\d\d\s*[-–—]\s*(?:19|20)\d\d\s*"
    r"(?:(?:гг?|годы|годов|годах|года|жж?|жылдар\w*|жылғы|years)\b\.?)?\)?",
    re.IGNORECASE,
)
_SUPERSCRIPT = re.compile(f"[{SUPERSCRIPTS}]")


def parse_heading(cell: Cell) -> Heading | None:
    """The period that a heading cell names, or None."""
    if isinstance(cell, datetime):
        return _from_day(cell.date())
    if isinstance(cell, date):
        return _from_day(cell)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return _from_year(int(cell)) if cell.is_integer() else None
    if isinstance(cell, int):
        return _from_year(cell)
    return _from_text(cell) if isinstance(cell, str) and len(cell) <= 80 else None


def _from_year(year: int) -> Heading | None:
    return Heading(year) if FIRST_YEAR <= year <= LAST_YEAR else None


def _from_day(day: date) -> Heading | None:
    """A month's last day closes a period, its first opens one; a day between them is no period."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    month = Period.containing(Frequency.MONTH, day)
    if day == month.end:
        return Heading(day.year, Frequency.MONTH, day.month, is_closing_day=True)
    if day == month.start:
        return Heading(day.year, Frequency.MONTH, day.month, Caveat.OPENING)
    return None


def without_period(text: str) -> str:
    """A title without the years or the period at its beginning or end, and the words that lead to them."""
    text = _SPAN_OF_YEARS.sub("", text)
    words = text.split()
    for count in range(min(_PERIOD_WORDS, len(words)), 0, -1):
        if _is_dated(words[-count:]):
            return without_period(" ".join(words[:-count]).rstrip(" ,("))
        if _is_dated(words[:count]):
            return without_period(" ".join(words[count:]).lstrip(" ,):"))
    return text


def title_period(text: str) -> Heading | None:
    """The period at the end or the beginning of a title: `Численность населения за I квартал 2024 года`.

    None where it names several years.
    """
    if len(set(_YEAR.findall(text))) != 1:
        return None
    words = text.replace("_", " ").split()
    for count in range(min(_PERIOD_WORDS, len(words)), 0, -1):
        for part in (words[-count:], words[:count]):
            if _is_dated(part):
                return parse_heading(" ".join(part).strip(" ,.:()"))
    return None


def _is_dated(words: list[str]) -> bool:
    heading = parse_heading(" ".join(words).strip(" ,.:()"))
    return heading is not None and heading.year is not None


def parse_part(cell: Cell, column: str) -> Heading | None:
    """The period in a column that may hold bare numbers under its name: ``3`` below ``Квартал``."""
    number = _NUMBER.fullmatch(cell_text(cell))
    if number is None or len(number[1]) == 4:
        return parse_heading(cell)
    if fold(column) in MONTH_WORDS:
        return _part(None, Frequency.MONTH, int(number[1]))
    return _from_text(f"{number[1]} {column}")


@lru_cache(maxsize=16384)
def _from_text(text: str) -> Heading | None:
    text = unicodedata.normalize("NFC", _SUPERSCRIPT.sub("", strip_marks(text)))
    text = " ".join(_DASHES.sub("-", text.casefold().translate(_ROMAN)).split())
    if match := _DAY.fullmatch(text):
        return _on_day(*(int(match[name] or match[f"{name}2"]) for name in "ymd"))
    if match := _MONTH_OF_YEAR.fullmatch(text):
        year, month = (int(match[name] or match[f"{name}2"]) for name in "ym")
        return Heading(year, Frequency.MONTH, month) if _from_year(year) else None
    return _from_words(_ORDINAL_ENDING.sub(r"\1", text.removesuffix(".0")))


def _from_words(text: str) -> Heading | None:
    """Read word by word; the kinds of the words, in order, tell what is meant."""
    kinds, year = "", None
    numbers: list[int] = []
    for token in _TOKEN.findall(text):
        if token.isdecimal() and len(token) == 4 and year is None and _from_year(int(token)):
            year = int(token)
            continue
        kind, number = ("n", int(token)) if token.isdecimal() else _WORDS.get(token, ("?", 0))
        if kind == "?" or number > 31:
            return None
        kinds += kind
        if kind in {"m", "n"}:
            numbers.append(number)
    caveat = Caveat.OPENING if "o" in kinds else None
    kinds = _IDLE_DASH.sub("", kinds.replace("o", ""))
    if (kinds or year) and not kinds.strip("y"):
        return Heading(year, caveat=caveat)
    return _from_kinds(kinds.replace("y", ""), numbers, year, is_roman=bool(_ROMAN_ONLY.search(text)))


def _from_kinds(kinds: str, numbers: list[int], year: int | None, *, is_roman: bool) -> Heading | None:
    """`kinds` holds m(onth), n(umber), q(uarter), h(alf), k (so many months) and dashes."""
    match kinds:
        case "m":
            return Heading(year, Frequency.MONTH, numbers[0])
        case "mn" | "m-n":
            return _month_of_short_year(*numbers) if year is None else None
        case "nq" | "qn":
            return _part(year, Frequency.QUARTER, numbers[0])
        case "nh" | "hn":
            return _part(year, Frequency.HALF_YEAR, numbers[0])
        case "n" if is_roman:
            return _part(year, Frequency.QUARTER, numbers[0])
        case "nk" | "kn":
            return _months(year, 1, numbers[0])
        case "m-m":
            return _months(year, *numbers)
        case "n-nq":
            return _months(year, 3 * numbers[0] - 2, 3 * numbers[1])
        case "nm" if year:
            return _on_day(year, *reversed(numbers))
    return None


def _month_of_short_year(month: int, year: int) -> Heading | None:
    return Heading(2000 + year, Frequency.MONTH, month) if year > 9 else None


def _on_day(year: int, month: int, day: int) -> Heading | None:
    try:
        return _from_day(date(year, month, day))
    except ValueError:
        return None


def _part(year: int | None, frequency: Frequency, number: int) -> Heading | None:
    return Heading(year, frequency, number) if 1 <= number <= 12 // frequency.months else None


def _months(year: int | None, first: int, last: int) -> Heading | None:
    """A span of months: the period that it fills, else (from January) the quarter or month it ends with."""
    if not 1 <= first <= last <= 12:
        return None
    for frequency in Frequency:
        if last - first + 1 == frequency.months and last % frequency.months == 0:
            return Heading(year, frequency, last // frequency.months)
    if first > 1:
        return None
    frequency = Frequency.MONTH if last % 3 else Frequency.QUARTER
    return Heading(year, frequency, last // frequency.months, Caveat.CUMULATIVE)
