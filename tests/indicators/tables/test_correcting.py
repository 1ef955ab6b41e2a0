"""A person corrects how a table is read; the next issue of the table is then read so."""

import json
from typing import Any

import pytest

from indicators.tables import Extraction, Layout, Role, Sheet, WordList, detect_layouts, extract
from indicators.tables.correcting import (
    CorrectionError,
    apply_remembered,
    blank_layout,
    corrected,
    preview,
    transferable,
)
from tests.indicators.tables.conftest import brief, page, troubles


def sheet_of(drawing: str, name: str = "") -> Sheet:
    return Sheet(name, [tuple(row) for row in page(drawing)])


def layout_of(sheet: Sheet, words: WordList, file_name: str = "") -> Layout:
    return detect_layouts(sheet, words, file_name)[0]


def read_as(sheet: Sheet, words: WordList, changes: dict[str, Any]) -> Extraction:
    """The figures after changes that have come as JSON."""
    layout = corrected(layout_of(sheet, words), json.loads(json.dumps(changes)), sheet, words)
    return extract(sheet, Layout.from_dict(json.loads(json.dumps(layout.to_dict()))), words)


def test_a_column_gets_another_role(words: WordList) -> None:
    sheet = sheet_of("Год | Кто | Значение\n2024 | Мужчины | 5\n2024 | прочие | 6")
    found = read_as(sheet, words, {"columns": {"1": {"role": "comment"}}, "last_row": 1})
    assert brief(found) == [("KZ", "2024", "", "5")]


def test_a_column_becomes_a_dimension(words: WordList) -> None:
    sheet = sheet_of(
        "Год | Регион | Кого считали | Значение\n2024 | Атырау | ж | 5\n2024 | Атырау | Women | 6"
    )
    assert "UNKNOWN_COLUMN" in [doubt.name for doubt in layout_of(sheet, words).doubts]
    found = read_as(sheet, words, {"columns": {"2": {"role": "dimension", "dimension": "SEX"}}})
    assert brief(found) == [("KZATY", "2024", "SEX=F", "6")]
    assert troubles(found) == [("unknown_category", "ж")]
    assert found.layout.doubts == ()


def test_a_column_that_was_not_understood_becomes_a_value(words: WordList) -> None:
    sheet = sheet_of("Регион | 2023 | 2024 (уточн.)\nАкмолинская | 1 | 2")
    found = read_as(sheet, words, {"columns": {"2": {"role": "value", "period": "2024"}}})
    assert brief(found) == [("KZAKM", "2023", "", "1"), ("KZAKM", "2024", "", "2")]


def test_a_role_that_only_one_column_has_moves(words: WordList) -> None:
    sheet = sheet_of("Регион | Адрес | 2024\nАкмолинская | Атырау | 1")
    found = read_as(sheet, words, {"columns": {"1": {"role": "territory"}}})
    assert [column.role for column in found.layout.columns] == [Role.IGNORED, Role.TERRITORY, Role.VALUE]
    assert brief(found) == [("KZATY", "2024", "", "1")]


def test_the_oblast_beside_its_districts_may_be_what_the_rows_are_about(words: WordList) -> None:
    sheet = sheet_of("Год | Область | Район | Значение\n2024 | Атырау | Карасайский | 1\n2024 | Ақмола | | 2")
    assert [place for place, *_ in brief(read_as(sheet, words, {}))] == ["karasai", "KZAKM"]
    found = read_as(sheet, words, {"columns": {"1": {"role": "territory"}}})
    assert [place for place, *_ in brief(found)] == ["KZATY", "KZAKM"]
    assert found.layout.outer_territory is None


def test_what_no_cell_says_is_stated_for_the_whole_table(words: WordList) -> None:
    sheet = sheet_of("Показатель | Всего | Женщины, человек\nУровень безработицы | 10 | 4")
    changes = {
        "period": "2024-Q1",
        "territory": "KZAKM",
        "unit": "%",
        "breakdown": [["URBANISATION", "U"]],
        "columns": {"2": {"role": "value", "breakdown": [["SEX", "F"]]}},
    }
    found = read_as(sheet, words, changes)
    assert brief(found) == [
        ("KZAKM", "2024-Q1", "URBANISATION=U", "10"),
        ("KZAKM", "2024-Q1", "SEX=F&URBANISATION=U", "4"),
    ]
    assert {(figure.indicator, figure.unit) for figure in found.figures} == {("unemployment", "%")}
    assert found.layout.doubts == ()


