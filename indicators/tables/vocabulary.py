"""What the words in a table mean: territories, dimensions, categories, indicators and units.

The reader of tables asks a `Vocabulary`; `WordList` is one that is filled with names from any source.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from indicators.tables.names import Kind, Name, fold, normalise_name, strip_numbering

_AMONG_THEM = re.compile(
    r"^\s*(?:в том числе|в т\.? ?ч\.?|с\.? ?і\.?|из них|оның ішінде|соның ішінде|including|of which)\b[\s:]*",
    re.IGNORECASE,
)
TOTAL = "_T"
"""Code of the category "total" in every dimension; a breakdown leaves it out."""


@dataclass(frozen=True, slots=True)
class TerritoryMatch:
    """A territory that a text may mean.

    `level` ranks it from the country (0) down; territories that stand in one list of a table (oblasts and
    cities of republican significance) share a level.
    """

    code: str
    level: int


@dataclass(frozen=True, slots=True, order=True)
class Category:
    """One value of a dimension; `Category("", TOTAL)` is the total of no dimension in particular."""

    dimension: str
    code: str

    @property
    def is_total(self) -> bool:
        return self.code == TOTAL


class Vocabulary(Protocol):
    """Looks up texts as they stand in cells; what is unknown is answered with nothing, never an error."""

    @property
    def country(self) -> str:
        """Code of the country, which an empty territory cell of a long table means."""

    def territory(self, text: str) -> Sequence[TerritoryMatch]:
        """All territories that the text may mean; none if it is unknown."""

    def preferred(self, text: str) -> str | None:
        """Of several territories the one that somebody said is meant, where the table does not tell."""

    def dimension(self, text: str) -> str | None:
        """Code of the dimension that heads a column."""

    def category(self, text: str, dimension: str | None = None) -> Category | None:
        """The category, within the dimension if one is given."""

    def indicator(self, text: str) -> str | None:
        """Code of the indicator."""

    def unit(self, text: str) -> str | None:
        """Code of the unit of measure."""


@dataclass
class WordList:
    """A vocabulary filled name by name; codes and names are found however they are written.

    Kinds of territory narrow a search: ``г. Абай`` never finds the oblast. A territory added without a kind
    is found whatever kind the text claims.
    """

    country: str
    _codes: dict[str, TerritoryMatch] = field(default_factory=dict)
    _territories: dict[str, dict[str, tuple[TerritoryMatch, Kind | None]]] = field(default_factory=dict)
    _preferred: dict[str, str] = field(default_factory=dict)
    _dimensions: dict[str, str] = field(default_factory=dict)
    _categories: dict[tuple[str | None, str], Category] = field(default_factory=dict)
    _indicators: dict[str, str] = field(default_factory=dict)
    _units: dict[str, str] = field(default_factory=dict)

    def add_territory(
        self, code: str, level: int, kind: Kind | None, names: Iterable[str], codes: Iterable[str] = ()
    ) -> None:
        """Names in any language; `codes` are other official ones (KATO, the Bureau's).

        A text that is a code to the letter means that territory, whatever else is called so.
        """
        for text in (code, *codes):
            self._codes[text] = TerritoryMatch(code, level)
        for text in (code, *codes, *names):
            if key := normalise_name(text).key:
                self._territories.setdefault(key, {})[code] = TerritoryMatch(code, level), kind

    def prefer_territory(self, code: str, name: str) -> None:
        """Of the territories called so this one is meant where the table does not tell."""
        self._preferred[normalise_name(name).key] = code

    def add_dimension(self, code: str, names: Iterable[str], totals: Iterable[str] = ()) -> None:
        """`totals` are the ways of writing "all": ``оба пола``, ``всё население``."""
        for text in (code, *names):
            self._dimensions[fold(text)] = code
        total = Category(code, TOTAL)
        for text in (TOTAL, *totals):
            self._categories[code, fold(text)] = total
            known = self._categories.setdefault((None, fold(text)), total)
            if known != total:
                self._categories[None, fold(text)] = _ANY_TOTAL if known.is_total else _AMBIGUOUS

    def add_category(self, dimension: str, code: str, names: Iterable[str]) -> None:
        """A name that two dimensions share is found only where the dimension is known."""
        category = Category(dimension, code)
        for text in (code, *names):
            key = fold(text)
            self._categories[dimension, key] = category
            known = self._categories.setdefault((None, key), category)
            if known is not category and known != category:
                self._categories[None, key] = _AMBIGUOUS

    def add_indicator(self, code: str, names: Iterable[str]) -> None:
        for text in (code, *names):
            self._indicators[fold(text)] = code

    def add_unit(self, code: str, names: Iterable[str]) -> None:
        for text in (code, *names):
            self._units[_fold_unit(text)] = code

    def territory(self, text: str) -> Sequence[TerritoryMatch]:
        if exact := self._codes.get(text.strip()):
            return [exact]
        name = normalise_name(text)
        found = list(self._territories.get(name.key, {}).values())
        return [match for match, _ in _of_kind(found, name)]

    def preferred(self, text: str) -> str | None:
        return self._preferred.get(normalise_name(text).key)

    def dimension(self, text: str) -> str | None:
        return self._dimensions.get(fold(text))

    def category(self, text: str, dimension: str | None = None) -> Category | None:
        found = self._categories.get((dimension, fold(text)))
        return None if found == _AMBIGUOUS else found

    def indicator(self, text: str) -> str | None:
        return self._indicators.get(fold(text))

    def unit(self, text: str) -> str | None:
        return self._units.get(_fold_unit(text))


_UNIT_WORDS = {
    **dict.fromkeys(("%", "проценты", "процента", "процентов", "процентах"), "процент"),
    **dict.fromkeys(("тысяча", "тысячи", "тысяч", "тысячах"), "тыс"),
    **dict.fromkeys(("миллион", "миллиона", "миллионов", "миллионах"), "млн"),
    **dict.fromkeys(("миллиард", "миллиарда", "миллиардов", "миллиардах"), "млрд"),
    **dict.fromkeys(("чел", "человека"), "человек"),
}


@lru_cache(maxsize=4_096)
def _fold_unit(text: str) -> str:
    """`в %`, `проценты` and `процент` alike, as are `тысяч` and `тыс.`."""
    words = fold(text).replace("%", " % ").removeprefix("в ").split()
    return " ".join(_UNIT_WORDS.get(word, word) for word in words)


_AMBIGUOUS = Category("", "")
_ANY_TOTAL = Category("", TOTAL)


def _of_kind(
    found: list[tuple[TerritoryMatch, Kind | None]], name: Name
) -> list[tuple[TerritoryMatch, Kind | None]]:
    """Those of the kind that the name states; a mere hint only chooses among several."""
    fitting = [(match, kind) for match, kind in found if kind is None or kind == name.kind]
    return fitting if name.is_explicit or (name.kind and fitting) else found


def find_category(text: str, vocabulary: Vocabulary, dimension: str | None = None) -> Category | None:
    """The category of a text, also behind its code (`M: Male`) or the words "of which"."""
    found = vocabulary.category(text, dimension)
    if found is None and ":" in text:
        found = vocabulary.category(text.partition(":")[0], dimension)
    return found or vocabulary.category(_AMONG_THEM.sub("", text), dimension)


def split_unit(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The text and the known unit that ends it: `Безработица, %`, `Население (человек)`."""
    name, _, unit = text.rstrip(" )").replace("(", ",").rpartition(",")
    unit = unit.strip()
    return (name.rstrip(), unit) if name and vocabulary.unit(unit) is not None else (text, "")


def find_indicator(text: str, vocabulary: Vocabulary) -> str | None:
    """The indicator of a text, also behind its code or a number, or before its unit: `1. Безработица, %`."""
    found = vocabulary.indicator(text)
    if found is None and ":" in text:
        found = vocabulary.indicator(text.partition(":")[0])
    if found is None and (shorter := split_unit(strip_numbering(text), vocabulary)[0]) != text:
        found = vocabulary.indicator(shorter)
    return found
