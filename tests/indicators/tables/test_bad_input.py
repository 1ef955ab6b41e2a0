"""Workbooks that are hard on their readers: each is read rightly or refused in clear words."""

import io
import zipfile
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from indicators.tables import (
    Extraction,
    FileProblem,
    Sheet,
    UnreadableFile,
    WordList,
    detect_layouts,
    extract,
    read_workbook,
)
from indicators.tables.cells import Row
from tests.indicators.tables.conftest import Read, brief, page, troubles

TABLE = (("Регион", 2023, 2024), ("Акмолинская", 4.8, 4.7), ("Атырауская", 4.9, 4.8))
FIGURES = [
    ("KZAKM", "2023", "", "4.8"),
    ("KZAKM", "2024", "", "4.7"),
    ("KZATY", "2023", "", "4.9"),
    ("KZATY", "2024", "", "4.8"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


def new_book(*rows: tuple[object, ...]) -> tuple[Any, Any]:
    """A workbook and its first sheet with those rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    return book, sheet


def all_of(path: Path, words: WordList, name: str = "") -> list[Extraction]:
    workbook = read_workbook(path, name)
    return [
        extract(s, layout, words)
        for s in workbook.sheets
        for layout in detect_layouts(s, words, workbook.name)
    ]


def refusal(path: Path) -> StrEnum:
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(path)
    return caught.value.code


def repacked(content: bytes, **members: bytes) -> bytes:
    """The archive with members added or replaced; `__` stands for a slash."""
    added = {name.replace("__", "/"): data for name, data in members.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for item in old.infolist():
            if item.filename not in added:
                new.writestr(item, old.read(item))
        for name, data in added.items():
            new.writestr(name, data)
    return packed.getvalue()


def test_ten_thousand_columns_are_refused(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet().write_row(0, 0, range(10_000))
    book.close()
    assert refusal(path) == FileProblem.TOO_MANY_COLUMNS
    path.write_text("Регион;" + ";".join(str(number) for number in range(10_000)), "utf-8")
    assert refusal(path) == FileProblem.TOO_MANY_COLUMNS


def test_as_many_columns_as_are_allowed_are_read(read: Read) -> None:
    months = [f"{year}-{month:02}" for year in range(1940, 2101) for month in range(1, 13)][:1900]
    found = read([("Регион", *months), ("Атырауская", *(5.5,) * 1900)])
    assert len(found.figures) == 1900


def test_merged_cells_gone_wild_keep_their_meaning(path: Path, words: WordList) -> None:
    book, sheet = new_book(
        ("Уровень безработицы по регионам",),
        ("Регион", "Пол", 2023, None, 2024, None),
        (None, None, "I полугодие", "год", "I полугодие", "год"),
        ("Городское население",),
        ("Акмолинская", "Мужчины", 1, 2, 3, 4),
        (None, "Женщины", 5, 6, 7, 8),
        ("Атырауская", "Мужчины", 9, None, 11, 12),
    )
    for cells in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "A4:F4", "A5:A6", "C7:D7"):
        sheet.merge_cells(cells)
    book.save(path)
    (found,) = all_of(path, words)
    assert brief(found)[:4] == [
        ("KZAKM", "2023-S1", "SEX=M&URBANISATION=U", "1"),
        ("KZAKM", "2023", "SEX=M&URBANISATION=U", "2"),
        ("KZAKM", "2024-S1", "SEX=M&URBANISATION=U", "3"),
        ("KZAKM", "2024", "SEX=M&URBANISATION=U", "4"),
    ]
    assert brief(found)[4] == ("KZAKM", "2023-S1", "SEX=F&URBANISATION=U", "5")
    assert brief(found)[9] == ("KZATY", "2023", "SEX=M&URBANISATION=U", None)
    assert found.problems == []


def test_a_header_in_two_languages_is_one_header(read: Read) -> None:
    found = read(page("Өңір | 2023 ж. | 2024 ж.\nРегион | 2023 г. | 2024 г.\nАтырау | 1 | 2"))
    assert brief(found) == [("KZATY", "2023", "", "1"), ("KZATY", "2024", "", "2")]


def test_two_headers_that_contradict_each_other_are_not_chosen_from(read: Read) -> None:
    found = read(page("Регион | 2022 год | 2023 год\n | 2023 год | 2024 год\nАтырау | 1 | 2"))
    assert found.figures == []
    assert troubles(found) == [
        ("unknown_column", "2022 год / 2023 год"),
        ("unknown_column", "2023 год / 2024 год"),
    ]


def test_the_same_year_in_two_columns_is_refused(read: Read) -> None:
    found = read(page("Регион | 2023 год | 2023 год\nАтырау | 1 | 2"))
    assert (found.figures, [code for code, _ in troubles(found)]) == ([], ["duplicate_row"] * 2)


def test_the_same_territory_in_two_rows_is_refused(read: Read) -> None:
    found = read(page("Регион | 2024\nг. Алматы | 1\nАтырау | 2\nАлматы қаласы | 3"))
    assert brief(found) == [("KZATY", "2024", "", "2")]
    assert [(p.code, p.row, p.params["rows"]) for p in found.problems] == [
        ("duplicate_row", 1, [1, 3]),
        ("duplicate_row", 3, [1, 3]),
    ]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_and_that_is_said(path: Path, words: WordList, state: str) -> None:
    book, _ = new_book(*TABLE)
    hidden = book.create_sheet("Прежние данные")
    for row in TABLE:
        hidden.append(row)
    hidden.sheet_state = state
    book.save(path)
    shown, unread = all_of(path, words)
    assert brief(shown) == FIGURES
    assert (unread.figures, unread.cells, troubles(unread)) == ([], 0, [("hidden_sheet", "Прежние данные")])


@pytest.mark.parametrize("is_1904", [False, True])
def test_periods_that_are_dates_are_right_in_both_date_systems(
    path: Path, words: WordList, is_1904: bool
) -> None:
    book, _ = new_book(("Регион", date(2023, 12, 31), datetime(2024, 12, 31)), ("Атырау", 1, 2))  # noqa: DTZ001
    long = book.create_sheet()
    for row in (("Дата", "Регион", "Значение"), (date(2016, 12, 31), "Атырау", 5)):
        long.append(row)
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    book.save(path)
    if is_1904:
        assert b'date1904="1"' in zipfile.ZipFile(path).read("xl/workbook.xml")
    across, down = all_of(path, words)
    assert brief(across) == [("KZATY", "2023", "", "1"), ("KZATY", "2024", "", "2")]
    assert brief(down) == [("KZATY", "2016", "", "5")]


@pytest.mark.parametrize("name", ["таблица.xlsm", "таблица.xlsx"])
def test_a_workbook_with_macros_is_read_as_a_table(path: Path, words: WordList, name: str) -> None:
    book, _ = new_book(*TABLE)
    book.save(path)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = zipfile.ZipFile(path).read("[Content_Types].xml")
    path.write_bytes(
        repacked(
            path.read_bytes(),
            **{
                "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0Sub Auto_Open(): Shell(): End Sub",
                "[Content_Types].xml": types.replace(
                    kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                ),
            },
        )
    )
    (found,) = all_of(path, words, name)
    assert brief(found) == FIGURES


def test_a_binary_workbook_is_named_as_what_it_is(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"\x83\x01")
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(path)
    assert (caught.value.code, caught.value.params) == (FileProblem.NOT_A_TABLE, {"found": "xlsb"})


def test_formulas_are_read_by_their_results_and_never_computed(path: Path, words: WordList) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("Регион", 2022, 2023, 2024))
    sheet.write(1, 0, "Акмолинская")
    sheet.write_formula(1, 1, "=2+2", value=4)
    sheet.write_formula(1, 2, "=B2*2", value="")
    sheet.write_formula(1, 3, "=1/0", value="#DIV/0!")
    book.close()
    (found,) = all_of(path, words)
    assert brief(found)[0] == ("KZAKM", "2022", "", "4")
    assert len(found.figures) + sum(problem.lost for problem in found.problems) == 3
    assert ("not_a_number", "#DIV/0!") in troubles(found)

    book, _ = new_book(("Регион", 2024), ("Акмолинская", "=2+2"))
    book.save(path)
    (found,) = all_of(path, words)
    assert (found.figures, troubles(found)) == ([], [("not_a_number", "=2+2")])


def test_per_cent_is_read_as_it_is_shown(path: Path, words: WordList) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ("Регион", 2022, 2023, 2024))
    sheet.write(1, 0, "Акмолинская")
    for column, (value, form) in enumerate([(0.048, "0.0%"), (1, "0%"), (4.8, '0.0"%"')], 1):
        sheet.write(1, column, value, book.add_format({"num_format": form}))
    book.close()
    (found,) = all_of(path, words)
    assert [value for *_, value in brief(found)] == ["4.8", "100", "4.8"]


def test_sheets_of_charts_are_passed_over(path: Path, words: WordList) -> None:
    book, _ = new_book(*TABLE)
    book.create_chartsheet("Диаграмма").add_chart(BarChart())
    book.save(path)
    (found,) = all_of(path, words)
    assert brief(found) == FIGURES


def test_a_workbook_of_charts_alone_is_empty(path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.create_chartsheet("Диаграмма").add_chart(BarChart())
    book.save(path)
    assert refusal(path) == FileProblem.EMPTY_FILE


def test_long_prose_ends_in_reasonable_time(words: WordList) -> None:
    rows: list[Row] = [tuple(f"слово {row} {column}" for column in range(20)) for row in range(10_000)]
    assert detect_layouts(Sheet("", rows), words) == []


def test_rows_that_all_look_like_headers_end_in_reasonable_time(words: WordList) -> None:
    sheet = Sheet("", [("", "Мужчины", "Женщины", "Всего", "2024 год")] * 2_000)
    assert not any(extract(sheet, layout, words).figures for layout in detect_layouts(sheet, words))