def test_an_indicator_is_stated_where_the_title_names_none(words: WordList) -> None:
    sheet = sheet_of("Занятость\nРегион | 2024\nАтырау | 5")
    found = read_as(sheet, words, {"indicator": "unemployment"})
    assert [figure.indicator for figure in found.figures] == ["unemployment"]


def test_other_rows_are_the_header_and_the_headings_are_read_anew(words: WordList) -> None:
    sheet = sheet_of(
        "Регион | 2020 | 2021\nпрежний ряд | 1 | 2\nРегион | 2023 | 2024\nАтырау | 5 | 6\nАбай | 7 | 8"
    )
    found = read_as(sheet, words, {"header_rows": [2], "last_row": 3})
    assert brief(found) == [("KZATY", "2023", "", "5"), ("KZATY", "2024", "", "6")]


def test_a_block_that_was_not_understood_is_explained_or_ignored(words: WordList) -> None:
    sheet = sheet_of("| 2024\nАкмолинская | 1\nДевушки | \nАкмолинская | 3\nПродолжаем | \nАтырауская | 4")
    changes = {"blocks": {"2": {"breakdown": [["SEX", "F"]]}, "4": {"role": "ignored"}}}
    found = read_as(sheet, words, changes)
    assert brief(found) == [
        ("KZAKM", "2024", "", "1"),
        ("KZAKM", "2024", "SEX=F", "3"),
        ("KZATY", "2024", "SEX=F", "4"),
    ]
    assert found.layout.doubts == ()


def test_an_ignored_table_gives_nothing_and_loses_nothing(words: WordList) -> None:
    found = read_as(sheet_of("| 2024\nАкмолинская | 1"), words, {"is_ignored": True})
    assert (found.figures, found.problems, found.cells) == ([], [], 0)


def test_a_hidden_sheet_is_read_once_somebody_says_so(words: WordList) -> None:
    sheet = Sheet("Данные", [("", "2024"), ("Акмолинская", "1")], is_hidden=True)
    unread = extract(sheet, layout_of(sheet, words), words)
    assert (unread.figures, troubles(unread)) == ([], [("hidden_sheet", "Данные")])
    found = read_as(sheet, words, {"is_ignored": False})
    assert (brief(found), found.problems) == ([("KZAKM", "2024", "", "1")], [])


def test_a_table_that_was_not_recognised_is_described_from_nothing(words: WordList) -> None:
    sheet = sheet_of("где | сколько\nАтырау | 5\nАбай облысы | 6")
    assert detect_layouts(sheet, words) == []
    changes = {"period": "2024", "columns": {"0": {"role": "territory"}, "1": {"role": "value"}}}
    found = extract(sheet, corrected(blank_layout(sheet), changes), words)
    assert brief(found) == [("KZATY", "2024", "", "5"), ("KZABY", "2024", "", "6")]
    assert extract(sheet, blank_layout(sheet), words).figures == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": {"1": {"role": "hero"}}}, "bad_role"),
        ({"columns": {"1": {"role": "dimension"}}}, "bad_dimension"),
        ({"columns": {"1": {"role": "value", "period": "soon"}}}, "bad_period"),
        ({"columns": {"one": {"role": "value"}}}, "bad_column"),
        ({"columns": {"99999": {"role": "value"}}}, "bad_column"),
        ({"period": "soon"}, "bad_period"),
        ({"header_rows": [-1]}, "bad_row"),
        ({"first_row": 0}, "bad_row"),
        ({"last_row": 0}, "bad_row"),
        ({"last_row": "end"}, "bad_row"),
    ],
)
def test_a_correction_without_meaning_is_refused(words: WordList, changes: dict[str, Any], code: str) -> None:
    layout = layout_of(sheet_of("| 2024\nАкмолинская | 1"), words)
    with pytest.raises(CorrectionError) as caught:
        corrected(layout, changes)
    assert caught.value.code == code


THIS_YEAR = """
Занятость по регионам за 2022-2023 годы
Регион | Кого | 2022 | 2023 | прим.
Акмолинская | Women | 1 | 2 | а
"""
NEXT_YEAR = """
Занятость по регионам за 2022-2024 годы
Регион | Кого | 2022 | 2023 | 2024 | прим.
Акмолинская | Women | 1 | 2 | 3 | а
Атырауская | ж | 4 | 5 | 6 | б
"""
CORRECTION = {
    "indicator": "unemployment",
    "unit": "%",
    "breakdown": [["URBANISATION", "U"]],
    "columns": {"1": {"role": "dimension", "dimension": "SEX"}, "4": {"role": "comment"}},
}


