"""Guessing is slowed down, for all web hosts together; nobody can lock somebody else out by it."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.middleware import address_of
from accounts.models import LoginFailure, User
from accounts.services.guessing import (
    CODES_OF_STRANGERS,
    FROM_A_KNOWN_DEVICE,
    FROM_A_NETWORK,
    OFTEN,
    ON_ALL_ACCOUNTS,
    TooManyAttemptsError,
    account_hash,
    begin_attempt,
    forget_failures,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quick_passwords")]

PASSWORD = "a long phrase of the test"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def deputy(user: Callable[[str], User]) -> User:
    """Whose account is guessed at."""
    person = user("deputy")
    person.set_password(PASSWORD)
    person.save()
    return person


def from_address(address: str) -> Client:
    """A browser elsewhere."""
    return Client(REMOTE_ADDR=address)


def tries(client: Client, email: str, password: str = "wrong") -> bool:
    """Whether the log-in with the password was let in."""
    answer = client.post(reverse("account_login"), {"login": email, "password": password})
    return answer.status_code == 302


def is_refused(client: Client, email: str) -> bool:
    """Whether an attempt is not even looked at."""
    answer = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
    return "quarter of an hour" in str(answer.context["form"].errors)


def let_pass(minutes: int) -> None:
    """So much time goes by."""
    LoginFailure.objects.update(at=F("at") - minutes * MINUTE)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def attack(email: str, *, times: int = OFTEN) -> None:
    """Strangers from everywhere try."""
    for number in range(times):
        tries(from_address(f"203.0.113.{number}"), email)


def test_five_wrong_passwords_from_an_address_are_looked_at(deputy: User) -> None:
    client = from_address("192.0.2.1")
    for _attempt in range(FROM_A_NETWORK):
        assert not is_refused(client, deputy.email)
    assert is_refused(client, deputy.email)
    assert not tries(client, deputy.email, PASSWORD)


def test_after_a_quarter_of_an_hour_one_may_try_again(deputy: User) -> None:
    client = from_address("192.0.2.1")
    for _attempt in range(FROM_A_NETWORK + 3):
        tries(client, deputy.email)
    let_pass(15)
    assert tries(client, deputy.email, PASSWORD)


def test_the_owner_elsewhere_is_not_locked_out_by_one_guesser(deputy: User) -> None:
    for _attempt in range(30):
        tries(from_address("192.0.2.1"), deputy.email)
    assert tries(from_address("198.51.100.1"), deputy.email, PASSWORD)


def test_the_owner_elsewhere_is_not_locked_out_by_an_attack_from_everywhere(deputy: User) -> None:
    attack(deputy.email, times=60)
    assert tries(from_address("198.51.100.1"), deputy.email, PASSWORD)


def test_under_attack_each_stranger_has_one_attempt(deputy: User) -> None:
    attack(deputy.email)
    stranger = from_address("198.51.100.1")
    assert not is_refused(stranger, deputy.email)
    assert is_refused(stranger, deputy.email)
    let_pass(15)
    assert tries(stranger, deputy.email, PASSWORD)


def test_a_known_device_is_not_slowed_down_by_strangers_of_its_own_network(deputy: User) -> None:
    known = from_address("192.0.2.1")
    assert tries(known, deputy.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _attempt in range(30):
        tries(from_address("192.0.2.1"), deputy.email)
    attack(deputy.email)
    assert not tries(known, deputy.email)
    assert tries(known, deputy.email, PASSWORD)


def test_a_stolen_device_guesses_little(deputy: User) -> None:
    known = from_address("192.0.2.1")
    tries(known, deputy.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _attempt in range(FROM_A_KNOWN_DEVICE):
        assert not is_refused(known, deputy.email)
    assert is_refused(known, deputy.email)


def test_a_device_is_known_for_its_owner_alone_and_cannot_be_made_up(
    deputy: User, user: Callable[[str], User]
) -> None:
    known = from_address("192.0.2.1")
    tries(known, deputy.email, PASSWORD)
    known.post(reverse("account_logout"))
    for _attempt in range(FROM_A_NETWORK):
        tries(known, user("analyst").email)
    assert is_refused(known, user("analyst").email)
    forger = from_address("192.0.2.9")
    forger.cookies["device"] = f"{account_hash(deputy.email)}:made-up"
    for _attempt in range(FROM_A_NETWORK):
        tries(forger, deputy.email)
    assert is_refused(forger, deputy.email)


def test_one_password_is_not_tried_on_all_accounts(deputy: User) -> None:
    sprayer = from_address("192.0.2.1")
    for number in range(ON_ALL_ACCOUNTS):
        assert not is_refused(sprayer, f"person{number}@bagdar.example")
    assert is_refused(sprayer, deputy.email)


def test_addresses_of_one_ipv6_network_are_one(deputy: User) -> None:
    for number in range(FROM_A_NETWORK):
        tries(from_address(f"2001:db8::{number:x}"), deputy.email)
    assert is_refused(from_address("2001:db8::ffff"), deputy.email)
    assert not is_refused(from_address("2001:db8:0:1::1"), deputy.email)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("203.0.113.9, 192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[::ffff:192.0.2.1]:4711", "192.0.2.1"),
        ("unknown", None),
        ("", None),
    ],
)
def test_a_proxy_may_write_a_port_behind_the_address(
    rf: RequestFactory, settings: Any, written: str, address: str | None
) -> None:
    settings.TRUSTED_PROXY = True
    assert address_of(rf.get("/", headers={"X-Forwarded-For": written}, REMOTE_ADDR="")) == address


def test_those_of_whom_no_address_is_known_are_one(deputy: User) -> None:
    """Behind a Unix socket, without a proxy's word."""
    for _attempt in range(FROM_A_NETWORK):
        assert not is_refused(from_address(""), deputy.email)
    assert is_refused(from_address(""), deputy.email)
    assert not is_refused(from_address("192.0.2.1"), deputy.email)


