"""What several walks do: a table is sent in and published, a page is read again until it shows something."""

import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE_SECONDS


def send_in(page: Page, file: Path) -> None:
    page.goto("/kk/uploads/")
    page.set_input_files("input[type=file]", file)
    page.locator("form[enctype] button[type=submit]").click()


def publish_table(page: Page, file: Path, *, released_on: str = "") -> None:
    """Sends the table in, says when its source released it, and confirms."""
    send_in(page, file)
    difference = page.locator("#difference")
    expect(difference).to_be_visible(timeout=30_000)
    if released_on:
        page.fill("input[name=released_on]", released_on)
        page.locator(".form--corrections button[type=submit]").last.click()
        expect(page.locator("input[name=released_on]")).to_have_value(released_on)
        expect(difference).to_be_visible(timeout=30_000)
    confirmation = page.locator("form[action$='/confirm/']")
    if (reason := confirmation.locator("input[name=reason]")).count():
        reason.fill("Бюро нақтылады")
    confirmation.locator("button").click()
    expect(page.locator(".notice--good")).to_be_visible(timeout=30_000)


def read_until(page: Page, place: Locator, text: str) -> None:
    """Loads the page again until the workers have come so far."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while text not in place.inner_text():
        assert time.monotonic() < deadline, f"{text!r} does not appear in {place.inner_text()!r}"
        page.reload()


def unfold(target: Locator) -> Locator:
    """Opens whatever the element is folded into, as a reader does, and returns it."""
    for summary in target.locator("xpath=ancestor::details[not(@open)]/summary").all():
        summary.click()
    return target
