"""The keyboard alone: everything that can be used is reached in its order, seen, and does its work."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Reader = Callable[..., Page]
PAGES = [
    "",
    "programmes/almaty-2025/",
    "programmes/almaty-2025/kpis/KPI-7/",
    "programmes/almaty-2025/measures/",
    "territories/",
    "compare/?with=almaty&with=astana",
    "discrepancies/",
    "deputy/?territory=almaty",
]
# In the order of the document: what a keyboard must reach, each marked by its number.
USABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter(each => each.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
    .map((each, number) => (each.dataset.number = number))"""
# A tile's own shape is stroked; the calendar of a date field has a ring of its own, inside the field.
FOCUSED = """() => {
    const element = document.activeElement, tile = element.querySelector(":scope > .places-step");
    const isStroked = tile && parseFloat(getComputedStyle(tile).strokeWidth) >= 2;
    const isSeen = getComputedStyle(element).outlineStyle !== "none" || isStroked || element.type === "date";
    return [Number(element.dataset.number), isSeen];
}"""


def test_the_skip_link_is_first_and_leads_to_the_content(reader: Reader) -> None:
    page = reader("kk")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_can_be_used_is_reached_in_its_order_and_seen(reader: Reader, path: str) -> None:
    page = reader("kk")
    page.goto(f"/kk/{path}")
    usable = page.evaluate(USABLE)
    reached: list[int] = []
    while len(reached) < len(usable):
        page.keyboard.press("Tab")
        number, is_seen = page.evaluate(FOCUSED)
        assert is_seen, f"nothing shows that number {number} has the focus"
        # The day, month and year of a date are stops of one field.
        if reached[-1:] != [number]:
            reached.append(number)
    assert reached == usable


def test_the_menu_of_a_phone_opens_at_the_keyboard(reader: Reader) -> None:
    page = reader("kk", is_phone=True)
    link = page.locator(".site-nav a").first
    expect(link).to_be_hidden()
    page.locator(".site-menu > summary").focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()


def test_the_menu_of_a_wide_screen_is_always_open(reader: Reader) -> None:
    page = reader("ru")
    expect(page.locator(".site-nav a").first).to_be_visible()
    expect(page.locator(".site-menu > summary")).to_be_hidden()


def test_a_tile_of_the_map_leads_to_its_place(reader: Reader) -> None:
    page = reader("kk")
    page.goto("/kk/territories/")
    tile = page.locator("main svg a[href$='/territories/astana/']").first
    tile.focus()
    expect(tile).to_have_accessible_name(re.compile("^Астана"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Астана")


def test_what_is_folded_opens_and_closes_at_the_keyboard(reader: Reader) -> None:
    page = reader("en")
    page.goto("/en/programmes/almaty-2025/kpis/KPI-7/")
    part = page.locator("details.part").first
    expect(part).not_to_have_attribute("open", "")
    part.locator("summary").focus()
    for key, is_open in (("Enter", True), ("Space", False)):
        page.keyboard.press(key)
        assert (part.get_attribute("open") is not None) is is_open
