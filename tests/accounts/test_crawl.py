"""Every address × method × who asks, from the URL configuration: what is not in a table here fails.

Who may do what on his own and on foreign rows is told by test_every_address.py (pages) and by
test_every_api_address.py (API); here is what they leave out: methods that a page does not take, addresses
for everybody, the pages of log-in, and the whole administration.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from tests.accounts.crawling import Place, places
from tests.accounts.test_every_address import ADDRESSES, ELSEWHERE
from tests.accounts.test_every_api_address import METHODS, PRIVATE, TABLE

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]
UNSAFE = METHODS[1:]
READ = {
    "", "choose-language", "home", "papers:paper-detail", "papers:paper-file", "papers:paper-list",
    "papers:paper-progress", "papers:reply-letter", "portal:changes-feed", "portal:comparison",
    "portal:deputy", "portal:indicator-detail", "portal:indicator-list", "portal:kpi-feed",
    "portal:programme-feed", "portal:search", "portal:style", "portal:territory-detail",
    "portal:territory-feed", "portal:territory-list", "programmes:city-strategy-checklist",
    "programmes:city-strategy-method", "programmes:discrepancy-detail", "programmes:discrepancy-list",
    "programmes:employment-map", "programmes:funding-detail", "programmes:funding-overview",
    "programmes:goal-detail", "programmes:indicator-kpis", "programmes:inquiry-detail",
    "programmes:inquiry-list", "programmes:kpi-breakdowns", "programmes:kpi-chart",
    "programmes:kpi-chart-png", "programmes:kpi-detail", "programmes:kpi-embed", "programmes:kpi-list",
    "programmes:kpi-places", "programmes:kpi-revisions", "programmes:measure-detail",
    "programmes:measure-list", "programmes:measure-overview", "programmes:method-list",
    "programmes:monotown-method", "programmes:monotown-town", "programmes:programme-day",
    "programmes:programme-detail", "programmes:programme-list", "programmes:programme-on-day",
    "programmes:programme-progress", "programmes:programme-rules", "programmes:provenance-list",
    "programmes:quality-list", "programmes:rule-list", "security-txt", "indicators:entry-evidence",
}  # fmt: skip
"""Everybody reads (or is told that there is nothing); nothing is ever written here."""
ASKED = {
    "programmes:rural-method", "portal:subscription-new", "portal:subscription-detail",
    "portal:subscription-end",
}  # fmt: skip
"""Everybody may fill in a form here."""
HOOKS = {
    "portal:hook-list", "portal:hook-detail", "portal:hook-test", "portal:hook-enable", "portal:hook-remove",
    "portal:delivery-replay",
}  # fmt: skip
WORK = set(ADDRESSES) | ELSEWHERE | HOOKS
FOR_ALL_INSIDE = {
    "accounts:session-end", "indicators:notice-detail", "indicators:notice-list",
    "indicators:notice-preferences", "indicators:notice-read", "usersessions_list",
}  # fmt: skip
"""Whoever is logged in, with a mandate or without, has these for himself."""
DOOR = {
    "account_confirm_email", "account_email", "account_email_verification_sent", "account_inactive",
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_signup",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled",
    "socialaccount_login_error",
}  # fmt: skip
"""Strangers get something of these: the ways in, and the word that the way is closed."""
OWN_LOG_IN = {
    "account_change_password", "account_confirm_login_code", "account_reauthenticate",
    "account_set_password", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate",
    "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn",
    "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    "usersessions_list",
}  # fmt: skip
OPEN_ADMIN = {"admin:login", "admin:logout"}
"""Of the administration strangers see the way in, which leads to the portal's log-in, and the way out."""
FOR_STAFF = {
    "admin:index", "admin:jsi18n", "admin:password_change", "admin:password_change_done",
}  # fmt: skip
"""Whoever is staff has these, without a permission for any model."""

PLACES = places()


def of(names: Iterable[str]) -> list[Place]:
    wanted = set(names)
    return [place for place in PLACES if place.name in wanted]


