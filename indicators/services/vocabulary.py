"""The words that tables may use, gathered from the database for the reader of tables."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from cities.models import Territory
from common.names import NAMES, Named
from indicators.models import Dimension, Indicator, LearntName, Unit
from indicators.tables.names import Kind, fold, normalise_name
from indicators.tables.vocabulary import Category, TerritoryMatch, WordList

Level = Territory.Level
KINDS = {
    Level.OBLAST: Kind.OBLAST,
    Level.REPUBLICAN_CITY: Kind.CITY,
    Level.CITY: Kind.CITY,
    Level.DISTRICT: Kind.DISTRICT,
    Level.CITY_DISTRICT: Kind.DISTRICT,
    Level.RURAL_DISTRICT: Kind.RURAL_DISTRICT,
    Level.SETTLEMENT: Kind.SETTLEMENT,
}
RANKS = defaultdict(lambda: 3, {Level.COUNTRY: 0, Level.OBLAST: 1, Level.REPUBLICAN_CITY: 1,
                                Level.DISTRICT: 2, Level.CITY: 2, Level.CITY_DISTRICT: 2})  # fmt: skip
PREFERRED = "preferred"
"""The kind of a learnt name that chooses among several territories called so."""


@dataclass
class LearntWords(WordList):
    """A word list that also knows the names which people explained, and remembers which of them it met."""

    learnt: dict[tuple[str, str], int] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)

    def territory(self, text: str) -> Sequence[TerritoryMatch]:
        self._meet(LearntName.Kind.TERRITORY, text)
        return super().territory(text)

    def preferred(self, text: str) -> str | None:
        self._meet(PREFERRED, text)
        return super().preferred(text)

    def category(self, text: str, dimension: str | None = None) -> Category | None:
        found = super().category(text, dimension)
        if found is not None:
            self._meet(LearntName.Kind.CATEGORY, text, found.dimension)
        return found

    def indicator(self, text: str) -> str | None:
        self._meet(LearntName.Kind.INDICATOR, text)
        return super().indicator(text)

    def unit(self, text: str) -> str | None:
        self._meet(LearntName.Kind.UNIT, text)
        return super().unit(text)

    def _meet(self, kind: str, text: str, dimension: str = "") -> None:
        if self.learnt and (pk := self.learnt.get((kind, key_of(kind, text, dimension)))):
            self.met.add(pk)


def key_of(kind: str, text: str, dimension: str = "") -> str:
    """The text as the reader of tables compares it; that of a category names its dimension."""
    if kind in {LearntName.Kind.TERRITORY, PREFERRED}:
        return normalise_name(text).key
    return f"{dimension}={fold(text)}" if kind == LearntName.Kind.CATEGORY else fold(text)


def gather_vocabulary() -> LearntWords:
    """All names, codes and aliases known today, with what was learnt."""
    words = LearntWords(country=Territory.objects.get(level=Level.COUNTRY).code)
    for territory in Territory.objects.prefetch_related("aliases"):
        aliases = [alias.text for alias in territory.aliases.all()]
        codes = [code for code in (territory.kato, territory.bureau_code) if code]
        level = Level(territory.level)
        names = [*_names(territory), *aliases]
        words.add_territory(territory.code, RANKS[level], KINDS.get(level), names, codes)
    for dimension in Dimension.objects.prefetch_related("categories"):
        words.add_dimension(dimension.code, _names(dimension), dimension.total_aliases)
        for category in dimension.categories.all():
            words.add_category(dimension.code, category.code, [*_names(category), *category.aliases])
    for code, key, aliases, *names in Indicator.objects.values_list("code", "bureau_key", "aliases", *NAMES):
        words.add_indicator(code, [*names, *aliases, *_keys(key)])
    for unit in Unit.objects.all():
        words.add_unit(unit.code, [*_names(unit), *unit.aliases])
    _add_learnt(words)
    return words


def _add_learnt(words: LearntWords) -> None:
    """Names that became known otherwise since they were learnt keep their official meaning; of several
    territories of one name the learnt one is meant where a table does not tell."""
    ranks = {row.code: RANKS[Level(row.level)] for row in Territory.objects.only("code", "level")}
    for name in LearntName.objects.order_by("pk"):
        if is_known(words, name.kind, name.text, name.code.partition("=")[0]):
            if name.kind == LearntName.Kind.TERRITORY and is_one_of_several(words, name.text, name.code):
                words.learnt[PREFERRED, name.key] = name.pk
                words.prefer_territory(name.code, name.text)
            continue
        words.learnt[name.kind, name.key] = name.pk
        if name.kind == LearntName.Kind.TERRITORY and name.code in ranks:
            words.add_territory(name.code, ranks[name.code], None, [name.text])
        elif name.kind == LearntName.Kind.CATEGORY:
            dimension, _, code = name.code.partition("=")
            words.add_category(dimension, code, [name.text])
        elif name.kind == LearntName.Kind.INDICATOR:
            words.add_indicator(name.code, [name.text])
        elif name.kind == LearntName.Kind.UNIT:
            words.add_unit(name.code, [name.text])


def is_known(words: WordList, kind: str, text: str, dimension: str = "") -> bool:
    """Whether the text already means something of that kind."""
    if kind == LearntName.Kind.TERRITORY:
        return bool(words.territory(text))
    if kind == LearntName.Kind.CATEGORY:
        return words.category(text, dimension) is not None
    return (words.indicator(text) if kind == LearntName.Kind.INDICATOR else words.unit(text)) is not None


def is_one_of_several(words: WordList, text: str, code: str) -> bool:
    """Whether the text means several territories, one of them this."""
    codes = {match.code for match in words.territory(text)}
    return len(codes) > 1 and code in codes


def _names(row: Named) -> list[str]:
    return [getattr(row, name) for name in NAMES]


def _keys(key: str | None) -> list[str]:
    """The Bureau's key `8-6-1`, also as its files are named and as the goals write it."""
    return [key, f"indicator_{key}", key.replace("-", ".")] if key else []
