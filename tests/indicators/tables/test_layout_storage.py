"""A layout that is kept, corrected and used again."""

import json
from dataclasses import replace

import pytest

from indicators.tables import (
    Layout,
    Region,
    Role,
    Sheet,
    WordList,
    cell_name,
    detect_layouts,
    extract,
)
from tests.indicators.tables.conftest import Read, brief, page

TABLE = """
Уровень безработицы
| 2023 | | 2024 | | примечание
Регион | I квартал | год | I полугодие | январь-сентябрь |
Мужчины | | | | |
Туркестанская* | 1 | 2 | 3 | 4 |
*Данные предварительные.
"""


def test_a_layout_survives_json(read: Read, words: WordList) -> None:
    found = read(page(TABLE))
    restored = Layout.from_dict(json.loads(json.dumps(found.layout.to_dict())))
    assert restored == found.layout
    sheet = Sheet("", [tuple(row) for row in page(TABLE)])
    assert extract(sheet, restored, words) == found


def test_a_corrected_layout_is_obeyed(words: WordList) -> None:
    sheet = Sheet(
        "", [tuple(row) for row in page("Год | Кто | Значение\n2024 | Мужчины | 5\n2024 | прочие | 6")]
    )
    (layout,) = detect_layouts(sheet, words)
    period, who, value = layout.columns
    assert who.dimension == "SEX"
    layout = replace(layout, columns=(period, replace(who, role=Role.COMMENT), value), last_row=1)
    assert brief(extract(sheet, Layout.from_dict(layout.to_dict()), words)) == [("KZ", "2024", "", "5")]


def test_the_next_years_file_has_the_same_fingerprint(read: Read) -> None:
    this = read(page("Регион | 2022 | 2023\nАкмолинская | 1 | 2"))
    following = read(page("Регион | 2022 | 2023 | 2024\nАкмолинская | 1 | 2 | 3\nАтырауская | 4 | 5 | 6"))
    other = read(page("Регион | Пол | 2023\nАкмолинская | Мужчины | 1"))
    assert this.layout.fingerprint == following.layout.fingerprint != other.layout.fingerprint


def test_regions_cover_header_columns_blocks_and_notes(read: Read) -> None:
    rows = page("Регион | 2023 | 2024\nМужчины | |\nТуркестанская* | 1 | 2\n* Данные предварительные.")
    regions = read(rows).layout.regions(len(rows))
    assert regions == [
        Region("header", 0, 0, 0, 2),
        Region(Role.TERRITORY, 1, 0, 3, 0),
        Region(Role.VALUE, 1, 1, 3, 1),
        Region(Role.VALUE, 1, 2, 3, 2),
        Region("block", 1, 0, 1, 2),
        Region("note", 3, 0, 3, 2),
    ]


def test_data_that_no_layout_wrote_is_refused() -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Layout.from_dict({"kind": "tidy"})


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [cell_name(0, 0), cell_name(5, 27), cell_name(9, 701), cell_name(0, 702)] == [
        "A1", "AB6", "ZZ10", "AAA1",
    ]  # fmt: skip
