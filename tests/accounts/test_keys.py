"""API keys: issued once, kept as a hash, closed at will."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.services.keys import Scope, find_key, issue_key, revoke_key

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
DAY = dt.timedelta(days=1)


def issued(user: User, **kwargs: dt.datetime) -> tuple[ApiKey, str]:
    return issue_key(user=user, label="Nightly export", scopes=[Scope.UPLOADS], **kwargs)


def test_a_key_is_found_by_its_text_alone(user: Cast) -> None:
    key, text = issued(user("analyst"))
    assert find_key(text) == key
    for wrong in (text[:-1], f"{key.prefix}.", key.prefix, "", text.swapcase()):
        assert find_key(wrong) is None


def test_only_its_hash_is_kept(user: Cast) -> None:
    key, text = issued(user("analyst"))
    secret = text.split(".")[1]
    assert all(secret not in str(value) for value in ApiKey.objects.filter(pk=key.pk).values().get().values())


def test_a_revoked_an_expired_and_a_strangers_key_open_nothing(user: Cast) -> None:
    key, text = issued(user("analyst"))
    revoke_key(key=key)
    assert find_key(text) is None
    _key, expired = issued(user("analyst"), expires_at=timezone.now() - DAY)
    assert find_key(expired) is None
    _key, valid = issued(user("analyst"), expires_at=timezone.now() + DAY)
    assert find_key(valid)
    User.objects.filter(pk=user("analyst").pk).update(is_active=False)
    assert find_key(valid) is None


def test_its_last_use_is_noted(user: Cast) -> None:
    key, text = issued(user("analyst"))
    find_key(text)
    key.refresh_from_db()
    assert key.last_used_at
    assert timezone.now() - key.last_used_at < dt.timedelta(minutes=1)


def test_the_page_shows_a_new_key_once(client_of: Browser) -> None:
    client, page = client_of("analyst"), reverse("accounts:key-list")
    response = client.post(page, {"label": "Nightly export", "scopes": "uploads", "expires_on": ""})
    found = re.search(r"Api-Key ([0-9a-f]{10}\.[\w-]+)", response.content.decode())
    assert found
    assert find_key(found[1]) == ApiKey.objects.get()
    assert "no-store" in response.headers["Cache-Control"]
    again = client.get(page).content.decode()
    assert found[1] not in again
    assert "Nightly export" in again


def test_it_works_to_the_end_of_its_last_day(client_of: Browser) -> None:
    today, sent = timezone.localdate(), {"label": "For today", "scopes": "uploads"}
    client, page = client_of("analyst"), reverse("accounts:key-list")
    client.post(page, {**sent, "expires_on": (today - DAY).isoformat()})
    assert not ApiKey.objects.exists()
    client.post(page, {**sent, "expires_on": today.isoformat()})
    expires_at = ApiKey.objects.get().expires_at
    assert expires_at is not None
    assert timezone.localtime(expires_at).replace(tzinfo=None) == dt.datetime.combine(today + DAY, dt.time())


def test_a_person_sees_and_revokes_his_own_keys_only(client_of: Browser, user: Cast) -> None:
    key, text = issued(user("analyst"))
    page, revoke = reverse("accounts:key-list"), reverse("accounts:key-revoke", args=[key.pk])
    assert "Nightly export" not in client_of("almaty.analyst").get(page).content.decode()
    assert client_of("almaty.analyst").post(revoke).status_code == 404
    assert find_key(text)
    assert client_of("analyst").post(revoke).status_code == 302
    assert find_key(text) is None


@pytest.mark.parametrize(
    ("name", "offered"), [("analyst", ["uploads", "entries", "papers"]), ("approver", ["approval", "papers"])]
)
def test_a_person_is_offered_what_he_may_do(client_of: Browser, name: str, offered: list[str]) -> None:
    client, page = client_of(name), reverse("accounts:key-list")
    assert [code for code, _label in client.get(page).context["form"].fields["scopes"].choices] == offered
    client.post(page, {"label": "All", "scopes": ["uploads", "entries", "approval"]})
    client.post(page, {"label": "None"})
    assert not ApiKey.objects.exists()
    client.post(page, {"label": "Mine", "scopes": offered})
    assert ApiKey.objects.get().scopes == offered
