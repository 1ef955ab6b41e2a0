"""The grid's scripts read figures and pasted blocks as the server and spreadsheets do."""

import json
from decimal import Decimal

import pytest

from indicators.tables.cells import Missing, NotANumber, parse_number
from tests.browser.sheets import Reader

FIGURES = [
    "", "0", "-0", "12,5", "12.50", ".5", ",5", "1 234,5", "1\u00a0234\u202f567", "1 2", "1,234", "1,234,567",
    "1.234.567,8", "1'234.5", "−7", "+3", "- 4", "5 %", "1.5E-5", "2e3", "007", "-", "—", "…", "x", "Х",
    "н/д", "н.д.", "no data", "много", "12a", "1e999", "..", "1..2",
]  # fmt: skip


def test_the_browser_reads_figures_as_the_server_does(reader: Reader) -> None:
    page = reader("en")
    read = page.evaluate(
        "texts => import('/static/js/sheet/numbers.js').then(m => texts.map(text => m.readFigure(text)))",
        FIGURES,
    )
    for text, found in zip(FIGURES, read, strict=True):
        expected = parse_number(text) if text else None
        match expected:
            case None:
                assert found == {"kind": "empty"}
            case Decimal():
                assert found["kind"] == "number", text
                assert Decimal(found["value"]) == expected, text
            case Missing(status):
                assert found == {"kind": "missing", "status": status}, text
            case NotANumber():
                assert found == {"kind": "bad"}, text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ('"два\nряда"\t"он ""так"" сказал"\r\n5', [["два\nряда", 'он "так" сказал'], ["5"]]),
        ("1\n\n2\n", [["1"], [""], ["2"]]),
        ("a\t", [["a", ""]]),
        ('5" трубы', [['5" трубы']]),
    ],
)
def test_blocks_are_read_as_spreadsheets_write_them(reader: Reader, text: str, rows: list[list[str]]) -> None:
    page = reader("en")
    module = "import('/static/js/sheet/clipboard.js')"
    read = page.evaluate(f"text => {module}.then(m => m.parseBlock(text))", text)
    assert read == rows
    written = page.evaluate(f"rows => {module}.then(m => m.writeBlock(rows))", rows)
    again = page.evaluate(f"text => {module}.then(m => m.parseBlock(text))", written)
    assert again == rows, json.dumps(written)
