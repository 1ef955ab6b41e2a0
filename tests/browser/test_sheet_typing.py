"""Typing actuals: the entry grid as a spreadsheet that saves by itself."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.sheets import (
    BARRIERS,
    GROWTH,
    INCOME,
    LIFE,
    RATING,
    WATER,
    YEAR_TO_SUBMIT,
    Picture,
    Reader,
    Sheet,
)


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
