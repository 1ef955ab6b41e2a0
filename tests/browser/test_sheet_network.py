"""The entry grid without a network, and with two who type into it at once."""

from contextlib import suppress

from playwright.sync_api import Error, Page, expect

from tests.browser.sheets import INCOME, LIFE, RATING, WATER, Picture, Reader, Sheet

COPY_AS_ANOTHER_USER = """
for (const name of Object.keys(localStorage)) {
  localStorage.setItem(name.replace(":almaty.", ":x."), localStorage.getItem(name));
}
"""


def test_two_who_type_into_one_cell_see_both_figures(reader: Reader, picture: Picture) -> None:
    mine, theirs = Sheet(reader), Sheet(reader, is_empty=False)
    theirs.type(WATER, "95")
    theirs.expect_state(WATER, "saved")
    mine.type(WATER, "96")
    mine.expect_state(WATER, "conflict")
    mine.cell(WATER).click()
    expect(mine.panel.locator("[data-part=mine]")).to_contain_text("96")
    expect(mine.panel.locator("[data-part=theirs]")).to_contain_text("95")
    picture(mine.page, "sheet-conflict-ru")
    mine.panel.locator("[data-part=save-mine]").click()
    mine.expect_state(WATER, "saved")

    theirs.type(WATER, "94")
    theirs.expect_state(WATER, "conflict")
    theirs.cell(WATER).click()
    theirs.panel.locator("[data-part=keep-theirs]").click()
    expect(theirs.figure(WATER)).to_have_text("96")
    theirs.expect_state(WATER, "saved")


def crash(page: Page) -> None:
    """Ends the page without a last word: one that is closed may still send what waits."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    page.close()


def test_work_goes_on_without_a_network_and_survives_a_crash(reader: Reader, picture: Picture) -> None:
    sheet = Sheet(reader)
    context = sheet.page.context
    context.set_offline(True)
    sheet.type(WATER, "93")
    sheet.type(RATING, "75")
    sheet.expect_state(WATER, "waiting")
    expect(sheet.status).to_contain_text("2")
    picture(sheet.page, "sheet-offline-ru")
    crash(sheet.page)

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
