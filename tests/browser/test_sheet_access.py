"""The entry grid for those who listen, and for whom anything may be a barrier."""

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.browser.sheets import LIFE, WATER, Reader, Sheet


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
    assert barriers(sheet.page) == []