@pytest.fixture(autouse=True)
def _brief_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a refusal looks like is told elsewhere; here there are thousands."""
    for status in (403, 404):

        def refuse(request: HttpRequest, exception: Exception, status: int = status) -> HttpResponse:
            return HttpResponse(status=status)

        monkeypatch.setattr(f"config.urls.handler{status}", refuse, raising=False)


@pytest.fixture
def plain(db: None) -> Client:
    """Somebody who may log in, and has no mandate."""
    client = Client()
    client.force_login(User.objects.create_user("plain@bagdar.example"))
    return client


@pytest.fixture
def staff(db: None) -> Client:
    """Staff of the administration without a permission."""
    client = Client()
    client.force_login(User.objects.create_user("staff@bagdar.example", is_staff=True))
    return client


def answers(client: Client, asked: Iterable[Place], methods: Iterable[str]) -> dict[tuple[str, str], str]:
    """By name (or path) and method: the status, "in" where strangers are sent to log in."""
    found = {}
    for place in asked:
        for method in methods:
            answer: Any = getattr(client, method)(place.path)
            is_sent = answer.status_code == 302 and "/login/" in answer.headers["Location"]
            found[place.name or place.path, method] = "in" if is_sent else str(answer.status_code)
    return found


def others(found: dict[tuple[str, str], str], *expected: str) -> dict[tuple[str, str], str]:
    """The answers that are none of those expected."""
    return {place: status for place, status in found.items() if status not in expected}


def test_no_address_is_forgotten() -> None:
    named = {place.name for place in PLACES if not place.name.startswith("admin:")}
    assert named == READ | ASKED | WORK | DOOR | OWN_LOG_IN
    assert {place.path for place in PLACES if not place.name} == {"/", "/healthz", "/metrics", "/readyz"}


@pytest.mark.parametrize("name", ["anonymous", "analyst", "administrator"])
def test_what_is_for_reading_is_only_read(client_of: Browsers, name: str) -> None:
    assert others(answers(client_of(name), of(READ), UNSAFE), "405") == {}


@pytest.mark.parametrize("name", ["anonymous", "administrator"])
def test_forms_for_everybody_are_only_read_and_posted(client_of: Browsers, name: str) -> None:
    assert others(answers(client_of(name), of(ASKED), UNSAFE[1:]), "405") == {}


def test_strangers_are_sent_to_log_in_whatever_they_send(client_of: Browsers) -> None:
    """Only the evidence of a figure may be public: that is told by the figure."""
    inside = of((WORK | OWN_LOG_IN) - READ)
    assert others(answers(client_of("anonymous"), inside, METHODS), "in") == {
        ("mfa_login_webauthn", "patch"): "405",
        ("mfa_login_webauthn", "delete"): "405",
    }


def test_without_a_mandate_one_is_refused_whatever_one_sends(plain: Client) -> None:
    inside = of(WORK - FOR_ALL_INSIDE - READ)
    assert others(answers(plain, inside, METHODS), "403", "404") == {}


@pytest.mark.parametrize("name", ["analyst", "approver", "coordinator", "deputy", "administrator"])
def test_nobody_puts_patches_or_deletes_by_a_page(client_of: Browsers, name: str) -> None:
    assert others(answers(client_of(name), of(WORK), ("put", "patch", "delete")), "403", "404", "405") == {}


def test_strangers_see_nothing_of_the_administration(client_of: Browsers) -> None:
    closed = [place for place in PLACES if place.name.startswith("admin:") and place.name not in OPEN_ADMIN]
    assert len(closed) > 200
    assert others(answers(client_of("anonymous"), closed, METHODS), "in") == {}


def test_people_who_are_not_staff_see_nothing_of_the_administration(client_of: Browsers) -> None:
    closed = [place for place in PLACES if place.name.startswith("admin:") and place.name not in OPEN_ADMIN]
    for name in ("analyst", "approver"):
        assert others(answers(client_of(name), closed, ("get", "post")), "in", "403") == {}


def test_staff_without_a_permission_are_refused_by_every_model(staff: Client) -> None:
    models = [
        place
        for place in PLACES
        if place.name.startswith("admin:") and place.name not in OPEN_ADMIN | FOR_STAFF
    ]
    before = AuditEvent.objects.count()
    found = others(answers(staff, models, ("get", "post")), "403", "404", "405")
    # The bare number of a row leads to its page, which refuses; the history of no row leads to the start.
    assert {name for name, _method in found if name != "admin:" and not name.endswith("_history")} == set()
    assert set(found.values()) <= {"302"}
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", ["anonymous", "analyst", "approver", "administrator"])
def test_the_api_takes_no_other_method(client_of: Browsers, name: str) -> None:
    client = client_of(name)
    found: dict[tuple[str, str], str] = {}
    for pattern in PRIVATE:
        arguments = dict.fromkeys(pattern.pattern.regex.groupindex, "1")
        place = Place(str(pattern.name), reverse(str(pattern.name), kwargs=arguments))
        offered = {method for address, method in TABLE if address == pattern.name}
        found |= answers(client, [place], set(METHODS) - offered)
    assert len(found) > 20
    # 415: what is sent is not even looked at, whatever the method.
    assert others(found, "401", "403", "405", "415") == {}