def test_the_next_issue_is_read_as_the_last_one_was_corrected(words: WordList) -> None:
    first, following = sheet_of(THIS_YEAR, "2023"), sheet_of(NEXT_YEAR, "2024")
    detected, later = layout_of(first, words), layout_of(following, words)
    assert detected.fingerprint == later.fingerprint
    remembered = json.loads(json.dumps(transferable(corrected(detected, CORRECTION))))
    applied = apply_remembered(later, remembered)
    assert [column.role.value for column in applied.columns] == [
        "territory", "dimension", "value", "value", "value", "comment",
    ]  # fmt: skip
    found = extract(following, applied, words)
    assert brief(found)[-1] == ("KZAKM", "2024", "SEX=F&URBANISATION=U", "3")
    assert {(figure.indicator, figure.unit) for figure in found.figures} == {("unemployment", "%")}
    assert troubles(found) == [("unknown_category", "ж")]


def test_another_table_of_the_same_columns_keeps_its_own_indicator(words: WordList) -> None:
    table = "Регион | 2023\nАкмолинская | 1"
    one = layout_of(sheet_of(table, "Лист1"), words, "занятость_2023.xlsx")
    other = layout_of(sheet_of(table, "Лист1"), words, "доходы_2023.xlsx")
    following = layout_of(
        sheet_of("Регион | 2023 | 2024\nАтырау | 1 | 2", "Лист1"), words, "занятость_2024.xlsx"
    )
    assert one.fingerprint == other.fingerprint == following.fingerprint
    remembered = transferable(corrected(one, {"indicator": "unemployment"}))
    assert apply_remembered(other, remembered).indicator is None
    assert apply_remembered(following, remembered).indicator == "unemployment"


def test_an_explained_label_and_a_table_to_ignore_are_remembered(words: WordList) -> None:
    sheet = sheet_of("Занятость\n| 2023\nАкмолинская | 1\nДевушки | \nАкмолинская | 3")
    later = sheet_of("Занятость\n| 2023 | 2024\nАтырауская | 1 | 2\nДевушки | |\nАтырауская | 3 | 4")
    changes = {"blocks": {"3": {"breakdown": [["SEX", "F"]]}}}
    remembered = transferable(corrected(layout_of(sheet, words), changes))
    found = extract(later, apply_remembered(layout_of(later, words), remembered), words)
    assert brief(found)[-1] == ("KZATY", "2024", "SEX=F", "4")
    ignored = transferable(corrected(layout_of(sheet, words), {"is_ignored": True}))
    assert apply_remembered(layout_of(later, words), ignored).is_ignored


def test_what_was_remembered_of_an_earlier_version_is_harmless(words: WordList) -> None:
    layout = layout_of(sheet_of(THIS_YEAR), words)
    assert apply_remembered(layout, {}) == layout


def test_a_preview_shows_each_cell_with_its_role(words: WordList) -> None:
    sheet = sheet_of("Занятость\nРегион | 2023 | 2024\nМужчины | |\nТуркестанская* | 1 | 2\n* Данные")
    rows = preview(sheet, layout_of(sheet, words))
    assert [(row.number, [role for _, role in row]) for row in rows] == [
        (0, ["title", "", ""]),
        (1, ["header"] * 3),
        (2, ["block"] * 3),
        (3, ["territory", "value", "value"]),
        (4, ["note"] * 3),
    ]
    assert [text for text, _ in rows[3]] == ["Туркестанская*", "1", "2"]


def test_a_preview_of_a_large_table_keeps_header_and_labels(words: WordList) -> None:
    lines = ["Занятость", "Регион | " + " | ".join(str(year) for year in range(1960, 2024))]
    for label in ("Мужчины", "Женщины"):
        lines += [label, *("Акмолинская | 1 | 2" for _ in range(500))]
    sheet = sheet_of("\n".join(lines))
    rows = preview(sheet, layout_of(sheet, words), rows=12, columns=5)
    assert len(rows) == 12
    assert {len(row) for row in rows} == {5}
    assert [row.number for row in rows][:4] == [0, 1, 2, 3]
    assert {503, 504} <= {row.number for row in rows}
