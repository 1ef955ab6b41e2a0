"""Webhooks: machines are told of what changed, once it has, as long as they answer."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Mandate, User
from indicators.models import Breakdown, Indicator, Notice, Source, UntoldFigures
from indicators.notice_texts import in_words
from indicators.services.publishing import Figure, publish
from portal.models import Delivery, Hook, UntoldChange
from portal.services import delivering
from portal.services.delivering import deliver_to, due_hooks
from portal.services.hooking import (
    MOST_HOOKS,
    TooManyHooksError,
    create_hook,
    drain_news,
    enable_hook,
    prune_log,
    renew_secret,
    replay,
    secret_of,
    send_test,
)
from portal.services.noting import note_standings
from programmes.models import Kpi, Programme, Standing
from tests.portal.hooks import Machine, running

pytestmark = pytest.mark.django_db
Cast = Callable[[str], User]
ALL = ["figures.published", "figures.revised", "progress.changed"]


@pytest.fixture
def machine(settings: Settings) -> Iterator[Machine]:
    """A machine that may be told, and nothing to tell yet."""
    settings.WATCH_PRIVATE_HOSTS = ["127.0.0.1"]
    UntoldFigures.objects.all().delete()
    UntoldChange.objects.all().delete()
    with running() as machine:
        yield machine


@pytest.fixture
def hook(machine: Machine, user: Cast) -> Hook:
    """The analyst's, told of everything."""
    return create_hook(user=user("analyst"), url=machine.url, events=ALL)[0]


def figure(year: int, value: int, indicator: str = "neet-share") -> Figure:
    found = Indicator.objects.get(code=indicator)
    total, source = Breakdown.objects.get(code=""), Source.objects.get(code="bureau")
    country = Kpi.objects.first().programme.territory_id  # type: ignore[union-attr]
    start = dt.date(year, 1, 1)
    return Figure(found.pk, country, total.pk, source.pk, "A", start, Decimal(value), "A", "a test")


def tell() -> int:
    """What the sweep and its jobs do; returns how much was delivered."""
    drain_news()
    return sum(deliver_to(pk) for pk in due_hooks())


def later(hook: Hook, **fields: object) -> None:
    """Lets the time of waiting pass."""
    Hook.objects.filter(pk=hook.pk).update(next_at=timezone.now(), **fields)


def said(machine: Machine) -> list[Any]:
    return [json.loads(each.body) for each in machine.heard]


def test_published_and_revised_figures_are_told_of(machine: Machine, hook: Hook) -> None:
    publish([figure(1991, 1), figure(1992, 2)])
    assert tell() == 1
    publish([figure(1992, 3), figure(1993, 3)], reason="Corrected by the Bureau")
    assert tell() == 2
    first, *second = said(machine)
    assert (first["event"], len(first["items"])) == ("figures.published", 1)
    item = first["items"][0]
    assert (item["indicator"], item["figures"]) == ("neet-share", 2)
    assert (item["first_period"], item["last_period"]) == ("1991-01-01", "1992-01-01")
    assert [(each["event"], each["items"][0]["figures"]) for each in second] == [
        ("figures.published", 1), ("figures.revised", 1),
    ]  # fmt: skip
    assert machine.heard[0].path == "/told?of=changes"
    assert tell() == 0


def test_what_was_undone_is_not_told_of(machine: Machine, hook: Hook) -> None:
    with transaction.atomic():
        publish([figure(1991, 1)])
        assert UntoldFigures.objects.count() == 1
        transaction.set_rollback(True)
    assert tell() == 0
    assert machine.heard == []


def test_a_changed_standing_is_told_of(machine: Machine, hook: Hook) -> None:
    note_standings()
    UntoldChange.objects.all().delete()
    standing = Standing.objects.select_related("kpi__programme", "territory").exclude(standing="missed")[0]
    Standing.objects.filter(pk=standing.pk).update(standing="missed")
    assert note_standings() == 1
    assert tell() == 1
    [body] = said(machine)
    [item] = body["items"]
    assert body["event"] == "progress.changed"
    assert item["kpi"] == f"{standing.kpi.programme.code}:{standing.kpi.code}"
    assert (item["territory"], item["before"]) == (standing.territory.code, standing.standing)
    assert item["after"] == "missed"


