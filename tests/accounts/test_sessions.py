"""Log-ins: how they begin, how long they last, what ends them, and what their cookies are like."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Mandate, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quick_passwords")]

Cast = Callable[[str], User]
PASSWORD, NEW = "a long phrase of the test", "another phrase of the test"
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def log_in(user: User, *, remember: bool = False) -> Client:
    """A browser in which the user has logged in by the page."""
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    sent = {"login": user.email, "password": PASSWORD} | ({"remember": "on"} if remember else {})
    assert client.post(reverse("account_login"), sent).status_code == 302
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("indicators:notice-list")).status_code == 200


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`clock(60)`: a minute passes."""
    now = 1_800_000_000.0
    monkeypatch.setattr("accounts.middleware_sessions.time.time", lambda: now)

    def advance(seconds: int) -> None:
        nonlocal now
        now += seconds

    return advance


def test_a_session_gets_another_name_at_log_in(user: Cast) -> None:
    client, person = Client(), user("analyst")
    person.set_password(PASSWORD)
    person.save()
    session = client.session
    session["before"] = "kept"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = fixed = str(session.session_key)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.cookies[configured.SESSION_COOKIE_NAME].value != fixed
    stolen = Client()
    stolen.cookies[configured.SESSION_COOKIE_NAME] = fixed
    assert not is_in(stolen)


def test_an_idle_log_in_ends(user: Cast, clock: Callable[[int], None]) -> None:
    client = log_in(user("analyst"))
    for _hour in range(3):
        clock(119 * MINUTE)
        assert is_in(client)
    clock(120 * MINUTE)
    assert not is_in(client)


def test_a_log_in_ends_in_any_case(user: Cast, clock: Callable[[int], None]) -> None:
    client = log_in(user("analyst"))
    for _hour in range(11):
        clock(HOUR)
        assert is_in(client)
    clock(HOUR)
    assert not is_in(client)


def test_a_remembered_log_in_lasts_two_weeks(user: Cast, clock: Callable[[int], None]) -> None:
    client = log_in(user("analyst"), remember=True)
    clock(14 * DAY - 1)
    assert is_in(client)
    clock(1)
    assert not is_in(client)


@pytest.mark.parametrize("required", [True, False])
def test_who_approves_is_not_remembered(user: Cast, settings: Any, required: bool) -> None:
    settings.MFA_REQUIRED = required
    person = user("approver")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD, "remember": "on"})
    assert client.session.get_expire_at_browser_close()


def test_who_is_to_approve_later_is_remembered_no_longer(user: Cast, clock: Callable[[int], None]) -> None:
    person = user("analyst")
    client, mandate = log_in(person, remember=True), person.mandates.get()
    clock(119 * MINUTE)
    Mandate.objects.create(
        user=person, role="approver", organisation=mandate.organisation, territory=mandate.territory
    )
    assert is_in(client)
    clock(120 * MINUTE)
    assert not is_in(client)


def test_a_new_password_ends_the_log_ins_elsewhere(user: Cast) -> None:
    here, elsewhere = log_in(user("analyst")), Client()
    elsewhere.post(reverse("account_login"), {"login": user("analyst").email, "password": PASSWORD})
    assert is_in(elsewhere)
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post(reverse("account_change_password"), sent)
    assert is_in(here)
    assert not is_in(elsewhere)
    assert [letter.to for letter in mail.outbox] == [[user("analyst").email]]


def test_no_browser_keeps_the_pages_of_somebody_who_is_logged_in(user: Cast, client: Client) -> None:
    assert log_in(user("analyst")).get(reverse("home")).headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in client.get(reverse("home")).headers.get("Cache-Control", "")


def test_a_deactivated_person_is_out_at_once(user: Cast) -> None:
    client, person = log_in(user("analyst")), user("analyst")
    person.is_active = False
    person.save()
    assert not is_in(client)


def administer(client: Client, person: User, **changes: object) -> None:
    """Changes the person on the administration's page, with his one mandate as it is, or as `changes` say."""
    mandate = person.mandates.get()
    sent = {
        "email": person.email, "language": person.language, "is_active": "on",
        "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00",
        "mandates-TOTAL_FORMS": 1, "mandates-INITIAL_FORMS": 1, "mandates-0-id": mandate.pk,
        "mandates-0-user": person.pk, "mandates-0-role": mandate.role,
        "mandates-0-organisation": mandate.organisation_id, "mandates-0-territory": mandate.territory_id,
    } | changes  # fmt: skip
    answer = client.post(reverse("admin:accounts_user_change", args=[person.pk]), sent)
    assert answer.status_code == 302, answer.context["errors"]


@pytest.mark.parametrize("changes", [{"mandates-0-DELETE": "on"}, {"mandates-0-role": "deputy"}])
def test_a_lost_mandate_ends_the_log_in(
    user: Cast, client_of: Callable[[str], Client], changes: dict[str, object]
) -> None:
    client = log_in(user("analyst"))
    administer(client_of("administrator"), user("analyst"), **changes)
    assert not is_in(client)
    assert not UserSession.objects.filter(user=user("analyst")).exists()


