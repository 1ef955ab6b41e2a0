"""The words that tables may use, gathered from the database for the reader of tables."""

from collections import defaultdict

from cities.models import Territory
from common.names import NAMES, Named
from indicators.models import Dimension, Indicator, Unit
from indicators.tables.names import Kind
from indicators.tables.vocabulary import WordList

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


def gather_vocabulary() -> WordList:
    """All names, codes and aliases known today."""
    words = WordList(country=Territory.objects.get(level=Level.COUNTRY).code)
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
    for indicator in Indicator.objects.all():
        words.add_indicator(indicator.code, [*_names(indicator), *indicator.aliases, *_keys(indicator)])
    for unit in Unit.objects.all():
        words.add_unit(unit.code, [*_names(unit), *unit.aliases])
    return words


def _names(row: Named) -> list[str]:
    return [getattr(row, name) for name in NAMES]


def _keys(indicator: Indicator) -> list[str]:
    """The Bureau's key `8-6-1`, also as its files are named and as the goals write it."""
    key = indicator.bureau_key
    return [key, f"indicator_{key}", key.replace("-", ".")] if key else []
