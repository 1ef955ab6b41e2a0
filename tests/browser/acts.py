"""What several walks do: a table is sent in and published, a page is read again until it shows something."""

from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Portal
from tests.patience import eventually


def send_in(page: Page, file: Path) -> None:
    page.goto("/kk/uploads/")
    page.set_input_files("input[type=file]", file)
    page.locator("form[enctype] button[type=submit]").click()


def publish_table(page: Page, file: Path, *, released_on: str = "") -> None:
    """Sends the table in, says when its source released it, and confirms."""
    send_in(page, file)
    difference = page.locator("#difference")
    expect(difference).to_be_visible()
    if released_on:
        page.fill("input[name=released_on]", released_on)
        page.locator(".form--corrections button[type=submit]").last.click()
        expect(page.locator("input[name=released_on]")).to_have_value(released_on)
        expect(difference).to_be_visible()
    confirmation = page.locator("form[action$='/confirm/']")
    if (reason := confirmation.locator("input[name=reason]")).count():
        reason.fill("Бюро нақтылады")
    confirmation.locator("button").click()
    expect(page.locator(".notice--good")).to_be_visible()


def read_until(page: Page, place: Locator, text: str) -> None:
    """Loads the page again until the workers have come so far."""

    def is_there() -> bool:
        page.reload()
        return text in place.inner_text()

    eventually(is_there, place.inner_text)


def letter_to(address: str, portal: Portal) -> str:
    """The text of the first letter to the address, once a worker has sent it."""
    letters: list[str] = []

    def has_come() -> bool:
        for file in (portal.var / "mail").glob("*"):
            letter = message_from_bytes(file.read_bytes(), policy=policy.default)
            if letter["To"] == address:
                letters.append(str(letter.get_content()))
        return bool(letters)

    eventually(has_come)
    return letters[0]


def unfold(target: Locator) -> Locator:
    """Opens whatever the element is folded into, as a reader does, and returns it."""
    for summary in target.locator("xpath=ancestor::details[not(@open)]/summary").all():
        summary.click()
    return target