def test_the_body_is_signed_with_the_secret_that_was_shown_once(machine: Machine, user: Cast) -> None:
    hook, secret = create_hook(user=user("analyst"), url=machine.url, events=ALL)
    send_test(hook)
    tell()
    [heard] = machine.heard
    moment, signature = (part.partition("=")[2] for part in heard.headers["Bagdar-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + heard.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, expected)
    assert abs(timezone.now().timestamp() - int(moment)) < 60
    assert heard.headers["Bagdar-Event"] == "test"
    assert heard.headers["Bagdar-Delivery"] == str(Delivery.objects.get().pk)
    stored = json.dumps(list(Hook.objects.values()), default=str)
    assert secret not in stored
    assert secret.removeprefix("whsec_") not in stored


def test_a_renewed_secret_is_another(hook: Hook) -> None:
    before = secret_of(hook)
    renewed = renew_secret(hook=hook, by=hook.user)
    assert renewed == secret_of(Hook.objects.get()) != before


def test_a_hook_hears_only_of_what_it_chose(machine: Machine, user: Cast) -> None:
    used = Kpi.objects.filter(indicator__code="neet-share").values("programme")
    other = Programme.objects.exclude(pk__in=used).first()
    neet = Indicator.objects.get(code="neet-share")
    unused = Indicator.objects.exclude(code="neet-share").first()
    mine = Programme.objects.filter(pk__in=used).first()
    wishes: list[dict[str, Any]] = [
        {"programme": other}, {"indicator": unused}, {"events": ["figures.revised"]},
        {"programme": mine}, {"indicator": neet},
    ]  # fmt: skip
    for number, wish in enumerate(wishes):
        create_hook(user=user("analyst"), url=f"{machine.url}&n={number}", **{"events": ALL, **wish})
    publish([figure(1991, 1)])
    assert tell() == 2
    assert {each.path[-1] for each in machine.heard} == {"3", "4"}


def test_a_failure_is_tried_again_ever_later_and_in_order(machine: Machine, hook: Hook) -> None:
    machine.status, machine.answer = 503, b"Out of order\0"
    send_test(hook)
    publish([figure(1991, 1)])
    assert tell() == 0
    assert len(machine.heard) == 1
    assert tell() == 0
    assert len(machine.heard) == 1, "nothing is sent before its time"
    waits = []
    for _ in range(3):
        hook.refresh_from_db()
        waits.append(round((hook.next_at - timezone.now()).total_seconds()))
        later(hook)
        tell()
    assert waits == pytest.approx([10, 20, 40], abs=2)
    delivery = hook.deliveries.get(event="test")
    assert (delivery.attempts, delivery.status, delivery.state) == (4, 503, "waiting")
    assert delivery.answer == "Out of order�"
    machine.status = 204
    later(hook)
    assert tell() == 2
    assert [each.headers["Bagdar-Event"] for each in machine.heard][-2:] == ["test", "figures.published"]
    hook.refresh_from_db()
    assert (hook.failures, hook.failing_since) == (0, None)


def test_after_a_day_of_failures_it_is_disabled_and_its_owner_told(machine: Machine, hook: Hook) -> None:
    machine.status = 500
    send_test(hook)
    tell()
    later(hook, failing_since=timezone.now() - dt.timedelta(hours=24))
    tell()
    hook.refresh_from_db()
    assert hook.disabled_at is not None
    assert hook.deliveries.get().state == "failed"
    notice = Notice.objects.get(kind="hook_disabled")
    assert notice.user == hook.user
    assert machine.url in in_words([notice])[0].title
    publish([figure(1991, 1)])
    later(hook)
    assert tell() == 0
    assert len(machine.heard) == 2
    machine.status = 200
    enable_hook(hook=hook, by=hook.user)
    publish([figure(1992, 1)])
    assert tell() == 1


def test_a_delivery_can_be_sent_again_as_it_was(machine: Machine, hook: Hook) -> None:
    publish([figure(1991, 1)])
    tell()
    replay(Delivery.objects.get())
    tell()
    first, second = machine.heard
    assert first.body == second.body
    assert first.headers["Bagdar-Delivery"] != second.headers["Bagdar-Delivery"]


def test_a_redirect_is_a_failure_and_not_followed(machine: Machine, hook: Hook) -> None:
    machine.status, machine.headers = 307, {"Location": machine.url}
    send_test(hook)
    assert tell() == 0
    assert len(machine.heard) == 1
    assert Delivery.objects.get().status == 307


def test_hosts_of_the_own_network_are_not_asked(machine: Machine, hook: Hook, settings: Settings) -> None:
    settings.WATCH_PRIVATE_HOSTS = []
    send_test(hook)
    assert tell() == 0
    assert machine.heard == []
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.answer) == (None, "forbidden_host: 127.0.0.1")


def test_whoever_answers_for_ever_is_hung_up_on(
    machine: Machine, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "SECONDS", 1)
    machine.slowly = True
    send_test(hook)
    tell()
    delivery = Delivery.objects.get()
    assert delivery.milliseconds is not None
    assert delivery.milliseconds < 3000
    assert len(delivery.answer) <= 500


def test_nobody_answering_is_noted(hook: Hook, settings: Settings) -> None:
    with running() as gone:
        url = gone.url
    Hook.objects.update(url=url)
    send_test(hook)
    assert tell() == 0
    assert Delivery.objects.get().answer.startswith("not_reached: ")


def test_who_loses_the_right_hears_nothing_more(machine: Machine, hook: Hook) -> None:
    Mandate.objects.filter(user=hook.user).delete()
    publish([figure(1991, 1)])
    send_test(hook)
    assert tell() == 0
    assert Delivery.objects.count() == 1


def test_two_workers_do_not_send_the_same(machine: Machine, hook: Hook) -> None:
    send_test(hook)
    Hook.objects.update(next_at=timezone.now() + dt.timedelta(minutes=1))
    assert deliver_to(hook.pk) == 0
    assert machine.heard == []


def test_the_log_is_pruned_and_hooks_are_counted(hook: Hook, machine: Machine) -> None:
    send_test(hook)
    tell()
    assert prune_log(timezone.now() - dt.timedelta(days=1)) == 0
    assert prune_log(timezone.now() + dt.timedelta(days=1)) == 1
    for _ in range(MOST_HOOKS - 1):
        create_hook(user=hook.user, url=machine.url, events=ALL)
    with pytest.raises(TooManyHooksError):
        create_hook(user=hook.user, url=machine.url, events=ALL)


def test_many_changes_come_in_bounded_bodies(
    machine: Machine, hook: Hook, django_assert_max_num_queries: Any
) -> None:
    codes = list(Indicator.objects.values_list("code", flat=True)[:7])
    for year in range(1950, 1970):
        publish([figure(year, 1, code) for code in codes])
    with django_assert_max_num_queries(12):
        assert drain_news() == 2
    assert sorted(len(json.loads(each.body)["items"]) for each in Delivery.objects.all()) == [40, 100]
