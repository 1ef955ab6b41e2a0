"""Files as they are uploaded: what is read, and what is refused and why."""

import io
import zipfile
from datetime import date
from enum import StrEnum
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from indicators.tables import FileProblem, UnreadableFile, read_workbook
from indicators.tables.cells import Row

RUSSIAN = "Регион;Год;Значение\nАкмолинская;2023;5,7\nг. Астана;2024;6,1\n"
KAZAKH = "Аймақ;Жыл;Мәні\nАқмола облысы;2023;5,7\nҚарағанды қаласы;2024;6,1\n"
ODS_CELL = '<table:table-cell office:value-type="float" office:value="5.7"/>'
ODS_PADDING = '<table:table-cell table:number-columns-repeated="16382"/>'
ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>
<table:table table:name="Лист1"><table:table-row>{cells}</table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def rows_of(path: Path, content: bytes) -> list[Row]:
    path.write_bytes(content)
    (sheet,) = read_workbook(path).sheets
    return sheet.rows


def refusal(path: Path, content: bytes, limit: int = 2**20) -> tuple[StrEnum, dict[str, str | int]]:
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(path, limit=limit)
    return caught.value.code, caught.value.params


def packed(**members: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def workbook(*rows: tuple[object, ...], mac: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866"]
)
def test_it_reads_russian_in_the_usual_encodings(path: Path, encoding: str) -> None:
    rows = rows_of(path, RUSSIAN.encode(encoding))
    assert rows[1:] == [("Акмолинская", "2023", "5,7"), ("г. Астана", "2024", "6,1")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "kz1048", "ptcp154"])
def test_it_reads_kazakh_in_the_encodings_that_have_its_letters(path: Path, encoding: str) -> None:
    assert rows_of(path, KAZAKH.encode(encoding))[1] == ("Ақмола облысы", "2023", "5,7")


@pytest.mark.parametrize("text", ["Год;Мәні\n", "ЖЫЛ;МӘНІ\n", "Өңір;Қала\n"])
def test_a_few_kazakh_words_are_enough(path: Path, text: str) -> None:
    assert rows_of(path, text.encode("kz1048")) == [tuple(text.strip().split(";"))]


def test_capitals_are_no_reason_to_mistake_the_encoding(path: Path) -> None:
    assert rows_of(path, "РЕГИОН;ГОД\nМОСКВА;5".encode("koi8-r"))[0] == ("РЕГИОН", "ГОД")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_it_finds_the_separator(path: Path, separator: str) -> None:
    text = f'Year{separator}"a{separator}b"{separator}Value\n2024{separator}x{separator}5\n'
    assert rows_of(path, text.encode()) == [("Year", f"a{separator}b", "Value"), ("2024", "x", "5")]


def test_a_decimal_comma_is_no_separator(path: Path) -> None:
    assert rows_of(path, b"Year;Value\n2023;5,7\n2024;6,1\n")[1] == ("2023", "5,7")


def test_text_numbers_stay_text(path: Path) -> None:
    assert rows_of(path, b"Year,Value\n2024,5.70\n")[1] == ("2024", "5.70")


def test_json_records_become_rows_and_numbers_keep_their_digits(path: Path) -> None:
    content = '[{"Year": 2024, "Value": 5.70}, {"Year": 2023, "Value": null, "SEX": "F"}]'
    assert rows_of(path, content.encode()) == [
        ("Year", "Value", "SEX"), ("2024", "5.70", None), ("2023", None, "F"),
    ]  # fmt: skip


def test_a_workbook_is_known_by_its_content(path: Path) -> None:
    path.write_bytes(workbook(("Год", "Значение"), (2024, 5.7)))
    read = read_workbook(path, "чужое имя.csv")
    assert (read.name, read.type, read.sheets[0].rows) == (
        "чужое имя.csv", "xlsx", [("Год", "Значение"), (2024.0, 5.7)],
    )  # fmt: skip


def test_dates_are_right_in_both_date_systems(path: Path) -> None:
    for mac in (False, True):
        assert rows_of(path, workbook((date(2016, 12, 31), 1), mac=mac))[0][0] == date(2016, 12, 31)


