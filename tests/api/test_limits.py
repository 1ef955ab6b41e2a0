"""Who asks more often than the published limit is told so, and nobody pays for another."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.services.keys import issue_key, revoke_key
from common.rest import throttling

pytestmark = pytest.mark.django_db
UNITS = "/api/v1/units/"


@pytest.fixture(autouse=True)
def _limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small ones, in a minute that stands still."""
    settings.API_LIMITS = {"address": 2, "key": 4, "uploads": 3, "working": 3}
    minute = throttling.now() // 60 * 60
    monkeypatch.setattr(throttling, "now", lambda: minute + 20)


def statuses(client: Client, times: int, address: str = "192.0.2.1") -> list[int]:
    return [client.get(UNITS, REMOTE_ADDR=address).status_code for _ in range(times)]


def test_every_answer_says_the_limit_and_what_is_left_of_it() -> None:
    first, second = (Client().get(UNITS) for _ in range(2))
    assert first.headers["RateLimit-Policy"] == '"address";q=2;w=60'
    assert first.headers["RateLimit"] == '"address";r=1;t=40'
    assert second.headers["RateLimit"] == '"address";r=0;t=40'


def test_one_too_many_is_a_numbered_problem_that_says_when_to_come_back() -> None:
    statuses(Client(), 2, "127.0.0.1")
    late = Client().get(UNITS, headers={"Accept-Language": "en"})
    assert (late.status_code, late.headers["Retry-After"]) == (429, "40")
    assert late.headers["RateLimit"] == '"address";r=0;t=40'
    problem = late.json()
    assert (problem["code"], problem["errors"][0]["number"]) == ("throttled", 4003)
    assert "40" in problem["errors"][0]["cure"]


def test_the_next_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert statuses(Client(), 3) == [200, 200, 429]
    later = throttling.now() + 60
    monkeypatch.setattr(throttling, "now", lambda: later)
    assert statuses(Client(), 1) == [200]


def test_addresses_are_counted_apart_and_an_ipv6_household_as_one() -> None:
    assert statuses(Client(), 3) == [200, 200, 429]
    assert statuses(Client(), 1, "192.0.2.2") == [200]
    assert statuses(Client(), 2, "2001:db8::1") == [200, 200]
    assert statuses(Client(), 1, "2001:db8::2") == [429]
    assert statuses(Client(), 1, "2001:db8:0:1::2") == [200]


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(settings: Settings) -> None:
    def ask(number: int) -> int:
        return Client().get(UNITS, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code

    assert [ask(number) for number in range(3)] == [200, 200, 429]
    settings.TRUSTED_PROXY = True
    assert [ask(number) for number in range(3)] == [200, 200, 200]


def test_a_good_key_has_a_limit_of_its_own_and_a_bad_one_has_none(django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user("machine@example.org")
    key, text = issue_key(user=user, label="Nightly copy", scopes=[])
    machine = Client(headers={"Authorization": f"Api-Key {text}"})
    assert statuses(Client(), 3) == [200, 200, 429]
    assert statuses(machine, 5) == [200, 200, 200, 200, 429]
    revoke_key(key=key)
    assert statuses(machine, 1) == [429]
    assert statuses(machine, 1, "192.0.2.9") == [200]


def test_what_is_kept_or_unchanged_is_not_counted(settings: Settings) -> None:
    where = settings.MIDDLEWARE.index("accounts.middleware.limits_middleware") + 1
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:where], "portal.caching.PublicPages", *settings.MIDDLEWARE[where:]
    ]  # fmt: skip
    client = Client()
    computed = client.get(UNITS)
    assert computed.headers["RateLimit"] == '"address";r=1;t=40'
    for _ in range(3):
        kept = client.get(UNITS)
        same = client.get(UNITS, headers={"If-None-Match": computed.headers["ETag"]})
        assert (kept.status_code, same.status_code) == (200, 304)
        assert kept.headers["RateLimit-Policy"] == same.headers["RateLimit-Policy"] == '"address";q=2;w=60'
        assert "RateLimit" not in {*kept.headers, *same.headers}
    assert client.get(UNITS, {"limit": 1}).headers["RateLimit"] == '"address";r=0;t=40'


def test_without_redis_nobody_is_refused(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    assert statuses(Client(), 5) == [200] * 5


def test_nought_is_no_limit(settings: Settings) -> None:
    settings.API_LIMITS = {"address": 0, "key": 0, "uploads": 0, "working": 0}
    answer = Client().get(UNITS)
    assert not [name for name in answer.headers if re.match("ratelimit", name, re.IGNORECASE)]
