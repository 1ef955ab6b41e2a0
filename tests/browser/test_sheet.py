"""Typing actuals: the entry grid as a spreadsheet that saves by itself, with and without a network."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from indicators.tables.cells import Missing, NotANumber, parse_number

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
ADDRESS = "/{}/reports/almaty-2025-annual/{}/"
RATING, WATER, INCOME, GROWTH, LIFE, BARRIERS = range(6)
"""The first lines of the form by their places; water and access without barriers lie between 0 and 100 %."""
YEAR, YEAR_TO_SUBMIT = 2024, 2022


COPY_AS_ANOTHER_USER = """
for (const name of Object.keys(localStorage)) {
  localStorage.setItem(name.replace(":almaty.", ":x."), localStorage.getItem(name));
}
"""


class Sheet:
    """An analyst's sheet, emptied of what was typed before."""

    def __init__(
        self,
        reader: Reader,
        language: str = "ru",
        *,
        year: int = YEAR,
        is_phone: bool = False,
        is_empty: bool = True,
    ) -> None:
        self.page = reader(language, "almaty.analyst", is_phone=is_phone)
        self.address = ADDRESS.format(language, year)
        self.page.goto(self.address)
        self.status = self.page.locator("#sheet-status")
        self.panel = self.page.locator("#sheet-panel")
        self.dialog = self.page.locator("#sheet-paste")
        expect(self.page.get_by_role("grid")).to_be_visible()
        if is_empty:
            self.cell(RATING).focus()
            self.press("Control+a", "Delete")
            expect(self.page.locator("td[data-key]:not([data-state=''])")).to_have_count(0)
            self.press("Escape")

    def cell(self, line: int) -> Locator:
        return self.page.locator("td[data-key]").nth(line)

    def figure(self, line: int) -> Locator:
        return self.cell(line).locator(".sheet-figure")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, line: int, text: str) -> None:
        self.cell(line).click()
        self.page.keyboard.type(text)
        self.press("Enter")

    def expect_figures(self, *figures: str) -> None:
        for line, figure in enumerate(figures):
            expect(self.figure(line)).to_have_text(figure)

    def expect_state(self, line: int, state: str) -> None:
        expect(self.cell(line)).to_have_attribute("data-state", state)

    def expect_focus(self, line: int) -> None:
        expect(self.cell(line)).to_be_focused()

    def copy(self, text: str) -> None:
        """Puts a text on the clipboard, as another program would."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)


def test_typing_goes_as_in_a_spreadsheet_and_saves_by_itself(reader: Reader, picture: Picture) -> None:
    sheet = Sheet(reader)
    sheet.cell(RATING).click()
    sheet.page.keyboard.type("60")
    sheet.press("Enter")
    sheet.expect_focus(WATER)
    sheet.page.keyboard.type("99,4")
    sheet.press("Tab")
    sheet.expect_focus(INCOME)
    sheet.page.keyboard.type("1 234.5")
    sheet.press("Shift+Enter")
    sheet.expect_focus(WATER)
    expect(sheet.status).to_contain_text(":")
    sheet.expect_figures("60", "99,4", "1\u00a0234,5")
    sheet.page.reload()
    sheet.expect_figures("60", "99,4", "1\u00a0234,5")

    sheet.cell(WATER).click()
    sheet.press("F2", "Backspace")
    sheet.page.keyboard.type("6")
    sheet.press("Enter")
    sheet.expect_figures("60", "99,6")
    sheet.cell(WATER).click()
    sheet.page.keyboard.type("1")
    sheet.press("Escape")
    sheet.expect_figures("60", "99,6")
    sheet.press("x", "Enter")
    expect(sheet.figure(WATER)).to_have_text("x")
    picture(sheet.page, "sheet-ru")


def test_what_cannot_be_a_figure_is_marked_kept_and_not_saved(reader: Reader) -> None:
    sheet = Sheet(reader)
    sheet.cell(WATER).click()
    sheet.press("F2")
    sheet.page.keyboard.type("много")
    expect(sheet.page.locator("#sheet-tip")).to_contain_text("много")
    sheet.press("Enter")
    sheet.expect_state(WATER, "invalid")
    expect(sheet.cell(WATER)).to_have_attribute("aria-invalid", "true")
    sheet.type(BARRIERS, "101")
    sheet.expect_state(BARRIERS, "invalid")
    sheet.page.reload()
    expect(sheet.figure(WATER)).to_have_text("много")
    sheet.type(WATER, "98")
    sheet.expect_state(WATER, "saved")
    sheet.cell(BARRIERS).click()
    sheet.press("Delete")
    expect(sheet.figure(BARRIERS)).to_have_text("")


def test_a_block_from_a_spreadsheet_is_shown_before_it_is_pasted_and_undone_at_once(
    reader: Reader, picture: Picture
) -> None:
    sheet = Sheet(reader)
    sheet.type(RATING, "70")
    sheet.expect_state(RATING, "saved")
    sheet.copy("68\r\n97,1\r\nмного\r\n-\r\n1\t2\r\n")
    sheet.cell(RATING).click()
    sheet.press("Control+v")
    expect(sheet.dialog).to_be_visible()
    expect(sheet.dialog.locator("tbody tr")).to_have_count(5)
    expect(sheet.dialog.locator(".is-skipped")).to_contain_text("много")
    expect(sheet.dialog.locator("del").first).to_have_text("70")
    picture(sheet.page, "sheet-paste-ru")
    sheet.press("Escape")
    expect(sheet.dialog).to_be_hidden()
    sheet.expect_figures("70", "")

    sheet.press("Control+v", "Enter")
    expect(sheet.dialog).to_be_hidden()
    sheet.expect_figures("68", "97,1", "", "—", "1")
    sheet.expect_state(GROWTH, "saved")
    sheet.press("Control+z")
    sheet.expect_figures("70", "", "", "", "")
    sheet.press("Control+Shift+z")
    sheet.expect_figures("68", "97,1", "", "—", "1")

    sheet.cell(RATING).click()
    sheet.press("Shift+ArrowDown", "Control+c")
    assert sheet.page.evaluate("navigator.clipboard.readText()") == "68\r\n97,1"
    sheet.press("Control+d")
    sheet.expect_figures("68", "68")


def test_two_who_type_into_one_cell_see_both_figures(reader: Reader, picture: Picture) -> None:
    mine, theirs = Sheet(reader), Sheet(reader, is_empty=False)
    theirs.type(WATER, "95")
    theirs.expect_state(WATER, "saved")
    mine.type(WATER, "96")
    mine.expect_state(WATER, "conflict")
    mine.cell(WATER).click()
    expect(mine.panel.locator("[data-part=mine]")).to_have_text("96")
    expect(mine.panel.locator("[data-part=theirs]")).to_have_text("95")
    picture(mine.page, "sheet-conflict-ru")
    mine.panel.locator("[data-part=save-mine]").click()
    mine.expect_state(WATER, "saved")

    theirs.type(WATER, "94")
    theirs.expect_state(WATER, "conflict")
    theirs.cell(WATER).click()
    theirs.panel.locator("[data-part=keep-theirs]").click()
    expect(theirs.figure(WATER)).to_have_text("96")
    theirs.expect_state(WATER, "saved")


def test_work_goes_on_without_a_network_and_survives_closing_the_page(
    reader: Reader, picture: Picture
) -> None:
    sheet = Sheet(reader)
    context = sheet.page.context
    context.set_offline(True)
    sheet.type(WATER, "93")
    sheet.type(RATING, "75")
    sheet.expect_state(WATER, "waiting")
    expect(sheet.status).to_contain_text("2")
    picture(sheet.page, "sheet-offline-ru")
    sheet.page.close()

    meanwhile = Sheet(reader, is_empty=False)
    expect(meanwhile.figure(WATER)).to_have_text("")
    meanwhile.type(RATING, "74")
    meanwhile.expect_state(RATING, "saved")

    context.set_offline(False)
    sheet.page = context.new_page()
    sheet.page.goto(sheet.address)
    sheet.expect_state(WATER, "saved")
    expect(sheet.figure(WATER)).to_have_text("93")
    sheet.expect_state(RATING, "conflict")


def test_the_network_comes_back_and_what_waits_is_sent(reader: Reader) -> None:
    sheet = Sheet(reader, "kk")
    sheet.page.context.set_offline(True)
    sheet.type(LIFE, "75,1")
    sheet.expect_state(LIFE, "waiting")
    sheet.page.context.set_offline(False)
    sheet.expect_state(LIFE, "saved")


def test_nobody_sends_what_somebody_else_typed(reader: Reader) -> None:
    sheet = Sheet(reader, "kk")
    sheet.page.context.set_offline(True)
    sheet.type(INCOME, "300")
    sheet.expect_state(INCOME, "waiting")
    sheet.page.evaluate(COPY_AS_ANOTHER_USER)
    sheet.page.goto("about:blank")
    sheet.page.context.set_offline(False)
    sheet.page.goto(sheet.address)
    sheet.expect_state(INCOME, "saved")
    left = sheet.page.evaluate("Object.keys(localStorage)")
    assert [name for name in left if name.startswith("bagdar-sheet:")] == [left[0]]
    assert left[0].startswith("bagdar-sheet:x.analyst@")


def test_everything_is_done_with_the_keyboard_alone(reader: Reader) -> None:
    sheet = Sheet(reader, "kk")
    sheet.page.locator("[data-command=fill]").focus()
    sheet.press("Tab")
    sheet.expect_focus(RATING)
    sheet.press("ArrowDown", "9", "0", "Control+Enter")
    expect(sheet.page.locator("#sheet-comment")).to_be_focused()
    sheet.page.keyboard.type("Деректер нақтыланды")
    sheet.press("Escape")
    sheet.expect_focus(WATER)
    sheet.expect_state(WATER, "saved")
    expect(sheet.cell(WATER)).to_have_class("num has-comment")
    sheet.press("Control+End", "Control+Home")
    sheet.expect_focus(RATING)
    sheet.press("Control+a")
    assert sheet.page.locator("td[aria-selected=false]").count() == 0
    sheet.press("Escape", "Tab")
    expect(sheet.page.locator("td:focus")).to_have_count(0)
    sheet.press("Shift+Tab")
    sheet.expect_focus(RATING)


def test_submitting_saves_first_and_leads_to_what_hinders(reader: Reader, picture: Picture) -> None:
    sheet = Sheet(reader, year=YEAR_TO_SUBMIT)
    sheet.type(WATER, "101")
    sheet.page.locator("[data-submit=all]").click()
    expect(sheet.page.locator("#sheet-submit .notice--bad")).to_be_visible()
    sheet.expect_focus(WATER)
    sheet.page.keyboard.type("92")
    sheet.page.locator("[data-submit=all]").click()
    expect(sheet.page.locator("#sheet-submit .notice--good")).to_be_visible()
    sheet.expect_state(WATER, "locked")
    expect(sheet.cell(WATER)).to_have_attribute("aria-readonly", "true")
    sheet.cell(WATER).click()
    sheet.press("5", "Enter")
    expect(sheet.figure(WATER)).to_have_text("92")
    picture(sheet.page, "sheet-submitted-ru")


def test_a_file_proves_a_figure(reader: Reader) -> None:
    sheet = Sheet(reader, "kk")
    sheet.type(LIFE, "75")
    sheet.cell(LIFE).click()
    file: Any = {"name": "акт.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    sheet.panel.locator("[data-part=evidence]").set_input_files(file)
    expect(sheet.panel.locator("[data-part=evidence-link]")).to_have_text("акт.pdf")
    sheet.panel.locator("[data-part=evidence-remove]").click()
    expect(sheet.panel.locator("[data-part=evidence-link]")).to_be_hidden()


def test_a_tap_opens_a_figure_on_a_phone(reader: Reader, picture: Picture) -> None:
    sheet = Sheet(reader, "kk", is_phone=True)
    sheet.cell(LIFE).dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    sheet.cell(LIFE).dispatch_event("click", {"bubbles": True})
    expect(sheet.page.locator(".sheet-input")).to_have_attribute("inputmode", "decimal")
    sheet.page.keyboard.type("75,5")
    sheet.press("Enter")
    expect(sheet.cell(BARRIERS).locator(".sheet-input")).to_be_focused()
    sheet.expect_state(LIFE, "saved")
    picture(sheet.page, "sheet-kk-phone")
    assert sheet.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_grid_tells_its_roles_places_and_states(reader: Reader) -> None:
    sheet = Sheet(reader, "en")
    grid = sheet.page.get_by_role("grid")
    lines = grid.get_by_role("row").count()
    expect(grid).to_have_attribute("aria-rowcount", str(lines))
    assert grid.get_by_role("rowheader").count() == lines - 1
    assert grid.get_by_role("gridcell").count() % (lines - 1) == 0
    assert grid.locator("td[tabindex='0']").count() == 1
    sheet.type(WATER, "97")
    sheet.expect_state(WATER, "saved")
    note = sheet.cell(WATER).get_attribute("aria-describedby")
    expect(sheet.page.locator(f"#{note}")).to_contain_text("Saved.")
    expect(sheet.page.get_by_role("status").first).to_contain_text("saved")


@pytest.mark.parametrize("is_phone", [False, True])
def test_axe_finds_no_barrier_in_the_grid(reader: Reader, *, is_phone: bool) -> None:
    sheet = Sheet(reader, is_phone=is_phone)
    sheet.type(WATER, "101")
    sheet.type(LIFE, "75")
    sheet.expect_state(LIFE, "saved")
    sheet.page.evaluate(AXE.read_text())
    found = sheet.page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert found["violations"] == []


FIGURES = [
    *(
        "",
        "0",
        "-0",
        "12,5",
        "12.50",
        ".5",
        ",5",
        "1 234,5",
        "1\u00a0234\u202f567",
        "1 2",
        "1,234",
        "1,234,567",
    ),
    *(
        "1.234.567,8",
        "1'234.5",
        "−7",
        "+3",
        "- 4",
        "5 %",
        "1.5E-5",
        "2e3",
        "007",
        "-",
        "—",
        "…",
        "x",
        "Х",
        "н/д",
    ),
    *("н.д.", "no data", "много", "12a", "1e999", "..", "1..2"),
]


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
