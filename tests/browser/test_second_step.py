"""The second step of log-in with a real browser and a passkey of its own: no barrier on its pages."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers_on_any_screen
from tests.browser.conftest import Portal
from tests.patience import PATIENCE_SECONDS

PASSKEYS = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(chromium: Browser, portal: Portal) -> Iterator[Page]:
    """A browser with a device that keeps passkeys; these belong to a host's name, never to its number."""
    context = chromium.new_context(base_url=portal.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
    yield page
    context.close()


def press(page: Page, button: str = "main .button--primary") -> None:
    page.locator(button).first.click()


def log_in(page: Page, portal: Portal) -> None:
    page.goto("/kk/accounts/login/")
    page.fill("input[name=login]", "deputy@bagdar.example")
    page.fill("input[name=password]", portal.passwords["deputy"])
    press(page)


def log_out(page: Page) -> None:
    page.locator(".site-reader form button").click()
    expect(page.locator(".site-reader-name")).to_have_count(0)


def test_an_app_and_a_passkey_are_set_up_and_each_lets_in(page: Page, portal: Portal) -> None:
    log_in(page, portal)
    page.goto("/kk/accounts/second-step/totp/activate/")
    assert barriers_on_any_screen(page) == []
    page.fill("input[name=password]", portal.passwords["deputy"])
    press(page)

    assert barriers_on_any_screen(page) == []
    secret = page.locator(".secret").inner_text()
    page.fill("input[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    press(page)
    expect(page).to_have_url(re.compile("recovery-codes"))
    assert barriers_on_any_screen(page) == []
    recovery = page.locator(".secrets li").first.inner_text()

    page.goto("/kk/accounts/second-step/webauthn/add/")
    assert barriers_on_any_screen(page) == []
    page.check("input[name=passwordless]")
    press(page)
    expect(page).to_have_url(re.compile("/second-step/$"))
    assert barriers_on_any_screen(page) == []
    page.goto("/kk/accounts/sessions/")
    assert barriers_on_any_screen(page) == []

    log_out(page)
    page.goto("/kk/accounts/login/")
    assert barriers_on_any_screen(page) == []
    press(page, "#passkey_login")
    expect(page.locator(".site-reader-name")).to_contain_text("deputy@")

    log_out(page)
    log_in(page, portal)
    expect(page).to_have_url(re.compile("/authenticate/"))
    assert barriers_on_any_screen(page) == []
    press(page, "#mfa_webauthn_authenticate")
    expect(page.locator(".site-reader-name")).to_contain_text("deputy@")

    log_out(page)
    log_in(page, portal)
    page.fill("input[name=code]", recovery)
    press(page)
    expect(page.locator(".site-reader-name")).to_contain_text("deputy@")
    take_everything_away(page, portal)


def take_everything_away(page: Page, portal: Portal) -> None:
    """The deputy comes in by his password alone again, as other tests have him."""
    page.goto("/kk/accounts/second-step/")
    page.locator("a[href*='/remove/']").click()
    page.fill("input[name=password]", portal.passwords["deputy"])
    press(page)
    assert barriers_on_any_screen(page) == []
    press(page, "main .button--danger")
    page.goto("/kk/accounts/second-step/totp/deactivate/")
    assert barriers_on_any_screen(page) == []
    press(page, "main .button--danger")
    expect(page).to_have_url(re.compile("/second-step/$"))
