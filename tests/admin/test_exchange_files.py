"""CSV, XLSX and JSON files keep what is written into them."""

import io
import json
import re
import zipfile

import pytest
from tablib import Dataset

from common.formats import CSV, JSON, XLSX, UnreadableFileError, guarded, unguarded

HARD = [
    "=1+1", "+7 701", "-5.20", "@x", "'=x", "'quoted'", "a\r\nb", "0012", "1234567890.123456789012345", "",
]  # fmt: skip


@pytest.mark.parametrize("form", [CSV, XLSX, JSON])
def test_every_text_comes_back_as_it_went(form: type[CSV] | type[XLSX] | type[JSON]) -> None:
    table = Dataset(*([text, "end"] for text in HARD), headers=["t", "e"])

    content = form().export_data(table)
    read = form().create_dataset(content if isinstance(content, bytes) else content.encode())

    expected = [text.replace("\r\n", "\n") if form is XLSX else text for text in HARD]
    assert read["t"] == expected


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1+1", "@SUM(A1)", "-1+1", "\t=1", "\r=1", "\n=1"])
def test_formulas_are_text_for_a_spreadsheet(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


def test_a_workbook_holds_no_formula_and_holds_numbers_as_numbers() -> None:
    content = XLSX().export_data(Dataset(["=1+1", "2024", "0.5", "0012"], headers=list("abcd")))

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert "<f" not in sheet
    assert re.findall(r'r="(.)2"[^>]* t="n"', sheet) == ["B", "C"]


def test_a_file_may_have_semicolons_and_empty_rows_at_its_end() -> None:
    read = CSV().create_dataset("code;name\n1;a,b\n;\n;\n".encode("utf-8-sig"))

    assert read.headers == ["code", "name"]
    assert read["name"] == ["a,b"]


def test_a_file_in_another_encoding_is_refused_with_the_cure() -> None:
    with pytest.raises(UnreadableFileError, match="UTF-8"):
        CSV().create_dataset("код\n1".encode("cp1251"))


def test_objects_of_json_may_order_their_keys_as_they_like() -> None:
    rows = [{"code": "a", "value": 0.10}, {"value": None, "code": "b"}, {"code": "c"}]

    read = JSON().create_dataset(json.dumps(rows).encode())

    assert list(read) == [("a", "0.1"), ("b", ""), ("c", "")]


def test_json_that_is_no_list_of_objects_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        JSON().create_dataset(b'{"code": "a"}')
