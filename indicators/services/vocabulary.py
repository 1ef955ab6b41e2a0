"""The words that tables may use, gathered from the database for the reader of tables."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from cities.models import Territory, TerritoryAlias
from common.names import NAMES
from indicators.models import Category as CategoryRow
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
    _add_territories(words)
    for code, totals, *names in Dimension.objects.values_list("code", "total_aliases", *NAMES):
        words.add_dimension(code, names, totals)
    rows = CategoryRow.objects.values_list("dimension__code", "code", "aliases", *NAMES)
    for dimension, code, aliases, *names in rows:
        words.add_category(dimension, code, [*names, *aliases])
    for code, key, aliases, *names in Indicator.objects.values_list("code", "bureau_key", "aliases", *NAMES):
        words.add_indicator(code, [*names, *aliases, *_keys(key)])
    for code, aliases, *names in Unit.objects.values_list("code", "aliases", *NAMES):
        words.add_unit(code, [*names, *aliases])
    _add_learnt(words)
    return words


def _add_territories(words: LearntWords) -> None:
    aliases = defaultdict(list)
    for pk, text in TerritoryAlias.objects.values_list("territory_id", "text"):
        aliases[pk].append(text)
    rows = Territory.objects.values_list("pk", "code", "level", "kato", "bureau_code", *NAMES)
    for pk, code, level, kato, bureau_code, *names in rows:
        codes = [each for each in (kato, bureau_code) if each]
        words.add_territory(code, RANKS[level], KINDS.get(level), [*names, *aliases[pk]], codes)


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


def _keys(key: str | None) -> list[str]:
    """The Bureau's key `8-6-1`, also as its files are named and as the goals write it."""
    return [key, f"indicator_{key}", key.replace("-", ".")] if key else []
