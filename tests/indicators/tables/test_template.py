"""Filled templates read back, whatever was done to them."""

import datetime as dt
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from indicators.tables.template import (
    HIDDEN_SHEET,
    LABEL,
    MARKER,
    DamagedTemplate,
    Part,
    Passport,
    Template,
    TemplateCell,
    column_code,
    read_template,
)
from indicators.tables.template_cells import Content
from tests.indicators.filled_templates import FilledTemplate

WATER, YOUTH = "water", "neet AGE=Y15T28&SEX=F"
PLACES = ("almaty", "astana")
FIGURE, STATUS, COMMENT = (column_code(part, "almaty") for part in Part)
STATUSES = {"provisional": "P", "not collected": "L", "suppressed": "Q"}
FILLED = {
    (WATER, "almaty"): Content(Decimal("99.4"), "P", "in May"),
    (YOUTH, "almaty"): Content(None, "L"),
}
Make = Callable[..., FilledTemplate]
Read = Callable[[FilledTemplate], dict[tuple[str, str], TemplateCell]]


def made(filled: dict[tuple[str, str], Content]) -> FilledTemplate:
    """A template of two lines and two territories on one sheet."""
    passport = Passport("form", "2024", (WATER, YOUTH), PLACES, STATUSES, filled)
    labels = {code: label for label, code in STATUSES.items()}
    book = Workbook()
    sheet = book.active
    sheet.title = "Report"
    columns = [column_code(part, place) for place in PLACES for part in Part]
    sheet.append([MARKER, LABEL, *columns])
    sheet.append([LABEL, "Indicator", *columns])
    for line in passport.lines:
        row: list[object] = [line, f"name of {line}"]
        for place in PLACES:
            said = filled.get((line, place), Content(None, ""))
            mark = {"Q": "x", "L": "…"}.get(said.status)
            row += [said.value or mark, labels.get(said.status), said.comment]
        sheet.append(row)
    hidden = book.create_sheet(HIDDEN_SHEET)
    for texts in passport.rows():
        hidden.append(texts)
    stream = BytesIO()
    book.save(stream)
    return FilledTemplate(stream.getvalue())


@pytest.fixture
def blank() -> FilledTemplate:
    return made({})


@pytest.fixture
def filled() -> FilledTemplate:
    return made(FILLED)


@pytest.fixture
def sent_back(tmp_path: Path) -> Callable[[FilledTemplate], Template]:
    def send(template: FilledTemplate) -> Template:
        found = read_template(template.save(tmp_path / "filled.xlsx"))
        assert found
        return found

    return send


@pytest.fixture
def read(sent_back: Callable[[FilledTemplate], Template]) -> Read:
    """The cells by line and territory; those that belong to nothing by their place."""

    def cells(template: FilledTemplate) -> dict[tuple[str, str], TemplateCell]:
        return {
            (
                f"{cell.indicator} {cell.breakdown}".strip() or f"{cell.spot.row},{cell.spot.column}",
                cell.territory,
            ): cell
            for cell in sent_back(template).cells
        }

    return cells


def damage(template: FilledTemplate, tmp_path: Path) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(DamagedTemplate) as refused:
        read_template(template.save(tmp_path / "damaged.xlsx"))
    return str(refused.value.code), refused.value.params