def test_hidden_sheets_are_told_apart(path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Справочник").sheet_state = "hidden"
    book.worksheets[0]["B3"] = 5
    book.save(path)
    assert [(s.name, s.is_hidden) for s in read_workbook(path).sheets] == [
        ("Sheet", False),
        ("Справочник", True),
    ]


def test_cells_keep_their_place_below_and_beside_empty_ones(path: Path) -> None:
    assert rows_of(path, workbook((), (None, None, 5)))[1][2] == 5.0


def test_errors_and_formulas_never_computed_are_not_blank(path: Path) -> None:
    rows = rows_of(path, workbook(("#N/A", "=1/0", '=IF(A1>1,"",2)', 5), ("#REF!", None, None, "=A1&A2")))
    assert rows == [("#N/A", "=1/0", '=IF(A1>1,"",2)', 5.0), ("#REF!", "", "", "=A1&A2")]


def test_it_reads_open_document_sheets(path: Path) -> None:
    content = packed(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        **{
            "META-INF__manifest.xml": "<manifest/>",
            "content.xml": ODS.format(cells=ODS_CELL * 2 + ODS_PADDING),
        },
    )
    assert rows_of(path, content) == [(5.7, 5.7)]


def test_it_rejects_an_open_document_sheet_that_repeats_without_measure(path: Path) -> None:
    def refused(cells: str) -> StrEnum:
        members = {"META-INF__manifest.xml": "<manifest/>", "content.xml": ODS.format(cells=cells)}
        content = packed(mimetype="application/vnd.oasis.opendocument.spreadsheet", **members)
        return refusal(path, content)[0]

    wide = ODS_CELL.replace("/>", ' table:number-columns-repeated="16384"/>')
    high = f'</table:table-row><table:table-row table:number-rows-repeated="1048576">{ODS_CELL * 20}'
    assert refused(wide) == FileProblem.TOO_MANY_COLUMNS
    assert refused(high) == FileProblem.TOO_MANY_CELLS


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_it_rejects_an_empty_file(path: Path, content: bytes) -> None:
    assert refusal(path, content)[0] == FileProblem.EMPTY_FILE


def test_it_rejects_an_empty_workbook(path: Path) -> None:
    assert refusal(path, workbook())[0] == FileProblem.EMPTY_FILE


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0JFIF", "image"),
        (b"<!DOCTYPE html><table>", "html"),
        (b"\n<html xmlns='x'><body>", "html"),
        (b"<?xml version='1.0'?><Workbook>", "xml"),
        (b"{\\rtf1 text}", "rtf"),
        (b"\x1f\x8b\x08\0", "archive"),
        (packed(**{"a.csv": "Year,Value"}), "archive"),
        (packed(word__document="x"), "word"),
        (bytes(range(256)) * 8, "binary"),
        (b"This is prose.\nNo table here.\n", "text"),
        (b'{"a": 1}', "json"),
        (b'[{"a": [1, 2]}]', "json"),
    ],
)
def test_it_says_what_a_file_really_is(path: Path, content: bytes, found: str) -> None:
    assert refusal(path, content) == (FileProblem.NOT_A_TABLE, {"found": found})


def test_it_rejects_a_file_above_the_limit(path: Path) -> None:
    assert refusal(path, b"Year,Value\n", limit=5) == (FileProblem.TOO_LARGE, {"bytes": 11, "limit": 5})


def test_it_rejects_an_archive_that_unpacks_out_of_proportion(path: Path) -> None:
    code, params = refusal(path, packed(xl__workbook=b"0" * 20_000_000))
    assert (code, params) == (FileProblem.ZIP_BOMB, {"members": 1, "unpacked": 20_000_000})


def test_it_rejects_an_archive_of_too_many_members(path: Path) -> None:
    content = packed(**{f"xl__{number}": b"" for number in range(10_001)})
    assert refusal(path, content)[0] == FileProblem.ZIP_BOMB


def test_it_does_not_believe_an_archive_that_understates_its_size(path: Path) -> None:
    content = bytearray(workbook(("Год", "Значение"), *((2024, number) for number in range(2000))))
    directory = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    while b"sheet1.xml" not in content[directory : directory + 100]:
        directory = content.index(b"PK\x01\x02", directory + 1)
    content[directory + 24 : directory + 28] = (50).to_bytes(4, "little")
    assert refusal(path, bytes(content))[0] == FileProblem.BROKEN_FILE


def test_it_rejects_encrypted_workbooks(path: Path) -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert refusal(path, compound)[0] == FileProblem.ENCRYPTED
    manifest = "<manifest:encryption-data/>"
    assert refusal(path, packed(**{"META-INF__manifest.xml": manifest, "content.xml": "x"}))[0] == "encrypted"


def test_a_lone_cell_far_away_does_not_exhaust_the_memory(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = 1
    sheet.cell(1_048_576, 2).value = 2
    sheet.cell(2, 500).value = 3
    book.save(path)
    code, params = refusal(path, path.read_bytes())
    assert (code, params["cells"]) == (FileProblem.TOO_MANY_CELLS, 1_048_576 * 500)
    assert refusal(path, workbook((*[None] * 2000, 1)))[0] == FileProblem.TOO_MANY_COLUMNS


def test_it_rejects_a_text_of_too_many_columns(path: Path) -> None:
    code, params = refusal(path, b"1,2\n" + b"," * 2000 + b"\n")
    assert (code, params["columns"]) == (FileProblem.TOO_MANY_COLUMNS, 2001)


@pytest.mark.parametrize("cut", [30, 400, -30])
def test_a_damaged_workbook_is_told_apart_from_a_crash(path: Path, cut: int) -> None:
    assert refusal(path, workbook((1, 2))[:cut])[0] == FileProblem.BROKEN_FILE


def test_damaged_sheets_and_records_are_broken_files(path: Path) -> None:
    assert refusal(path, b'[{"Year": 2024, ')[0] == FileProblem.BROKEN_FILE
    assert refusal(path, b"[" * 100_000)[0] == FileProblem.BROKEN_FILE
    assert refusal(path, packed(xl__workbook="x"))[0] == FileProblem.BROKEN_FILE
