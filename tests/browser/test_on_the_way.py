"""Pages that exist only while somebody's work is under way: no barrier there either."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.acts import letter_to, read_until
from tests.browser.barriers import barriers_on_any_screen
from tests.browser.conftest import Portal

Reader = Callable[..., Page]
REGISTERED = re.compile(r"/inquiries/(\d{4}-\d+)/")


def link_in_a_letter(portal: Portal, to: str) -> str:
    """The path of the subscription in the letter that a worker has sent."""
    found = re.search(r"/\w\w/subscriptions/[\w-]{20,}/", letter_to(to, portal))
    assert found is not None
    return found[0]


def test_a_subscription_before_and_after_it_is_confirmed(reader: Reader, portal: Portal) -> None:
    page = reader("kk")
    page.goto("/kk/territories/almaty/")
    page.locator(".subscribe a[href*='/subscriptions/new/']").click()
    page.fill("input[name=email]", "reader@example.org")
    page.locator("main button[type=submit]").click()
    page.goto(link_in_a_letter(portal, "reader@example.org"))
    assert barriers_on_any_screen(page) == []
    page.locator("button[name=confirm]").click()
    expect(page.locator("button[name=confirm]")).to_have_count(0)
    assert barriers_on_any_screen(page) == []


def test_a_report_while_it_is_made_and_when_it_is_ready(reader: Reader) -> None:
    page = reader("ru", "deputy")
    page.goto("/ru/territories/temirtau/")
    page.locator("a[href*='/papers/new/monotowns/']").click()
    page.locator("main button[type=submit]").click()
    expect(page.locator("main a[href$='/pdf/']")).to_be_visible()
    assert barriers_on_any_screen(page) == []


def test_a_report_that_is_signed(reader: Reader) -> None:
    page = reader("kk", "approver")
    page.goto("/kk/papers/")
    page.locator("main a[href*='/papers/new/quality/']").first.click()
    page.locator("main button[type=submit]").click()
    expect(page.locator("main a[href$='/pdf/']")).to_be_visible()
    page.locator("main a[href$='/sign/']").click()
    assert barriers_on_any_screen(page) == []
    page.set_input_files("input[name=signature]", {"name": "a.p7s", "mimeType": "", "buffer": b"none"})
    page.locator("main button[type=submit]").click()
    expect(page.locator(".field-error")).to_contain_text("NCALayer")
    assert barriers_on_any_screen(page) == []


def test_an_inquiry_on_its_way(reader: Reader) -> None:
    deputy = reader("en", "deputy")
    deputy.goto("/en/inquiries/new/")
    deputy.fill("[name=number]", "DS-901")
    deputy.fill("[name=date]", "2026-11-02")
    deputy.select_option("[name=asker]", index=1)
    deputy.fill("[name=addressees]", "Deputies of the city")
    deputy.fill("[name=topic]", "Young people without work or study")
    deputy.select_option("[name=territory]", "almaty")
    deputy.locator("label.checkbox", has_text="Demo: city akimat").locator("input").check()
    deputy.locator("[name=point]").first.fill("How many are they this year?")
    deputy.locator("main .button--primary").click()
    expect(deputy).to_have_url(REGISTERED)
    code = REGISTERED.findall(deputy.url)[0]
    assert barriers_on_any_screen(deputy) == []

    approver = reader("en", "approver")
    for step in ("", "figures/", "assign/", "answer/"):
        approver.goto(f"/en/inquiries/{code}/{step}")
        expect(approver.locator("main")).to_contain_text("DS-901")
        assert barriers_on_any_screen(approver) == []


def test_a_webhook_that_may_not_be_told(reader: Reader) -> None:
    page = reader("ru", "analyst")
    page.goto("/ru/account/hooks/")
    page.fill("[name=url]", "http://127.0.0.1:9/told")
    page.locator("[name=events]").first.check()
    page.locator("main form .button--primary").click()
    expect(page.locator("main .notice--good code")).to_contain_text("whsec_")
    assert barriers_on_any_screen(page) == []
    page.locator("main table a").first.click()
    page.locator("form[action$='/test/'] button").click()
    read_until(page, page.locator("main"), "forbidden_host: 127.0.0.1")
    assert barriers_on_any_screen(page) == []


def test_the_state_of_the_portal_while_publishing_is_paused(reader: Reader) -> None:
    page, analyst = reader("en", "administrator"), reader("en", "analyst")
    page.goto("/en/status/")
    page.locator("summary", has_text="Pause publishing").click()
    page.fill("#pause-reason", "The annual revision is being checked")
    assert barriers_on_any_screen(page) == []
    page.locator("details .button--danger").click()
    expect(page.locator("main")).to_contain_text("The annual revision is being checked")
    assert barriers_on_any_screen(page) == []
    analyst.goto("/en/uploads/")
    expect(analyst.locator(".notice--risk")).to_contain_text("The annual revision is being checked")
    assert barriers_on_any_screen(analyst) == []
    page.get_by_role("button", name="End the pause").click()
    expect(page.get_by_role("button", name="End the pause")).to_have_count(0)


def test_a_person_about_to_be_erased(reader: Reader) -> None:
    page = reader("en", "administrator")
    page.goto("/en/admin/accounts/user/?q=deputy")
    page.locator("#result_list tbody input[type=checkbox]").check()
    page.select_option("select[name=action]", "erase_personal_data")
    page.locator("button[name=index]").click()
    expect(page.locator("main")).to_contain_text("deputy@bagdar.example")
    assert barriers_on_any_screen(page) == []
