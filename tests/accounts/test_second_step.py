"""The second step of log-in: set up, asked for, compulsory for those who approve or administer."""

import re
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import InvalidToken
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, LoginFailure, Mandate, User
from accounts.permissions import must_have_second_factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quick_passwords")]

Cast = Callable[[str], User]
PASSWORD = "a long phrase of the test"
STRONG = ["approver", "administrator"]
OTHERS = ["analyst", "almaty.analyst", "coordinator", "deputy"]


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app shows that has the secret, now or some half minutes off."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def log_in(client: Client, user: User, **more: str) -> Any:
    """The first step."""
    user.set_password(PASSWORD)
    user.save()
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})


def set_up(client: Client) -> str:
    """Confirms the password, sets an app up and returns its secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.fixture(autouse=True)
def _committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done at a commit is done at once: a test never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **_using: do())


@pytest.fixture
def required(settings: Any) -> None:
    """As in production."""
    settings.MFA_REQUIRED = True


@pytest.mark.parametrize("name", STRONG + OTHERS)
def test_who_approves_or_administers_must_have_one(settings: Any, user: Cast, name: str) -> None:
    assert not must_have_second_factor(user(name))
    settings.MFA_REQUIRED = True
    assert must_have_second_factor(user(name)) is (name in STRONG)


@pytest.mark.usefixtures("required")
def test_an_operator_may_ask_it_of_all(settings: Any, user: Cast) -> None:
    settings.MFA_REQUIRED_FOR_ALL = True
    assert all(must_have_second_factor(user(name)) for name in STRONG + OTHERS)


@pytest.mark.usefixtures("required")
def test_staff_must_have_one_whatever_their_mandates(user: Cast) -> None:
    staff = user("deputy")
    staff.is_staff = True
    assert must_have_second_factor(staff)


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("name", STRONG)
def test_without_one_they_are_strangers_everywhere(user: Cast, client: Client, name: str) -> None:
    log_in(client, user(name))
    for page in ("admin:index", "indicators:review-list", "accounts:audit-list", "accounts:key-list"):
        answer = client.get(reverse(page))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index")), page
    assert client.post(reverse("indicators:review-approve")).headers["Location"] == reverse("mfa_index")
    assert client.get("/api/v1/reports/").status_code == 401
    assert client.get("/api/v1/recomputations/").status_code == 403
    assert client.post("/api/v1/recomputations/").status_code == 403
    assert client.get(reverse("account_login")).headers["Location"] == reverse("mfa_index")


@pytest.mark.usefixtures("required")
def test_without_one_they_read_what_is_published_and_may_leave(user: Cast, client: Client) -> None:
    log_in(client, user("approver"))
    assert client.get(reverse("home")).status_code == 200
    assert client.get("/api/v1/programmes/").status_code == 200
    shown = client.get(reverse("mfa_index")).content.decode()
    assert "approver@" in shown
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("required")
def test_once_it_is_set_up_everything_is_open(user: Cast, client: Client) -> None:
    log_in(client, user("approver"))
    set_up(client)
    assert client.get(reverse("indicators:review-list")).status_code == 200
    assert client.get("/api/v1/reports/").status_code == 200


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("name", OTHERS)
def test_others_come_in_by_password_alone(user: Cast, client: Client, name: str) -> None:
    log_in(client, user(name))
    assert client.get(reverse("indicators:notice-list")).status_code == 200


def test_where_it_is_not_required_an_approver_comes_in_by_password_alone(user: Cast, client: Client) -> None:
    log_in(client, user("approver"))
    assert client.get(reverse("indicators:review-list")).status_code == 200


@pytest.mark.usefixtures("required")
def test_an_older_session_without_it_has_to_show_it(user: Cast, client: Client) -> None:
    approver = user("approver")
    log_in(client, approver)
    secret = generate_totp_secret()
    TOTP.activate(approver, secret)
    page = reverse("indicators:review-list")
    asked = client.get(page).headers["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    shown = client.post(asked, {"code": code_of(secret), "next": page})
    assert shown.headers["Location"] == page
    assert client.get(page).status_code == 200


@pytest.mark.usefixtures("required")
def test_an_older_session_gets_no_other_factor_by_the_password_alone(user: Cast, client: Client) -> None:
    approver = user("approver")
    log_in(client, approver)
    TOTP.activate(approver, generate_totp_secret())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for page in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "account_reauthenticate",
        "account_change_password",
    ):
        asked = client.get(reverse(page)).headers["Location"]
        assert asked.startswith(reverse("mfa_reauthenticate")), page
    assert client.get(reverse("mfa_reauthenticate")).status_code == 200
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("required")
def test_nor_does_that_of_somebody_who_needs_none(user: Cast, client: Client) -> None:
    analyst = user("analyst")
    log_in(client, analyst)
    secret = generate_totp_secret()
    TOTP.activate(analyst, secret)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("indicators:report-list")).status_code == 200
    asked = client.get(reverse("mfa_add_webauthn")).headers["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    client.post(reverse("mfa_reauthenticate"), {"code": code_of(secret)})
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


@pytest.mark.usefixtures("required")
def test_a_new_mandate_to_approve_asks_for_it_at_once(user: Cast, client: Client) -> None:
    analyst = user("analyst")
    log_in(client, analyst)
    assert client.get(reverse("indicators:report-list")).status_code == 200
    mandate = analyst.mandates.get()
    Mandate.objects.create(
        user=analyst, role="approver", organisation=mandate.organisation, territory=mandate.territory
    )
    assert client.get(reverse("indicators:report-list")).headers["Location"] == reverse("mfa_index")


def test_a_log_in_with_a_factor_asks_for_its_code(user: Cast, client: Client) -> None:
    secret = generate_totp_secret()
    TOTP.activate(user("deputy"), secret)
    asked = log_in(client, user("deputy"))
    assert asked.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("indicators:notice-list")).status_code == 302
    wrong = client.post(asked.url, {"code": "000000"})
    assert wrong.status_code == 200
    assert client.post(asked.url, {"code": code_of(secret)}).status_code == 302
    assert client.get(reverse("indicators:notice-list")).status_code == 200


def test_a_code_is_good_once(user: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(user("deputy"), secret)
    code = code_of(secret)
    for typed, status in ((code, 302), (code, 200), (f"{code[:3]}-{code[3:]}", 200), (f" {code} ", 200)):
        client = Client()
        asked = log_in(client, user("deputy"))
        # allauth's own note of it has gone after half a minute, when its neighbours' time is not over
        cache.delete(f"allauth.mfa.totp.used?user={user('deputy').pk}&code={code}")
        assert client.post(asked.url, {"code": typed}).status_code == status, typed


def test_a_recovery_code_is_good_once(user: Cast) -> None:
    TOTP.activate(user("deputy"), generate_totp_secret())
    code, first, second = RecoveryCodes.activate(user("deputy")).get_unused_codes()[0], Client(), Client()
    for client, status in ((first, 302), (second, 200)):
        asked = log_in(client, user("deputy"))
        assert client.post(asked.url, {"code": code}).status_code == status


def test_while_the_cache_is_away_a_recovery_code_comes_in_and_an_app_does_not(
    user: Cast, settings: Any
) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    secret = generate_totp_secret()
    TOTP.activate(user("deputy"), secret)
    recovery = RecoveryCodes.activate(user("deputy")).get_unused_codes()[0]
    for code, status in ((code_of(secret), 200), (recovery, 302), (recovery, 200)):
        client = Client()
        asked = log_in(client, user("deputy"))
        assert client.post(asked.url, {"code": code}).status_code == status


def test_secrets_are_stored_encrypted(user: Cast, client: Client, settings: Any) -> None:
    log_in(client, user("deputy"))
    secret = set_up(client)
    app = Authenticator.objects.get(type="totp")
    recovery = Authenticator.objects.get(type="recovery_codes")
    assert secret not in str(app.data)
    assert get_adapter().decrypt(app.data["secret"]) == secret
    settings.SECRET_KEY = "another key of fifty characters and then some more of them"
    for stored in (app.data["secret"], recovery.data["seed"]):
        with pytest.raises(InvalidToken):
            get_adapter().decrypt(stored)


def test_a_key_is_changed_without_anybody_noticing(user: Cast, settings: Any) -> None:
    settings.MFA_KEYS = ["the first key, long enough to be one"]
    secret = generate_totp_secret()
    TOTP.activate(user("deputy"), secret)
    codes = RecoveryCodes.activate(user("deputy")).get_unused_codes()
    settings.MFA_KEYS = ["the second key, long enough to be one", *settings.MFA_KEYS]
    call_command("rotate_mfa_keys")
    settings.MFA_KEYS = settings.MFA_KEYS[:1]
    app, recovery = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    assert get_adapter().decrypt(app.data["secret"]) == secret
    assert recovery.wrap().get_unused_codes() == codes


@pytest.fixture
def lost_key(user: Cast, settings: Any) -> str:
    """A recovery code that was good before the key was lost."""
    TOTP.activate(user("deputy"), generate_totp_secret())
    code: str = RecoveryCodes.activate(user("deputy")).get_unused_codes()[0]
    settings.SECRET_KEY = "another key of fifty characters and then some more of them"
    return code


def test_with_a_lost_key_people_are_told_what_to_do(user: Cast, client: Client, lost_key: str) -> None:
    asked = log_in(client, user("deputy"))
    for code in (lost_key, "000000"):
        answer = client.post(asked.url, {"code": code})
        assert answer.status_code == 200
        assert str(get_adapter().error_messages["codes_unreadable"]) in str(answer.context["form"].errors)
    assert not LoginFailure.objects.exists()


@pytest.mark.usefixtures("lost_key")
def test_with_a_lost_key_the_page_of_the_steps_opens(client: Client, user: Cast) -> None:
    client.force_login(user("deputy"))
    text = client.get("/en/accounts/second-step/").content.decode()
    assert "the portal has lost the key to them" in text
    assert "/recovery-codes/" not in text


@pytest.mark.usefixtures("lost_key")
@pytest.mark.parametrize("page", ["view", "download", "generate"])
def test_with_a_lost_key_the_pages_of_the_codes_lead_there(client: Client, user: Cast, page: str) -> None:
    log_in(client, user("deputy"))
    client.force_login(user("deputy"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.get(reverse(f"mfa_{page}_recovery_codes"))
    assert answer.headers["Location"] == reverse("mfa_index")


def test_with_another_secret_that_can_be_read_it_may_be_a_guess(
    user: Cast, client: Client, lost_key: str
) -> None:
    Authenticator.objects.filter(type="totp").delete()
    TOTP.activate(user("deputy"), generate_totp_secret())
    asked = log_in(client, user("deputy"))
    assert client.post(asked.url, {"code": lost_key}).status_code == 200
    assert LoginFailure.objects.count() == 1


@pytest.mark.usefixtures("_sealed", "lost_key")
def test_an_operator_removes_what_no_key_opens(user: Cast, client: Client) -> None:
    passkey = Authenticator.objects.create(user=user("analyst"), type="webauthn", data={"name": "Phone"})
    kept = TOTP.activate(user("analyst"), generate_totp_secret()).instance
    with pytest.raises(CommandError, match="--drop-unreadable"):
        call_command("rotate_mfa_keys")
    assert Authenticator.objects.count() == 4
    told = StringIO()
    call_command("rotate_mfa_keys", drop_unreadable=True, stdout=told)
    assert "2 secrets that no key opens were removed" in told.getvalue()
    assert set(Authenticator.objects.all()) == {passkey, kept}
    reset = AuditEvent.objects.filter(action="factor.reset", subject=f"user:{user('deputy').pk}")
    assert reset.count() == 2
    assert log_in(client, user("deputy")).status_code == 302
    assert client.get(reverse("indicators:notice-list")).status_code == 200


def test_the_square_code_fits_the_content_security_policy(user: Cast, client: Client) -> None:
    log_in(client, user("deputy"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    html, policy = page.content.decode(), page.headers["Content-Security-Policy"]
    assert 'src="data:image/svg+xml;base64,' in html
    assert "img-src 'self' data:" in policy
    assert not re.search(r"<[^>]+ style=|<style|<script(?![^>]*(src=|application/json))", html)


@pytest.mark.usefixtures("required")
def test_who_must_have_one_keeps_the_last(user: Cast, client: Client) -> None:
    log_in(client, user("approver"))
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type="totp").exists()


@pytest.mark.usefixtures("required")
def test_who_must_have_one_keeps_the_last_passkey(user: Cast, client: Client) -> None:
    log_in(client, user("approver"))
    set_up(client)
    passkey = Authenticator.objects.create(user=user("approver"), type="webauthn", data={"name": "Phone"})
    Authenticator.objects.filter(type="totp").delete()
    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


@pytest.mark.usefixtures("required")
def test_an_address_that_nobody_confirmed_is_no_obstacle(user: Cast, client: Client) -> None:
    EmailAddress.objects.create(user=user("approver"), email=user("approver").email, verified=False)
    log_in(client, user("approver"))
    set_up(client)
    assert client.get(reverse("indicators:review-list")).status_code == 200


def test_a_person_does_not_change_his_own_address(user: Cast, client: Client) -> None:
    log_in(client, user("deputy"))
    sent = {"action_add": "", "email": "another@bagdar.example"}
    assert client.post(reverse("account_email"), sent).headers["Location"] == reverse("mfa_index")
    assert not EmailAddress.objects.filter(email="another@bagdar.example").exists()


def test_nobody_touches_anothers_passkey(user: Cast, client: Client) -> None:
    log_in(client, user("deputy"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    foreign = Authenticator.objects.create(user=user("analyst"), type="webauthn", data={"name": "Phone"})
    for page in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(page, args=[foreign.pk])).status_code == 404
        assert client.post(reverse(page, args=[foreign.pk]), {"name": "Mine"}).status_code == 404


@pytest.mark.usefixtures("_sealed")
def test_what_happens_to_factors_is_in_the_trail_and_in_the_post(user: Cast, client: Client) -> None:
    log_in(client, user("deputy"))
    set_up(client)
    client.post(reverse("mfa_deactivate_totp"))
    actions = AuditEvent.objects.order_by("number").values_list("action", flat=True)
    assert {"login.entered", "factor.added", "factor.removed"} <= set(actions)
    assert [letter.to for letter in mail.outbox] == [["deputy@bagdar.example"]] * 2


def test_an_administrator_frees_who_has_lost_his_phone(
    user: Cast, client_of: Callable[[str], Client]
) -> None:
    TOTP.activate(user("deputy"), generate_totp_secret())
    chosen = {"action": "remove_second_steps", "_selected_action": [user("deputy").pk]}
    client_of("administrator").post(reverse("admin:accounts_user_changelist"), chosen)
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="factor.reset", subject=f"user:{user('deputy').pk}").exists()