def test_an_ordinary_table_is_no_template(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Year,REF_AREA,Value\n2024,KZALA,5.4\n")
    assert read_template(path) is None


def test_it_says_its_form_and_period_and_every_cell(
    blank: FilledTemplate, sent_back: Callable[[FilledTemplate], Template]
) -> None:
    template = sent_back(blank)
    assert (template.form, template.period, template.deleted) == ("form", "2024", [])
    places = {(cell.indicator, cell.breakdown, cell.territory) for cell in template.cells}
    assert len(places) == len(template.cells) == 4
    assert ("neet", "AGE=Y15T28&SEX=F", "astana") in places
    assert not any(cell.is_figure_touched or cell.is_comment_touched for cell in template.cells)


@pytest.mark.parametrize(
    ("typed", "chosen", "value", "status"),
    [
        (5.7, None, "5.7", "A"), (0, None, "0", "A"), ("1 234,5", None, "1234.5", "A"),
        (5.7, "provisional", "5.7", "P"), (5.7, "E", "5.7", "E"),
        ("x", None, None, "Q"), ("Х", None, None, "Q"), ("…", None, None, "O"), ("-", None, None, "O"),
        ("…", "not collected", None, "L"), (None, "not collected", None, "L"),
    ],
)  # fmt: skip
def test_a_figure_or_the_reason_why_there_is_none(
    blank: FilledTemplate,
    read: Read,
    typed: object,
    chosen: str | None,
    value: str | None,
    status: str | None,
) -> None:
    blank.type(WATER, FIGURE, typed)
    blank.type(WATER, STATUS, chosen)
    cell = read(blank)[WATER, "almaty"]
    assert cell.problem is None
    assert (cell.content.value, cell.content.status) == (value and Decimal(value), status)
    assert cell.is_figure_touched


@pytest.mark.parametrize(
    ("typed", "chosen", "problem", "text"),
    [
        ("many", None, "not_a_number", "many"),
        ("=SUM(C4:C5)", None, "formula_not_computed", "=SUM(C4:C5)"),
        (dt.date(2026, 5, 1), None, "date_for_a_number", "2026-05-01"),
        (5, "not collected", "figure_and_reason", "5"),
        (None, "provisional", "status_of_nothing", ""),
        ("x", "provisional", "status_of_nothing", "x"),
        (5, "certainly", "unknown_status", "certainly"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(
    blank: FilledTemplate, read: Read, typed: object, chosen: str | None, problem: str, text: str
) -> None:
    place = blank.type(WATER, FIGURE, typed)
    blank.type(WATER, STATUS, chosen)
    cell = read(blank)[WATER, "almaty"]
    assert cell.problem == (problem, {"text": text})
    assert (cell.spot.sheet, cell.spot.row, cell.spot.column) == ("Report", place.row - 1, place.column - 1)


@pytest.mark.parametrize(
    ("shown_as", "value"), [("0.0%", "5.4"), ("0.00 %", "5.4"), ('0.0" %"', "0.054"), ("0.0", "0.054")]
)
def test_a_percentage_is_read_as_it_is_shown(
    blank: FilledTemplate, read: Read, shown_as: str, value: str
) -> None:
    blank.type(WATER, FIGURE, 0.054).number_format = shown_as
    assert read(blank)[WATER, "almaty"].content.value == Decimal(value)


def test_a_computed_formula_is_read_as_its_result(blank: FilledTemplate, tmp_path: Path) -> None:
    path = blank.save(tmp_path / "formula.xlsx")
    place = blank.cell(WATER, FIGURE).coordinate
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    computed = f'<c r="{place}"><f>90+9.5</f><v>99.5</v></c>'
    assert f'r="{place}"' not in sheet
    start = sheet.index('<row r="3"')
    first = sheet.index("</c>", sheet.index('r="B3"', start)) + len("</c>")
    members["xl/worksheets/sheet1.xml"] = (sheet[:first] + computed + sheet[first:]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    template = read_template(path)
    assert template
    [cell] = [cell for cell in template.cells if cell.is_figure_touched]
    assert cell.content == Content(Decimal("99.5"), "A")


def test_a_comment_that_looks_like_a_formula_is_a_text(blank: FilledTemplate, read: Read) -> None:
    blank.type(WATER, COMMENT, '=HYPERLINK("http://example.org","here")').data_type = "s"
    cell = read(blank)[WATER, "almaty"]
    assert cell.content.comment == '=HYPERLINK("http://example.org","here")'
    assert (cell.is_comment_touched, cell.is_figure_touched) == (True, False)


def test_what_was_filled_in_and_left_alone_is_not_touched(filled: FilledTemplate, read: Read) -> None:
    cells = read(filled)
    assert not any(cell.is_figure_touched or cell.is_comment_touched for cell in cells.values())
    assert cells[WATER, "almaty"].content == FILLED[WATER, "almaty"]
    assert cells[YOUTH, "almaty"].content == FILLED[YOUTH, "almaty"]


def test_a_figure_with_more_digits_than_a_spreadsheet_keeps_is_not_touched_by_opening_it(read: Read) -> None:
    long = Content(Decimal("0.12345678901234567890"), "A")
    cell = read(made({(WATER, "almaty"): long}))[WATER, "almaty"]
    assert (cell.content.value, cell.is_figure_touched) == (Decimal("0.1234567890123457"), False)


def test_what_was_filled_in_and_deleted_is_to_be_deleted(filled: FilledTemplate, read: Read) -> None:
    filled.type(WATER, FIGURE, None)
    filled.type(WATER, COMMENT, None)
    cell = read(filled)[WATER, "almaty"]
    assert (cell.content, cell.problem) == (Content(None, "", ""), None)
    assert cell.is_figure_touched
    assert cell.is_comment_touched


def test_a_reason_left_over_gives_way_to_the_figure_that_came(filled: FilledTemplate, read: Read) -> None:
    filled.type(YOUTH, FIGURE, 7.1)
    assert read(filled)[YOUTH, "almaty"].content == Content(Decimal("7.1"), "A")


def test_a_mark_typed_over_another_says_the_reason(filled: FilledTemplate, read: Read) -> None:
    filled.type(YOUTH, FIGURE, "x")
    assert read(filled)[YOUTH, "almaty"].content == Content(None, "Q")


def test_a_corrected_figure_stays_provisional(filled: FilledTemplate, read: Read) -> None:
    filled.type(WATER, FIGURE, 99.5)
    assert read(filled)[WATER, "almaty"].content == Content(Decimal("99.5"), "P", "in May")


def test_lines_columns_and_sheets_may_be_moved_and_renamed(blank: FilledTemplate, read: Read) -> None:
    blank.type(WATER, FIGURE, 99.4)
    [page] = blank.pages
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    page.delete_rows(1, 4)
    order = [0, 7, 2, 1, 4, 6, 5, 3]
    page.append(["Our town", "put above"])
    for row in (rows[0], rows[3], rows[1], rows[2]):
        page.append([None, *(row[index] for index in order)])
    page.title = "Лист1"
    cells = read(blank)
    assert cells[WATER, "almaty"].content == Content(Decimal("99.4"), "A")
    assert cells[WATER, "almaty"].spot[:3] == ("Лист1", 4, 3)
    assert len(cells) == 4


def test_deleted_lines_and_columns_say_nothing_and_are_named(
    filled: FilledTemplate, sent_back: Callable[[FilledTemplate], Template]
) -> None:
    [page] = filled.pages
    page.delete_cols(filled.cell(WATER, column_code(Part.FIGURE, "astana")).column)
    page.delete_rows(filled.cell(WATER, FIGURE).row)
    template = sent_back(filled)
    assert template.deleted == [WATER, "figure astana"]
    assert not any(cell.is_figure_touched for cell in template.cells)
    assert {(cell.indicator, cell.territory) for cell in template.cells} == {
        ("neet", "almaty"),
        ("neet", "astana"),
    }


def test_notes_beside_and_below_the_table_are_left_alone(blank: FilledTemplate, read: Read) -> None:
    [page] = blank.pages
    page["L3"], page["C20"] = "ask Aigerim", 123
    assert len(read(blank)) == 4


@pytest.mark.parametrize(
    ("address", "code", "at", "problem"),
    [
        ("A3", "watre", "2,2", ("unknown_line_code", {"text": "watre"})),
        ("A3", None, "2,2", ("line_code_lost", {"text": "99.4"})),
        ("C1", "figure almata", "2,2", ("unknown_column_code", {"text": "figure almata"})),
        ("C1", None, "2,2", ("column_code_lost", {"text": "99.4"})),
    ],
)
def test_an_edited_code_costs_the_figures_that_it_named_and_no_others(
    blank: FilledTemplate,
    read: Read,
    address: str,
    code: str | None,
    at: str,
    problem: tuple[str, dict[str, str]],
) -> None:
    blank.type(WATER, FIGURE, 99.4)
    blank.type(YOUTH, column_code(Part.FIGURE, "astana"), 7)
    [page] = blank.pages
    page[address] = code
    cells = read(blank)
    assert cells[at, ""].problem == problem
    assert cells[YOUTH, "astana"].content == Content(Decimal(7), "A")


def test_a_line_that_stands_twice_is_read_twice(
    blank: FilledTemplate, sent_back: Callable[[FilledTemplate], Template]
) -> None:
    blank.type(WATER, FIGURE, 99.4)
    [page] = blank.pages
    page.append([cell.value for cell in page[3]])
    said = [cell for cell in sent_back(blank).cells if cell.is_figure_touched]
    assert [cell.spot.row for cell in said] == [2, 4]


@pytest.mark.parametrize(
    ("row", "value", "code"),
    [
        ("form", "other-form", "template_damaged"),
        ("period", "2025", "template_damaged"),
        ("checksum", None, "template_damaged"),
        ("line", "other", "template_damaged"),
        ("version", "0", "template_of_other_version"),
    ],
)
def test_a_damaged_hidden_sheet_is_noticed(
    blank: FilledTemplate, tmp_path: Path, row: str, value: str | None, code: str
) -> None:
    blank.passport[row].value = value
    assert damage(blank, tmp_path)[0] == code


def test_a_row_missing_from_the_hidden_sheet_is_noticed(blank: FilledTemplate, tmp_path: Path) -> None:
    blank.book[HIDDEN_SHEET].delete_rows(blank.passport["form"].row)
    assert damage(blank, tmp_path)[0] == "template_damaged"


def test_a_template_without_its_hidden_sheet_is_no_ordinary_table(
    blank: FilledTemplate, tmp_path: Path
) -> None:
    blank.book.remove(blank.book[HIDDEN_SHEET])
    assert damage(blank, tmp_path) == ("template_sheet_lost", {"sheet": "Report"})


@pytest.mark.parametrize("address", ["A1", "row"])
def test_a_template_without_its_codes_is_noticed(blank: FilledTemplate, tmp_path: Path, address: str) -> None:
    [page] = blank.pages
    if address == "row":
        page.delete_rows(1)
    else:
        page[address] = None
    assert damage(blank, tmp_path)[0] == "template_codes_lost"
