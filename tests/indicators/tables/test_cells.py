"""What one cell says."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.tables.cells import Cell, Missing, NotANumber, cell_text, decimal_mark, parse_number


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (5.7, "5.7"),
        (2003.0, "2003"),
        (0, "0"),
        ("5.70", "5.70"),
        ("0,0", "0.0"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("12\u202f345", "12345"),
        ("1'234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1,234", "1.234"),
        ("1.234", "1.234"),
        (",5", "0.5"),
        ("12,5*", "12.5"),
        ("12,5¹", "12.5"),
        ("12,5 1)", "12.5"),
        ("5,7 %", "5.7"),
        ("-5", "-5"),
        ("−5,5", "-5.5"),
        ("– 5", "-5"),
        ("+3", "3"),
        ("1,2E+05", "1.2E+5"),
    ],
)
def test_it_reads_numbers_exactly(cell: Cell, expected: str) -> None:
    assert str(parse_number(cell)) == expected


@pytest.mark.parametrize(
    "cell",
    ["", None, "-", "–", "—", "…", "...", "н/д", "n/a", "NaN", "м/ж", " - ", "нет данных", float("nan")],
)
def test_it_never_turns_a_mark_for_missing_into_zero(cell: Cell) -> None:
    assert parse_number(cell) == Missing("O")


@pytest.mark.parametrize("cell", ["x", "х", "X", "Х"])
def test_a_cross_in_either_script_is_a_suppressed_figure(cell: str) -> None:
    assert parse_number(cell) == Missing("Q")


@pytest.mark.parametrize(
    "cell",
    ["12,51)", "(5)", "12 34", "1,23,456", "5.", "около 5", "inf", "Infinity", "1e999", "#N/A", "#ССЫЛКА!",
     "=A1", "5-6", "٥", True, date(2024, 5, 7), float("inf"), "9" * 200],
)  # fmt: skip
def test_it_refuses_what_is_ambiguous_or_no_number(cell: Cell) -> None:
    assert isinstance(parse_number(cell), NotANumber)


def test_the_column_says_what_a_lone_comma_is() -> None:
    assert parse_number("1,234", decimal=".") == 1234
    assert parse_number("0,234", decimal=".") == Decimal("0.234")
    assert parse_number("12,5", decimal=".") == Decimal("12.5")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,234", "5.7"], "."),
        (["1,234.5"], "."),
        (["1,234", "5.7", "5,7"], ","),
        (["1,234"], ","),
        (["12", "31.12.2024"], ","),
        ([], ","),
    ],
)
def test_the_decimal_mark_follows_from_numbers_with_one_reading(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


@given(st.text() | st.floats() | st.integers() | st.none() | st.booleans() | st.dates() | st.timedeltas())
def test_it_never_raises_and_no_figure_is_infinite(cell: Cell) -> None:
    for decimal in (",", "."):
        found = parse_number(cell, decimal)
        assert isinstance(found, Missing | NotANumber) or found.is_finite()


@given(st.from_regex(r"[-−]?[0-9 '.,\u00a0]{0,12}[eE%*)x]?[0-9]{0,4}", fullmatch=True))
def test_texts_that_resemble_numbers_never_raise(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, Missing | NotANumber) or found.is_finite()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_digits_survive_both_decimal_marks(number: Decimal) -> None:
    assert parse_number(str(number)) == number
    assert parse_number(f"{number:,}".replace(",", " ").replace(".", ",")) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_binary_number_keeps_its_value(number: float) -> None:
    found = parse_number(number)
    assert isinstance(found, Decimal)
    assert float(found) == number


def test_a_cell_is_shown_as_a_person_would_read_it() -> None:
    assert [cell_text(cell) for cell in (2003.0, 5.7, None, " а ", date(2024, 1, 31))] == [
        "2003", "5.7", "", "а", "2024-01-31",
    ]  # fmt: skip
