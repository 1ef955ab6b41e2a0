"""Single sign-on of the government, against a real provider on the loopback."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from config.settings_safety import sign_on_providers
from tests.accounts.provider import CLIENT, SECRET, Provider, running
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
ANALYST = {
    "sub": "number-17",
    "email": "Analyst@bagdar.example",
    "email_verified": True,
    "name": "A. Analyst",
}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """Configured as an operator would."""
    with running() as found:
        settings.SOCIALACCOUNT_PROVIDERS = sign_on_providers(found.url, CLIENT, SECRET, "eGov")
        found.person = dict(ANALYST)
        yield found


def sign_on(client: Client) -> Any:
    """From the portal to the provider and back; the portal's answer."""
    begun = client.post(reverse("openid_connect_login", args=["government"]))
    assert begun.status_code == 302, begun.content.decode()
    told = requests.get(begun.headers["Location"], allow_redirects=False, timeout=PATIENCE_SECONDS)
    back = told.headers["Location"]
    address = urlsplit(back)
    assert address.path == "/sso/government/login/callback/"
    return client.get(f"{address.path}?{address.query}")


def is_in(client: Client) -> bool:
    return client.get(reverse("indicators:notice-list")).status_code == 200


@pytest.mark.usefixtures("user")
def test_an_existing_person_comes_in(client: Client, provider: Provider) -> None:
    assert sign_on(client).status_code == 302
    assert is_in(client)
    assert SocialAccount.objects.get().user == User.objects.get(email="analyst@bagdar.example")
    assert [letter.to for letter in mail.outbox] == [["analyst@bagdar.example"]]
    assert AuditEvent.objects.filter(action="login.linked").exists()
    assert {"/authorize", "/token", "/userinfo"} <= set(provider.asked)


@pytest.mark.usefixtures("provider")
def test_the_log_in_page_offers_it_and_may_lead_there(client: Client) -> None:
    page = client.get(reverse("account_login"))
    assert "eGov" in page.content.decode()


def test_without_configuration_it_is_not_offered(client: Client) -> None:
    assert "/sso/" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("openid_connect_login", args=["government"])).status_code == 404


def test_an_unknown_person_gets_a_clear_page_and_no_account(client: Client, provider: Provider) -> None:
    provider.person["email"] = "somebody@else.example"
    before = User.objects.count()
    answer = sign_on(client)
    assert answer.status_code == 403
    assert "somebody@else.example" in answer.content.decode()
    assert not is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


@pytest.mark.parametrize("verified", [False, None, "false", "true"])
def test_an_address_that_is_not_verified_opens_nothing(
    client: Client, provider: Provider, verified: object
) -> None:
    provider.person["email_verified"] = verified
    assert sign_on(client).status_code == 403
    assert not is_in(client)


def test_afterwards_the_number_stands_for_the_person(client: Client, provider: Provider, user: Cast) -> None:
    sign_on(Client())
    provider.person["email"] = "renamed@bagdar.example"
    sign_on(client)
    assert client.get(reverse("indicators:notice-list")).wsgi_request.user == user("analyst")


def test_a_new_owner_of_an_address_does_not_inherit_the_account(client: Client, provider: Provider) -> None:
    sign_on(Client())
    provider.person["sub"] = "number-18"
    assert sign_on(client).status_code == 403
    assert not is_in(client)


def test_a_deactivated_person_stays_out(client: Client, provider: Provider) -> None:
    User.objects.filter(email="analyst@bagdar.example").update(is_active=False)
    sign_on(client)
    assert not is_in(client)


def test_the_second_step_is_asked_for_as_ever(client: Client, provider: Provider, user: Cast) -> None:
    TOTP.activate(user("analyst"), generate_totp_secret())
    assert sign_on(client).headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


@pytest.mark.parametrize(
    "told", [{"aud": "another client"}, {"iss": "https://another.example"}, {"exp": 1}, {"sub": "another"}]
)
def test_tokens_for_others_or_of_others_open_nothing(
    client: Client, provider: Provider, told: dict[str, Any]
) -> None:
    provider.told = told
    assert sign_on(client).status_code in {401, 403}
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.usefixtures("provider")
def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client) -> None:
    begun = Client().post(reverse("openid_connect_login", args=["government"]))
    told = requests.get(begun.headers["Location"], allow_redirects=False, timeout=PATIENCE_SECONDS)
    back = told.headers["Location"]
    address = urlsplit(back)
    assert "state" in parse_qs(address.query)
    client.get(f"{address.path}?{address.query}")
    assert not is_in(client)


def test_a_provider_that_is_away_is_said_to_be(client: Client, provider: Provider, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = sign_on_providers("http://127.0.0.1:1", CLIENT, SECRET, "eGov")
    answer = client.post(reverse("openid_connect_login", args=["government"]))
    assert answer.status_code == 503
    assert reverse("account_login") in answer.content.decode()


@pytest.mark.usefixtures("provider")
def test_signing_on_begins_with_a_form_never_with_a_link(client: Client) -> None:
    answer = client.get(reverse("openid_connect_login", args=["government"]))
    assert "Location" not in answer.headers
    assert Client(enforce_csrf_checks=True).post(answer.wsgi_request.path).status_code == 403


def test_an_administrator_unlinks_a_person(
    provider: Provider, user: Cast, client_of: Callable[[str], Client]
) -> None:
    sign_on(Client())
    chosen = {"action": "unlink_sign_on", "_selected_action": [user("analyst").pk]}
    client_of("administrator").post(reverse("admin:accounts_user_changelist"), chosen)
    assert not SocialAccount.objects.exists()