def test_a_further_mandate_and_another_name_end_nothing(
    user: Cast, client_of: Callable[[str], Client]
) -> None:
    client, mandate = log_in(user("analyst")), user("analyst").mandates.get()
    administer(
        client_of("administrator"), user("analyst"),
        **{
            "first_name": "Aigül", "mandates-TOTAL_FORMS": 2, "mandates-1-role": "deputy",
            "mandates-1-user": user("analyst").pk,
            "mandates-1-organisation": mandate.organisation_id, "mandates-1-territory": mandate.territory_id,
        },
    )  # fmt: skip
    assert Mandate.objects.filter(user=user("analyst")).count() == 2
    assert is_in(client)


def test_a_person_sees_his_log_ins_and_ends_another(user: Cast) -> None:
    here, elsewhere = log_in(user("analyst")), Client(headers={"User-Agent": "Library computer"})
    elsewhere.post(reverse("account_login"), {"login": user("analyst").email, "password": PASSWORD})
    assert "Library computer" in here.get(reverse("usersessions_list")).content.decode()
    there = UserSession.objects.get(user_agent="Library computer")
    here.post(reverse("accounts:session-end", args=[there.pk]))
    assert is_in(here)
    assert not is_in(elsewhere)


def test_an_administrator_ends_the_log_ins_of_a_person(
    user: Cast, client_of: Callable[[str], Client]
) -> None:
    client = log_in(user("analyst"))
    chosen = {"action": "end_log_ins", "_selected_action": [user("analyst").pk]}
    client_of("administrator").post(reverse("admin:accounts_user_changelist"), chosen)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("Bagdar-2026-Almaty", False),
        ("Құпиясөз-Астана", False),
        ("statistics statistics", False),
        ("Almaty kettle orbit", True),
        ("a long phrase of the test", True),
    ],
)
def test_a_password_is_more_than_words_that_all_connect_with_the_portal(
    user: Cast, password: str, is_taken: bool
) -> None:
    person = log_in(user("analyst"))
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    person.post(reverse("account_change_password"), sent)
    assert user("analyst").check_password(password) is is_taken


@pytest.mark.parametrize("password", ["x" * 64, "пробел и ұзын сөз 🙂 и ещё", "aaaa BBBB 1111 !!!!"])
def test_any_letters_and_any_length_make_a_password(user: Cast, password: str) -> None:
    person = log_in(user("analyst"))
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    person.post(reverse("account_change_password"), sent)
    assert user("analyst").check_password(password)


def test_refusals_and_wrong_passwords_are_logged_without_a_name(
    user: Cast, client_of: Callable[[str], Client], caplog: pytest.LogCaptureFixture
) -> None:
    page = reverse("accounts:audit-list")
    client_of("analyst").get(page)
    Client().post(reverse("account_login"), {"login": user("analyst").email, "password": "wrong"})
    assert f"Refused: GET {page}, user {user('analyst').pk}, from 127.0.0.1" in caplog.text
    assert "A wrong password: account " in caplog.text
    assert "analyst@" not in caplog.text


def test_a_person_ends_all_others_at_once(user: Cast) -> None:
    here, elsewhere = log_in(user("analyst")), Client()
    elsewhere.post(reverse("account_login"), {"login": user("analyst").email, "password": PASSWORD})
    here.post(reverse("usersessions_list"))
    assert is_in(here)
    assert not is_in(elsewhere)


def test_passwords_are_kept_by_argon2_and_older_ones_become_so(user: Cast, settings: Any) -> None:
    person = user("analyst")
    argon2, pbkdf2 = configured.PASSWORD_HASHERS[-2:]
    settings.PASSWORD_HASHERS = [pbkdf2, argon2]
    person.set_password(PASSWORD)
    person.save()
    assert identify_hasher(user("analyst").password).algorithm == "pbkdf2_sha256"
    settings.PASSWORD_HASHERS = [argon2, pbkdf2]
    Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert identify_hasher(user("analyst").password).algorithm == "argon2"


def test_a_reset_does_not_tell_whether_an_address_exists(user: Cast, client: Client) -> None:
    user("analyst")
    answers = []
    for email in ("analyst@bagdar.example", "nobody@bagdar.example"):
        answer = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        answers.append((answer.redirect_chain, answer.content))
    assert answers[0] == answers[1]
    assert [letter.to for letter in mail.outbox] == [["analyst@bagdar.example"]]


def test_a_log_in_does_not_tell_whether_an_address_exists(user: Cast, client: Client) -> None:
    user("analyst")
    errors = []
    for email in ("analyst@bagdar.example", "nobody@bagdar.example"):
        page = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        errors.append(page.context["form"].errors)
    assert errors[0] == errors[1]


COOKIES = """
import django; django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN,
      s.SECURE_HSTS_SECONDS > 0, s.SECURE_SSL_REDIRECT, s.MFA_REQUIRED)
"""


@pytest.mark.parametrize(
    ("https", "expected"),
    [
        ("1", "__Host-sessionid __Host-csrftoken True True True Lax / None True True True"),
        ("", "sessionid csrftoken False False True Lax / None False False False"),
    ],
)
def test_behind_tls_cookies_belong_to_this_host_alone(https: str, expected: str) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "HTTPS": https, "SECRET_KEY": "x" * 50}
    told = subprocess.run(
        [sys.executable, "-c", COOKIES], cwd=configured.BASE_DIR, env=environment, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == expected.split()
