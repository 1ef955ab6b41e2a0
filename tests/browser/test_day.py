"""An analyst's whole day: template, paste, warning, comment, submit, return, correct, approve, dashboard."""

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
YEAR = 2023
SHEET = f"/{{}}/reports/almaty-2025-annual/{YEAR}/"
WATER, NEET = "централизованн", "не учится"


def test_the_whole_day_of_an_analyst(  # noqa: PLR0915 - a day is long
    reader: Reader, tmp_path: Path, picture: Picture
) -> None:
    analyst = reader("ru", "almaty.analyst")
    fill_in_the_template(analyst, tmp_path)
    analyst.goto(SHEET.format("ru"))
    expect(cell(analyst, "Место в рейтинге Global")).to_contain_text("61")
    expect(analyst.get_by_role("grid")).to_be_visible()

    analyst.context.grant_permissions(["clipboard-read", "clipboard-write"])
    analyst.evaluate("text => navigator.clipboard.writeText(text)", "97,3\r\n310\r\n")
    cell(analyst, WATER).click()
    analyst.context.set_offline(True)
    analyst.keyboard.press("Control+v")
    analyst.keyboard.press("Enter")
    expect(cell(analyst, WATER)).to_have_attribute("data-state", "waiting")
    analyst.context.set_offline(False)
    expect(cell(analyst, WATER)).to_have_attribute("data-state", "saved", timeout=30_000)

    cell(analyst, NEET).click()
    analyst.keyboard.type("40")
    analyst.keyboard.press("Enter")
    expect(cell(analyst, NEET)).to_have_attribute("data-state", "warning")
    submit(analyst)
    expect(analyst.locator("#sheet-submit .notice--bad")).to_be_visible()
    picture(analyst, "day-warning-ru")
    expect(cell(analyst, NEET)).to_be_focused()
    analyst.keyboard.press("Control+Enter")
    analyst.keyboard.type("Считали вместе с заочниками")
    analyst.keyboard.press("Control+Enter")
    expect(analyst.locator("#sheet-status")).to_contain_text(":")
    submit(analyst)
    expect(analyst.locator("#sheet-submit .notice--good")).to_be_visible()

    approver = reader("kk", "approver")
    open_review(approver)
    row = approver.locator("tbody tr").first
    expect(row).to_contain_text("Считали вместе с заочниками")
    row.locator("input[name^=line-]").fill("Толық емес")
    picture(approver, "day-review-kk")
    approver.click("button[name=return]")
    expect(approver.locator(".notice--success")).to_be_visible()

    analyst.goto("/ru/notices/")
    expect(analyst.locator("main")).to_contain_text(str(YEAR))
    analyst.goto(SHEET.format("ru"))
    expect(analyst.get_by_role("grid")).to_be_visible()
    expect(cell(analyst, NEET)).to_have_attribute("data-state", "returned")
    cell(analyst, NEET).click()
    analyst.keyboard.press("Delete")
    expect(cell(analyst, NEET)).not_to_have_attribute("data-state", "returned")
    submit(analyst)
    expect(analyst.locator("#sheet-submit .notice--good")).to_be_visible()

    open_review(approver)
    approver.click("button[name=approve]")
    expect(approver.locator(".notice--success")).to_be_visible()

    citizen = reader("ru", is_phone=True)
    citizen.goto("/ru/programmes/almaty-2025/kpis/KPI-2/")
    for _ in range(15):
        if "97,3" in citizen.locator("main").inner_text():
            break
        citizen.wait_for_timeout(1_000)
        citizen.reload()
    expect(citizen.locator("main")).to_contain_text("97,3")


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
    expect(page.locator("#difference")).to_be_visible(timeout=30_000)
    page.locator("form[action$='/confirm/'] button[type=submit]").first.click()
    expect(page.locator(".notice--good")).to_be_visible(timeout=30_000)


def cell(page: Page, line: str) -> Locator:
    return page.locator("tr", has_text=line).locator("td[data-key]")


def submit(page: Page) -> None:
    page.locator("[data-submit=all]").click()


def open_review(page: Page) -> None:
    """The report of the day in the approver's queue."""
    page.goto("/kk/review/")
    page.locator("tbody tr", has_text=str(YEAR)).locator("a").first.click()