def test_accounts_that_do_not_exist_are_limited_alike() -> None:
    client = from_address("192.0.2.1")
    for _attempt in range(FROM_A_NETWORK):
        assert not is_refused(client, "nobody@bagdar.example")
    assert is_refused(client, "NOBODY@bagdar.example")


def test_successes_do_not_count(deputy: User) -> None:
    for _person in range(FROM_A_NETWORK + 1):
        assert tries(from_address("192.0.2.1"), deputy.email, PASSWORD)
    assert not LoginFailure.objects.exists()


def code_page(client: Client, person: User) -> str:
    answer = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return str(answer.headers["Location"])


def test_codes_are_not_guessed_from_everywhere_with_the_right_password(deputy: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(deputy, secret)
    known = from_address("192.0.2.1")
    page = code_page(known, deputy)
    right = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    assert known.post(page, {"code": right}).status_code == 302
    known.post(reverse("account_logout"))
    recovery = RecoveryCodes.activate(deputy).get_unused_codes()[0]
    for number in range(CODES_OF_STRANGERS):
        thief = from_address(f"203.0.113.{number}")
        thief.post(code_page(thief, deputy), {"code": "000000"})
    thief = from_address("198.51.100.1")
    assert thief.post(code_page(thief, deputy), {"code": recovery}).status_code == 200
    assert known.post(code_page(known, deputy), {"code": recovery}).status_code == 302


@pytest.fixture
def cache_away(settings: Any) -> None:
    """Valkey does not answer."""
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }


@pytest.mark.usefixtures("cache_away")
def test_with_the_cache_away_people_come_in_and_guessers_do_not(deputy: User) -> None:
    assert tries(from_address("192.0.2.1"), deputy.email, PASSWORD)
    for _attempt in range(FROM_A_NETWORK):
        tries(from_address("192.0.2.2"), deputy.email)
    assert is_refused(from_address("192.0.2.2"), deputy.email)


@pytest.mark.usefixtures("cache_away")
def test_with_the_cache_away_no_code_of_an_app_is_taken(deputy: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(deputy, secret)
    client = from_address("192.0.2.1")
    right = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    answer = client.post(code_page(client, deputy), {"code": right})
    assert answer.status_code == 200
    assert "passkey" in str(answer.context["form"].errors)
    assert not LoginFailure.objects.exists(), "it was the right one"


def test_failures_are_forgotten_after_a_day(deputy: User) -> None:
    tries(from_address("192.0.2.1"), deputy.email)
    assert forget_failures() == 0
    let_pass(24 * 60 + 1)
    assert forget_failures() == 1


def test_attempts_at_the_same_time_count_one_another(django_db_blocker: Any) -> None:
    """On connections of their own, as on several web hosts."""
    account = "many-at-once@bagdar.example"

    def attempt(_number: int) -> bool:
        with django_db_blocker.unblock():
            try:
                begin_attempt(account=account, device="d" * 32)
            except TooManyAttemptsError:
                return False
            else:
                return True
            finally:
                connection.close()

    try:
        with ThreadPoolExecutor(8) as pool:
            let_in = sum(pool.map(attempt, range(3 * FROM_A_KNOWN_DEVICE)))
        assert let_in <= FROM_A_KNOWN_DEVICE
    finally:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_forget, account, django_db_blocker).result()


def _forget(account: str, blocker: Any) -> None:
    with blocker.unblock():
        LoginFailure.objects.filter(account=account_hash(account)).delete()
        connection.close()
