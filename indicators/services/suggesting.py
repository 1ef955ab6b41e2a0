"""What an unknown name may mean: the names that are spelt most like it, by PostgreSQL's trigrams."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from indicators.models import LearntName
from indicators.tables.names import normalise_name

Kind = LearntName.Kind
MOST = 5
LEAST_LIKENESS = 0.2

NAMED = """
SELECT row.code, name.text FROM {table} row
CROSS JOIN LATERAL (VALUES (row.name_kk), (row.name_ru), (row.name_en)) name (text)
"""
ALIASED = """
SELECT row.code, alias.text FROM {table} row
CROSS JOIN LATERAL jsonb_array_elements_text(row.aliases) alias (text)
"""
CATEGORIES = """
SELECT dimension.code || '=' || row.code, name.text FROM indicators_category row
JOIN indicators_dimension dimension ON dimension.id = row.dimension_id
CROSS JOIN LATERAL (
    VALUES (row.code), (row.name_kk), (row.name_ru), (row.name_en)
    UNION ALL SELECT jsonb_array_elements_text(row.aliases)
) name (text)
"""
TERRITORIES = """
UNION ALL
SELECT territory.code, alias.text FROM cities_territoryalias alias
JOIN cities_territory territory ON territory.id = alias.territory_id
UNION ALL
SELECT code, kato FROM cities_territory WHERE kato IS NOT NULL
"""
NAMES = {
    Kind.TERRITORY: NAMED.format(table="cities_territory") + TERRITORIES,
    Kind.CATEGORY: CATEGORIES,
    Kind.INDICATOR: " UNION ALL ".join(
        part.format(table="indicators_indicator") for part in (NAMED, ALIASED)
    ),
    Kind.UNIT: " UNION ALL ".join(part.format(table="indicators_unit") for part in (NAMED, ALIASED)),
}
# Trigrams of other letters than a–z exist only where the server's LC_CTYPE knows them; that of the embedded
# one is C. Every letter therefore becomes a Latin one, which also makes names in two scripts alike.
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюяәғқңөұүһіъь"
LATIN = "abvgdeejziiklmnoprstufhccwwyeuaagqnouuhi"
SPELT = f"translate(lower({{}}), '{CYRILLIC}', '{LATIN}')"
# A short form stands within the long one, or the other way round; being spelt alike as a whole counts more.
SUGGEST = """
WITH named (code, text) AS ({names}),
     names (code, text) AS MATERIALIZED (SELECT code, {text} FROM named)
SELECT asked.text, asked.dimension, found.code
FROM unnest(%(texts)s::text[], %(keys)s::text[], %(dimensions)s::text[]) asked (text, key, dimension)
CROSS JOIN LATERAL (SELECT {asked_text}, {asked_key}) spelt (text, key)
CROSS JOIN LATERAL (
    SELECT code, max(greatest(
        similarity(names.text, spelt.text), 0.99 * similarity(names.text, spelt.key),
        0.9 * word_similarity(spelt.key, names.text), 0.8 * word_similarity(names.text, spelt.text)
    )) AS likeness
    FROM names WHERE asked.dimension = '' OR starts_with(code, asked.dimension || '=')
    GROUP BY code ORDER BY 2 DESC, 1 LIMIT %(most)s
) found
WHERE found.likeness >= %(least)s
ORDER BY asked.text, asked.dimension, found.likeness DESC, found.code
"""
SPELT_PARTS = {
    "text": SPELT.format("text"),
    "asked_text": SPELT.format("asked.text"),
    "asked_key": SPELT.format("asked.key"),
}


class Asked(NamedTuple):
    """A text that is not understood; a category's dimension where it is known."""

    kind: str
    text: str
    dimension: str = ""


def suggest(questions: Iterable[Asked]) -> dict[Asked, list[str]]:
    """For each question the codes of up to five rows, the likeliest first; one query for each kind."""
    by_kind: defaultdict[str, list[Asked]] = defaultdict(list)
    for question in questions:
        by_kind[question.kind].append(question)
    found: dict[Asked, list[str]] = {}
    for kind, asked in by_kind.items():
        found |= {question: [] for question in asked}
        for text, dimension, code in _likely(kind, asked):
            found[Asked(kind, text, dimension)].append(code)
    return found


def _likely(kind: str, asked: list[Asked]) -> list[tuple[str, str, str]]:
    parameters: dict[str, list[str] | int | float] = {
        "texts": [question.text for question in asked],
        "keys": [normalise_name(question.text).key for question in asked],
        "dimensions": [question.dimension for question in asked],
        "most": MOST,
        "least": LEAST_LIKENESS,
    }
    with connection.cursor() as cursor:
        cursor.execute(SUGGEST.format(names=NAMES[Kind(kind)], **SPELT_PARTS), parameters)
        rows: list[tuple[str, str, str]] = cursor.fetchall()
    return rows
