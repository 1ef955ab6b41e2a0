"""Every page, in both colour schemes and down to 320 pixels: no barrier, light, usable at the keyboard."""

from collections.abc import Callable
from itertools import groupby

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import DESKTOP, PHONE, Scales, barriers, sideways
from tests.pages import PageAddress, pages

Reader = Callable[..., Page]
LANGUAGES = ("kk", "ru", "en")
KB = 1_000
HEAVIEST = {"programmes:kpi-detail": 600 * KB}
# In the order of the document: what a keyboard must reach, each marked by its number.
USABLE = """() => [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter(each => each.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
    .map((each, number) => (each.dataset.number = number))"""
FOCUSED = """() => {
    const element = document.activeElement;
    return [Number(element.dataset.number), getComputedStyle(element).outlineStyle];
}"""
ROLES = {
    role: list(found) for role, found in groupby(sorted(pages(), key=lambda p: p.role), lambda p: p.role)
}


@pytest.mark.parametrize("role", ROLES)
def test_no_page_keeps_anybody_out(reader: Reader, role: str) -> None:
    browser = reader("ru", role)
    scales = Scales(browser)
    wrong = [
        (page.path, language, *fault)
        for number, page in enumerate(ROLES[role])
        for language in [LANGUAGES[number % len(LANGUAGES)]]
        for fault in faults(browser, scales, page, language)
    ]
    assert wrong == []


def faults(browser: Page, scales: Scales, page: PageAddress, language: str) -> list[tuple[object, ...]]:
    """What is wrong with a page: axe on a light desktop and a dark phone, its width, its weight."""
    browser.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    browser.emulate_media(color_scheme="light")
    scales.reset()
    browser.goto(f"/{language}/{page.path}")
    browser.evaluate("document.fonts.ready")
    found: list[tuple[object, ...]] = [("light", *each) for each in barriers(browser)]
    if scales.bytes > HEAVIEST.get(page.name, 300 * KB):
        found.append(("weight", scales.bytes))
    # A window of 1280 pixels zoomed to 200 % has room for 640.
    found += [("width", width, over) for width in (640, 320) if (over := sideways(browser, width)) > 0]
    browser.set_viewport_size(PHONE)  # type: ignore[arg-type]
    browser.emulate_media(color_scheme="dark")
    return found + [("dark phone", *each) for each in barriers(browser)]


def test_the_keyboard_goes_from_the_skip_link_through_everything_that_can_be_used(reader: Reader) -> None:
    page = reader("kk")
    page.goto("/kk/discrepancies/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    page.goto("/kk/discrepancies/")
    usable = page.evaluate(USABLE)
    seen = []
    for _step in range(len(usable)):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    assert [place for place, _outline in seen] == list(range(len(usable)))
    assert all(outline != "none" for _place, outline in seen)


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
