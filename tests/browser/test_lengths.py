"""Pages on a phone: how long they are, what is folded there, and what of it is printed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import DESKTOP

Reader = Callable[..., Page]
MOST_PX = {
    "territories/almaty/": 8_000,
    "territories/kazakhstan/": 8_000,
    "measures/": 6_000,
    "programmes/almaty-2025/measures/": 6_000,
    "indicators/": 6_000,
    "indicators/neet-share/": 6_000,
    "programmes/almaty-2025/kpis/KPI-7/": 6_000,
    "programmes/monotowns-2012-2020/kpis/M-4/": 6_500,
}
HEIGHT = "document.documentElement.scrollHeight"
FOLDED = """() => [...document.querySelectorAll("main details")].filter(
    each => each.checkVisibility() && ![...each.children].every(child => child.checkVisibility())
).length"""


@pytest.mark.parametrize("path", MOST_PX)
def test_nobody_scrolls_for_ever(reader: Reader, path: str) -> None:
    page = reader("kk", is_phone=True)
    heights = {}
    for language in ("kk", "ru", "en"):
        page.goto(f"/{language}/{path}")
        page.evaluate("document.fonts.ready")
        heights[language] = page.evaluate(HEIGHT)
    assert max(heights.values()) <= MOST_PX[path], heights


def test_the_filters_of_a_list_fold_on_a_phone_and_say_what_is_set(reader: Reader) -> None:
    page = reader("en", is_phone=True)
    page.goto("/en/measures/?overdue=yes")
    words, fold = page.get_by_label("Words, or who answers"), page.locator(".filters-fold > summary")
    expect(words).to_be_hidden()
    expect(fold).to_contain_text("Overdue: overdue only")
    fold.click()
    expect(words).to_be_visible()


def test_the_filters_of_a_list_are_open_on_a_wide_screen(reader: Reader) -> None:
    page = reader("en")
    page.goto("/en/measures/")
    expect(page.get_by_label("Words, or who answers")).to_be_visible()
    expect(page.locator(".filters-fold > summary")).to_be_hidden()


@pytest.mark.parametrize("path", ["territories/almaty/", "programmes/almaty-2025/kpis/KPI-7/"])
def test_what_is_folded_is_printed(reader: Reader, path: str) -> None:
    page = reader("ru")
    page.goto(f"/ru/{path}")
    assert page.evaluate(FOLDED) > 0
    page.emulate_media(media="print")
    page.wait_for_function(f"({FOLDED})() === 0")


def test_what_is_left_to_other_pages_is_said_on_paper(reader: Reader) -> None:
    page = reader("en")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/en/measures/?overdue=yes")
    page.emulate_media(media="print")
    expect(page.locator(".pagination")).to_contain_text("(1–20 of")
    expect(page.locator(".filters-fold > summary")).to_be_visible()
    expect(page.get_by_label("Words, or who answers")).to_be_hidden()


def test_the_caption_of_a_table_has_the_width_of_the_screen(reader: Reader) -> None:
    page = reader("ru", is_phone=True)
    page.goto("/ru/territories/?indicator=neet-share")
    box = page.locator("table caption").bounding_box()
    assert box is not None
    assert box["width"] > 300
