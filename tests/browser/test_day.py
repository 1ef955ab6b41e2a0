"""An analyst's whole day: template, paste, warning, comment, submit, return, correct, approve, dashboard."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import read_until

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
YEAR = 2023
SHEET = f"/{{}}/reports/almaty-2025-annual/{YEAR}/"
WATER, NEET = "централизованн", "не учится"
COMMENT = "Считали вместе с заочниками"


def test_the_whole_day_of_an_analyst(reader: Reader, tmp_path: Path, picture: Picture) -> None:
    analyst = reader("ru", "almaty.analyst")
    fill_in_the_template(analyst, tmp_path)
    find_it_in_the_sheet(analyst)
    paste_without_a_network(analyst)
    be_warned_and_say_why(analyst, picture)

    approver = reader("kk", "approver")
    return_the_report(approver, picture)
    take_the_figure_back_and_submit(analyst)
    approve_the_report(approver)
    read_it_on_a_phone(reader("ru", is_phone=True))


def fill_in_the_template(page: Page, folder: Path) -> None:
    """Types one figure into the downloaded workbook, sends it back and confirms it."""
    page.goto(SHEET.format("ru"))
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    file = folder / "template.xlsx"
    download.value.save_as(file)
    workbook = load_workbook(file)
    figures = workbook.worksheets[0]
    [line] = [r for r in figures.iter_rows() if any("Место в рейтинге Global" in str(c.value) for c in r)]
    next(c for c in line if not c.protection.locked).value = 61
    workbook.save(file)
    page.set_input_files("#filled-template", file)
    page.locator("form:has(#filled-template) button").click()
    expect(page.locator("#difference")).to_be_visible()
    page.locator("form[action$='/confirm/'] button[type=submit]").first.click()
    expect(page.locator(".notice--good")).to_be_visible()


def find_it_in_the_sheet(page: Page) -> None:
    page.goto(SHEET.format("ru"))
    expect(cell(page, "Место в рейтинге Global")).to_contain_text("61")
    expect(page.get_by_role("grid")).to_be_visible()


def paste_without_a_network(page: Page) -> None:
    """What was pasted waits, and is saved when the network is back."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "97,3\r\n310\r\n")
    cell(page, WATER).click()
    page.context.set_offline(True)
    page.keyboard.press("Control+v")
    page.keyboard.press("Enter")
    expect(cell(page, WATER)).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    expect(cell(page, WATER)).to_have_attribute("data-state", "saved")


def be_warned_and_say_why(page: Page, picture: Picture) -> None:
    """A figure out of the ordinary is submitted only with a comment."""
    cell(page, NEET).click()
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(cell(page, NEET)).to_have_attribute("data-state", "warning")
    page.locator("[data-submit=all]").click()
    expect(page.locator("#sheet-submit .notice--bad")).to_be_visible()
    picture(page, "day-warning-ru")
    expect(cell(page, NEET)).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.keyboard.type(COMMENT)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sheet-status")).to_contain_text(":")
    submit(page)


def return_the_report(page: Page, picture: Picture) -> None:
    open_review(page)
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(COMMENT)
    row.locator("input[name^=line-]").fill("Толық емес")
    picture(page, "day-review-kk")
    page.click("button[name=return]")
    expect(page.locator(".notice--success")).to_be_visible()


def take_the_figure_back_and_submit(page: Page) -> None:
    """A notice tells of the return; the sheet shows the place."""
    page.goto("/ru/notices/")
    expect(page.locator("main")).to_contain_text(str(YEAR))
    page.goto(SHEET.format("ru"))
    expect(page.get_by_role("grid")).to_be_visible()
    expect(cell(page, NEET)).to_have_attribute("data-state", "returned")
    cell(page, NEET).click()
    page.keyboard.press("Delete")
    expect(cell(page, NEET)).not_to_have_attribute("data-state", "returned")
    submit(page)


def approve_the_report(page: Page) -> None:
    open_review(page)
    page.click("button[name=approve]")
    expect(page.locator(".notice--success")).to_be_visible()


def read_it_on_a_phone(page: Page) -> None:
    page.goto("/ru/programmes/almaty-2025/kpis/KPI-2/")
    read_until(page, page.locator("main"), "97,3")


def cell(page: Page, line: str) -> Locator:
    return page.locator("tr", has_text=line).locator("td[data-key]")


def submit(page: Page) -> None:
    page.locator("[data-submit=all]").click()
    expect(page.locator("#sheet-submit .notice--good")).to_be_visible()


def open_review(page: Page) -> None:
    """The report of the day in the approver's queue."""
    page.goto("/kk/review/")
    page.locator("tbody tr", has_text=str(YEAR)).locator("a").first.click()
