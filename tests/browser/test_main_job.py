"""The main job: a table is sent in, confirmed and applied; a figure is typed, submitted and approved."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.acts import read_until, send_in
from tests.browser.barriers import barriers_on_any_screen
from tests.browser.tables import neet_workbook

Reader = Callable[..., Page]
Picture = Callable[[Page, str], None]
KPI = "/{}/programmes/almaty-2025/kpis/{}/"


def test_an_analyst_uploads_a_table_and_the_kpi_moves(
    reader: Reader, tmp_path: Path, picture: Picture
) -> None:
    page = reader("kk", "analyst")
    send_in(
        page, neet_workbook(tmp_path, [2022, 2023, 2024], [Decimal("3.8"), Decimal("5.2"), Decimal("5.4")])
    )
    expect(page.locator("#difference")).to_be_visible()
    assert barriers_on_any_screen(page) == []
    picture(page, "upload-preview-kk")
    page.locator("#difference-shown nav a[href*='show=rejected']").click()
    expect(page.locator("main")).to_contain_text("Атлантида")
    page.locator("#difference-shown nav a[href*='show=new']").click()
    expect(page.locator("#difference-shown .table-wrap tbody tr")).to_have_count(1)
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.locator(".notice--good")).to_be_visible()
    assert barriers_on_any_screen(page) == []
    picture(page, "upload-applied-kk")
    applied = page.url
    for step in ("revisions", "revert"):
        page.goto(f"{applied}{step}/")
        assert barriers_on_any_screen(page) == []

    citizen = reader("ru")
    citizen.goto(KPI.format("ru", "KPI-7"))
    read_until(citizen, citizen.locator(".number-value"), "5,4")
    # Pace (5.4 − 6.3) ÷ (5.1 − 6.3) is 75 %: at risk.
    expect(citizen.locator("main")).to_contain_text("(5,4 − 6,3) ÷ (5,1 − 6,3)")
    expect(citizen.locator("main")).to_contain_text("75 %")
    picture(citizen, "kpi-after-upload-ru")


def test_the_same_file_twice_changes_nothing(reader: Reader, tmp_path: Path) -> None:
    page = reader("kk", "analyst")
    file = neet_workbook(tmp_path, [2022, 2023], [Decimal("3.8"), Decimal("5.2")])
    send_in(page, file)
    expect(page.locator("#difference")).to_be_visible()
    expect(page.locator("form[action$='/confirm/'] button")).to_be_disabled()


def test_a_file_that_is_no_table_is_refused_in_words(
    reader: Reader, tmp_path: Path, picture: Picture
) -> None:
    page = reader("ru", "analyst")
    file = tmp_path / "report.xlsx"
    file.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    send_in(page, file)
    page.goto(page.url.replace("/kk/", "/ru/"))
    expect(page.locator(".notice--bad")).to_be_visible()
    expect(page.locator(".notice--bad")).to_contain_text("PDF", ignore_case=True)
    assert barriers_on_any_screen(page) == []
    picture(page, "upload-refused-ru")


def test_a_typed_actual_goes_through_submit_and_approve(reader: Reader, picture: Picture) -> None:
    analyst = reader("ru", "almaty.analyst")
    analyst.goto("/ru/reports/")
    analyst.locator("main a[href$='/2025/']").first.click()
    line = analyst.locator("tr", has_text="централизованн").locator("td[data-key]")
    expect(analyst.get_by_role("grid")).to_be_visible()
    line.click()
    analyst.keyboard.type("99,4")
    analyst.keyboard.press("Enter")
    expect(line).to_have_attribute("data-state", "saved")
    picture(analyst, "report-ru")
    analyst.click("[data-submit=all]")
    expect(line).to_have_attribute("data-state", "locked")

    approver = reader("kk", "approver")
    approver.goto("/kk/review/")
    approver.locator("main tbody a").first.click()
    expect(approver.locator("td", has_text="99,4")).to_be_visible()
    assert barriers_on_any_screen(approver) == []
    picture(approver, "review-kk")
    approver.click("button[name=approve]")
    expect(approver.locator(".notice--success")).to_be_visible()

    citizen = reader("en")
    citizen.goto(KPI.format("en", "KPI-2"))
    read_until(citizen, citizen.locator(".number-value"), "99.4")
