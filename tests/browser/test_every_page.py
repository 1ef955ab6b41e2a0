"""Every page, in both colour schemes and down to 320 pixels: no barrier, light."""

from collections.abc import Callable
from itertools import groupby

import pytest
from playwright.sync_api import Page

from tests.browser.barriers import DESKTOP, PHONE, Scales, barriers, off_paper, sideways
from tests.pages import PageAddress, pages

Reader = Callable[..., Page]
LANGUAGES = ("kk", "ru", "en")
KB = 1_000
HEAVIEST = {"programmes:kpi-detail": 600 * KB}
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
    # A pixel more is what rounding makes of millimetres.
    found += [("paper", over)] if (over := off_paper(browser)) > 1 else []
    browser.set_viewport_size(PHONE)  # type: ignore[arg-type]
    browser.emulate_media(color_scheme="dark")
    return found + [("dark phone", *each) for each in barriers(browser)]
