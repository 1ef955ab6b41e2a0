"""Webhooks: who owns them, and what is put in line for each (docs/api/webhooks.md)."""

import base64
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.permissions import Action, users_who_may
from accounts.services.auditing import record
from indicators.models import Indicator, UntoldFigures
from portal.models import Delivery, Hook, StandingChange, UntoldChange
from portal.models.hooks import TEST, Event, new_salt
from programmes.models import Kpi, Programme

MOST_HOOKS = 20
"""Of one person."""
MOST_ITEMS = 100
"""Of one delivery; more come in the next one."""


class Item(NamedTuple):
    """Something that has happened: what is said of it, and by what it may be chosen."""

    event: Event
    indicator: int
    programmes: frozenset[int]
    said: Mapping[str, Any]


class TooManyHooksError(Exception):
    """Somebody wants more webhooks than one person may have."""


def secret_of(hook: Hook) -> str:
    """What its deliveries are signed with: made of the portal's secret and the hook's salt, kept nowhere."""
    digest = salted_hmac("portal.hooks", hook.salt, algorithm="sha256").digest()
    return "whsec_" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@transaction.atomic
def create_hook(
    *,
    user: User,
    url: str,
    events: Sequence[str],
    indicator: Indicator | None = None,
    programme: Programme | None = None,
) -> tuple[Hook, str]:
    """A new hook and its secret."""
    User.objects.select_for_update().get(pk=user.pk)
    if Hook.objects.filter(user=user).count() >= MOST_HOOKS:
        raise TooManyHooksError
    hook = Hook.objects.create(
        user=user, url=url, events=list(events), indicator=indicator, programme=programme
    )
    _record(hook, user, "created")
    return hook, secret_of(hook)


@transaction.atomic
def renew_secret(*, hook: Hook, by: User) -> str:
    """Another secret in place of the old one, which signs nothing any more."""
    hook.salt = new_salt()
    hook.save(update_fields=["salt"])
    _record(hook, by, "renewed")
    return secret_of(hook)


@transaction.atomic
def enable_hook(*, hook: Hook, by: User) -> None:
    """Lets a disabled hook hear again of what happens from now on."""
    fresh = {"disabled_at": None, "failures": 0, "failing_since": None, "next_at": timezone.now()}
    Hook.objects.filter(pk=hook.pk).update(**fresh)
    _record(hook, by, "enabled")


@transaction.atomic
def remove_hook(*, hook: Hook, by: User) -> None:
    """Takes the hook and its log away."""
    _record(hook, by, "removed")
    hook.delete()


def _record(hook: Hook, by: User, state: str) -> None:
    """The audit trail keeps which address was told, never the secret."""
    record("hook.changed", subject=f"hook:{hook.pk}", label=hook.url, by=by, details={"state": state})


def send_test(hook: Hook) -> Delivery:
    """Puts a delivery in line that says nothing, to try the hook."""
    return Delivery.objects.create(hook=hook, event=TEST, body=_body(TEST, []))


def replay(delivery: Delivery) -> Delivery:
    """Puts the same body in line once more."""
    return Delivery.objects.create(hook=delivery.hook, event=delivery.event, body=delivery.body)


@transaction.atomic
def drain_news() -> int:
    """Puts in line for each hook what has happened since the last time; returns the number of deliveries.

    The outboxes are emptied in the same transaction: nothing is told of twice, or not at all.
    """
    figures = _taken(UntoldFigures)
    changes = _taken(UntoldChange)
    if not figures and not changes:
        return 0
    allowed = users_who_may(Action.HOOK)
    hooks = list(Hook.objects.filter(disabled_at=None, user__in=allowed).order_by("pk"))
    if not hooks:
        return 0
    items = [*_of_figures(figures), *_of_changes(changes)]
    deliveries = [
        Delivery(hook=hook, event=event, body=_body(event, chosen[start : start + MOST_ITEMS]))
        for hook in hooks
        for event in Event.values
        if (chosen := [item.said for item in items if item.event == event and _wants(hook, item)])
        for start in range(0, len(chosen), MOST_ITEMS)
    ]
    return len(Delivery.objects.bulk_create(deliveries, batch_size=500))


def _taken(outbox: Any) -> list[Any]:
    """The rows of the outbox that no other worker has; they are gone when the transaction ends."""
    rows = list(outbox.objects.select_for_update(skip_locked=True).order_by("pk"))
    outbox.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return rows


def _wants(hook: Hook, item: Item) -> bool:
    return (
        item.event in hook.events
        and hook.indicator_id in {None, item.indicator}
        and (hook.programme_id is None or hook.programme_id in item.programmes)
    )


def _of_figures(rows: Sequence[UntoldFigures]) -> list[Item]:
    """An item for each publication of each indicator; its programmes are those with a KPI that uses it."""
    known = Indicator.objects.filter(pk__in={row.indicator_id for row in rows})
    codes = dict(known.values_list("pk", "code"))
    users: dict[int, set[int]] = {}
    for indicator, programme in Kpi.objects.filter(indicator__in=codes).values_list("indicator", "programme"):
        users.setdefault(indicator, set()).add(programme)
    return [
        Item(
            Event.PUBLISHED if row.is_new else Event.REVISED,
            row.indicator_id,
            frozenset(users.get(row.indicator_id, ())),
            {
                "indicator": codes[row.indicator_id],
                "figures": row.figures,
                "first_period": row.first_period.isoformat(),
                "last_period": row.last_period.isoformat(),
                "published_at": _moment(row.published_at),
                "url": f"/api/v1/observations/?indicator={codes[row.indicator_id]}",
            },
        )
        for row in rows
    ]


def _of_changes(rows: Iterable[UntoldChange]) -> list[Item]:
    """An item for each change of a standing."""
    changes = StandingChange.objects.filter(pk__in=[row.change_id for row in rows]).order_by("pk")
    return [
        Item(
            Event.PROGRESS,
            change.kpi.indicator_id,
            frozenset({change.kpi.programme_id}),
            {
                "kpi": (kpi := f"{change.kpi.programme.code}:{change.kpi.code}"),
                "territory": change.territory.code,
                "before": change.before,
                "after": change.after,
                "year": change.year,
                "actual": change.actual,
                "noted_at": _moment(change.noted_at),
                "url": f"/api/v1/standings/{kpi}:{change.territory.code}/",
            },
        )
        for change in changes.select_related("kpi__programme", "territory")
    ]


def _body(event: str, items: Sequence[Mapping[str, Any]]) -> str:
    said = {"event": event, "created_at": _moment(timezone.now()), "items": items}
    return orjson.dumps(said).decode()


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def prune_log(before: dt.datetime) -> int:
    """Forgets older deliveries; returns how many."""
    return Delivery.objects.filter(created_at__lt=before).delete()[0]


def is_web_address(url: str) -> bool:
    """Whether it is an address that can be told: of a host, without a name or password in it."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
