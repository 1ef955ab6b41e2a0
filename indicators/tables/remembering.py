"""What of a corrected layout holds for the next issue of the table: never its years, never its rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from indicators.tables.layout import Block, Column, Layout, Role, without_years
from indicators.tables.vocabulary import Category

_ANYBODYS = frozenset(
    ("", "лист", "sheet", "table", "таблица", "кесте", "парақ", "report", "отчет", "export")
)
"""Names of sheets and files that say nothing of what is in them."""

Key = tuple[str, int]


def transferable(layout: Layout) -> dict[str, Any]:
    """What `apply_remembered` needs, as plain JSON; kept under the fingerprint of the layout as detected."""
    return {
        "columns": [
            {
                "text": text,
                "number": number,
                "role": column.role.value,
                "dimension": column.dimension,
                "territory": column.territory,
                "indicator": column.indicator,
                "unit": column.unit,
                "breakdown": _pairs(column.breakdown),
            }
            for (text, number), column in _keyed(layout.columns)
        ],
        "blocks": [
            {"text": without_years(b.text), "breakdown": _pairs(b.breakdown), "indicator": b.indicator}
            for b in layout.blocks
            if b.period is None and b.territory is None and not b.is_unknown
        ],
        "texts": sorted(_telling(layout)),
        "indicator": layout.indicator,
        "unit": layout.unit_text,
        "territory": layout.territory,
        "breakdown": _pairs(layout.breakdown),
        "is_ignored": layout.is_ignored,
    }


def apply_remembered(layout: Layout, remembered: Mapping[str, Any]) -> Layout:
    """The layout of a later issue, corrected as the earlier one was.

    Indicator, unit, territory and breakdown are taken over only where the title, or the names of sheet and
    file, are the same: many tables have the same columns.
    """
    by_key: dict[Key, Mapping[str, Any]] = {
        (c["text"], c["number"]): c for c in remembered.get("columns", ())
    }
    by_text: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for (text, _), column in by_key.items():
        by_text[text].append(column)
    known = {key: by_key.get(key) or _agreed(by_text[key[0]]) for key, _ in _keyed(layout.columns)}
    columns = {c.index: _as_before(c, before) for key, c in _keyed(layout.columns) if (before := known[key])}
    labels = {block["text"]: block for block in remembered.get("blocks", ())}
    layout = replace(
        layout.with_columns(tuple(columns.get(column.index, column) for column in layout.columns)),
        blocks=tuple(_as_labelled(block, labels) for block in layout.blocks),
    )
    if set(remembered.get("texts", ())).isdisjoint(_telling(layout)):
        return layout.without_settled_doubts()
    layout = replace(
        layout,
        indicator=remembered.get("indicator") or layout.indicator,
        unit_text=remembered.get("unit") or layout.unit_text,
        territory=remembered.get("territory") or layout.territory,
        breakdown=_categories(remembered.get("breakdown", ())),
        is_ignored=bool(remembered.get("is_ignored", layout.is_ignored)),
    )
    return layout.without_settled_doubts(is_decided="is_ignored" in remembered)


def _keyed(columns: Iterable[Column]) -> Iterator[tuple[Key, Column]]:
    """Each column that states no year, with its heading and its number among those headed alike."""
    counts: Counter[str] = Counter()
    for column in columns:
        if column.period is None:
            text = without_years(column.text)
            yield (text, counts[text]), column
            counts[text] += 1


def _agreed(columns: list[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What holds for one more column of that heading: what held for all earlier ones."""
    roles = {(column["role"], column["dimension"]) for column in columns}
    is_plain = len(roles) == 1 and columns[0]["role"] != Role.VALUE
    return columns[0] if is_plain else None


def _as_before(column: Column, before: Mapping[str, Any]) -> Column:
    role = Role(before["role"])
    if role is not Role.VALUE:
        return Column(column.index, role, column.text, before["dimension"])
    return replace(
        column,
        role=role,
        dimension=None,
        territory=before["territory"],
        indicator=before["indicator"],
        unit=before["unit"],
        breakdown=_categories(before["breakdown"]),
    )


def _as_labelled(block: Block, labels: Mapping[str, Mapping[str, Any]]) -> Block:
    if not block.is_unknown or (before := labels.get(without_years(block.text))) is None:
        return block
    breakdown = _categories(before["breakdown"])
    return replace(block, breakdown=breakdown, indicator=before["indicator"], is_unknown=False)


def _telling(layout: Layout) -> set[str]:
    """The title; where there is none, the names of sheet and file that say something."""
    texts = [layout.title] if layout.title else layout.indicator_texts
    return {without_years(text) for text in texts} - _ANYBODYS


def _pairs(breakdown: Iterable[Category]) -> list[list[str]]:
    return [[category.dimension, category.code] for category in breakdown]


def _categories(pairs: Iterable[Iterable[str]]) -> tuple[Category, ...]:
    return tuple(Category(*pair) for pair in pairs)
