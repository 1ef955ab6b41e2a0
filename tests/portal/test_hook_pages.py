"""The pages of webhooks: each person's own, and a secret is shown once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import AuditEvent, User
from portal.models import Delivery, Hook
from portal.services.delivering import deliver_to
from portal.services.hooking import create_hook, secret_of, send_test
from portal.views import hooks as views
from tests.portal.hooks import Machine, running

pytestmark = pytest.mark.django_db
Cast = Callable[[str], User]
Browser = Callable[[str], Client]
EVENTS = ["figures.published", "progress.changed"]
LIST = "portal:hook-list"


@pytest.fixture
def machine(settings: Settings) -> Iterator[Machine]:
    """A machine that may be told."""
    settings.WATCH_PRIVATE_HOSTS = ["127.0.0.1"]
    with running() as machine:
        yield machine


@pytest.fixture
def hook(machine: Machine, user: Cast) -> Hook:
    """The analyst's."""
    return create_hook(user=user("analyst"), url=machine.url, events=EVENTS)[0]


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deliveries leave at once: no worker is running beside a test, which never commits."""
    monkeypatch.setattr(views, "tell_hook_soon", deliver_to)


def test_the_secret_of_a_new_webhook_is_shown_once(client_of: Browser) -> None:
    client = client_of("analyst")
    sent = {"url": "https://example.org/told", "events": EVENTS, "programme": "almaty-2025"}
    answer = client.post(reverse(LIST), sent)
    hook = Hook.objects.get()
    assert secret_of(hook) in answer.content.decode()
    assert (hook.events, hook.programme and hook.programme.code) == (EVENTS, "almaty-2025")
    again = client.get(reverse(LIST)).content.decode()
    assert hook.url in again
    assert secret_of(hook) not in again
    assert AuditEvent.objects.get(action="hook.changed").details == {"state": "created"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://example.org/told"}, {"url": "https://name:word@example.org/"}, {"url": "told"},
        {"events": []}, {"events": ["everything"]}, {"indicator": "nowhere"},
        {"indicator": "neet-share", "programme": "almaty-2025"},
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(client_of: Browser, wrong: dict[str, Any]) -> None:
    sent = {"url": "https://example.org/told", "events": EVENTS, **wrong}
    answer = client_of("analyst").post(reverse(LIST), sent)
    assert "field-error" in answer.content.decode()
    assert not Hook.objects.exists()


def test_a_test_and_a_replay_leave_and_are_in_the_log(
    client_of: Browser, hook: Hook, machine: Machine, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of("analyst")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("portal:hook-test", args=[hook.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("portal:delivery-replay", args=[Delivery.objects.get().pk]))
    assert [each.headers["Bagdar-Event"] for each in machine.heard] == ["test", "test"]
    log = client.get(reverse("portal:hook-detail", args=[hook.pk])).content.decode()
    assert log.count("204") == 2


def test_a_new_secret_is_shown_once(client_of: Browser, hook: Hook) -> None:
    client, address = client_of("analyst"), reverse("portal:hook-detail", args=[hook.pk])
    before = secret_of(hook)
    answer = client.post(address).content.decode()
    hook.refresh_from_db()
    assert secret_of(hook) in answer
    assert secret_of(hook) != before
    assert secret_of(hook) not in client.get(address).content.decode()


def test_a_webhook_is_enabled_and_removed(client_of: Browser, hook: Hook, machine: Machine) -> None:
    machine.status = 500
    send_test(hook)
    deliver_to(hook.pk)
    machine.status = 200
    client = client_of("analyst")
    client.post(reverse("portal:hook-enable", args=[hook.pk]))
    assert Delivery.objects.get().state == "delivered"
    client.post(reverse("portal:hook-remove", args=[hook.pk]))
    assert not Hook.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("deputy", 403), ("coordinator", 403), ("approver", 403), ("administrator", 404)],
)
def test_nobody_else_sees_or_touches_it(client_of: Browser, hook: Hook, name: str, status: int) -> None:
    delivery, client = send_test(hook), client_of(name)
    actions = ["hook-detail", "hook-test", "hook-enable", "hook-remove"]
    addresses = [reverse(f"portal:{action}", args=[hook.pk]) for action in actions]
    addresses.append(reverse("portal:delivery-replay", args=[delivery.pk]))
    assert {client.post(address).status_code for address in addresses} == {status}
    assert client.get(addresses[0]).status_code == status
    assert Delivery.objects.get().attempts == 0


def test_the_pages_take_the_same_number_of_queries_for_any_number_of_rows(
    client_of: Browser, hook: Hook, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        create_hook(user=hook.user, url=hook.url, events=EVENTS)
        send_test(hook)
    client = client_of("analyst")
    with django_assert_max_num_queries(14):
        client.get(reverse(LIST))
    with django_assert_max_num_queries(14):
        client.get(reverse("portal:hook-detail", args=[hook.pk]))
