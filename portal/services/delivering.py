"""Sends what is in line for webhooks: signed, one after another, ever later where it fails."""

import datetime as dt
import hashlib
import hmac
import logging
import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.permissions import Action, users_who_may
from indicators.models import Notice
from indicators.services.fetching import FetchError, connection_to
from indicators.services.notifying import notify, page
from portal.models import Delivery, Hook
from portal.services.hooking import secret_of

logger = logging.getLogger(__name__)

SECONDS = 10
"""For everything, from the connection to the end of the answer."""
LEASE = dt.timedelta(minutes=2)
"""For which a hook is its worker's; of a worker that died another takes over afterwards."""
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=10), dt.timedelta(hours=4)
PATIENCE = dt.timedelta(hours=24)
MOST_AT_ONCE = 50
"""Deliveries to one hook, before others have their turn."""
MOST_OF_ANSWER = 500


class Outcome(NamedTuple):
    """What came of an attempt: the status if there was an answer, its beginning or what went wrong."""

    status: int | None
    answer: str
    milliseconds: int

    @property
    def is_good(self) -> bool:
        """Only a 2xx is: whoever redirects is not followed."""
        return self.status is not None and 200 <= self.status < 300


def due_hooks() -> list[int]:
    """Ids of the hooks for which something waits and may be sent now, those that failed least first."""
    waiting = Delivery.objects.filter(hook=OuterRef("pk"), state=Delivery.State.WAITING)
    hooks = Hook.objects.filter(Exists(waiting), disabled_at=None, next_at__lte=timezone.now())
    allowed = hooks.filter(user__in=users_who_may(Action.HOOK))
    return list(allowed.order_by("failures", "next_at").values_list("pk", flat=True))


def deliver_to(pk: int) -> int:
    """Sends the hook what waits for it until something fails; returns how much was delivered.

    No transaction is open while it is sent. A worker that dies in between may have it sent twice, never not.
    """
    now = timezone.now()
    free = Hook.objects.filter(pk=pk, disabled_at=None, next_at__lte=now)
    if not free.update(next_at=now + LEASE):
        return 0
    hook, done = Hook.objects.get(pk=pk), 0
    began = time.monotonic()
    waiting = hook.deliveries.filter(state=Delivery.State.WAITING).order_by("pk")[:MOST_AT_ONCE]
    for delivery in waiting:
        if time.monotonic() - began + SECONDS > LEASE.total_seconds():
            break
        outcome = attempt(hook, delivery)
        _note(hook, delivery, outcome)
        if not outcome.is_good:
            return done
        done += 1
    Hook.objects.filter(pk=pk).update(next_at=timezone.now(), failures=0, failing_since=None)
    return done


def sign(secret: str, moment: int, body: bytes) -> str:
    """The header `Bagdar-Signature` of a body sent at the moment, in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={digest.hexdigest()}"


def attempt(hook: Hook, delivery: Delivery) -> Outcome:
    """Sends the delivery once, to the very machine that was found to be a public one."""
    began = time.monotonic()
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/json", "User-Agent": "Bagdar", "Accept-Encoding": "identity",
        "Bagdar-Event": delivery.event, "Bagdar-Delivery": str(delivery.pk),
        "Bagdar-Signature": sign(secret_of(hook), int(time.time()), body),
    }  # fmt: skip
    try:
        status, answer = _posted(hook.url, body, headers)
    except FetchError as error:
        status, answer = None, f"{error.code}: {error.params.get('error') or error.params.get('host') or ''}"
    except (OSError, HTTPException) as error:
        status, answer = None, f"not_reached: {error}"
    return Outcome(status, answer[:MOST_OF_ANSWER], round((time.monotonic() - began) * 1000))


def _posted(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = connection_to(parts, timeout=SECONDS)
    # Whoever answers byte by byte never meets the time limit of a single read.
    alarm = threading.Timer(SECONDS, _hang_up, [connection])
    alarm.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        text = response.read(MOST_OF_ANSWER).decode("utf-8", "replace").replace("\0", "�")
        return response.status, text
    finally:
        alarm.cancel()
        connection.close()


def _hang_up(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


@transaction.atomic
def _note(hook: Hook, delivery: Delivery, outcome: Outcome) -> None:
    """Keeps what came of an attempt. A hook that fails waits; one that fails for a day is disabled."""
    now = timezone.now()
    state = Delivery.State.DELIVERED if outcome.is_good else Delivery.State.WAITING
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, attempts=F("attempts") + 1, tried_at=now, status=outcome.status,
        milliseconds=outcome.milliseconds, answer=outcome.answer,
    )  # fmt: skip
    if outcome.is_good:
        hook.failures, hook.failing_since = 0, None
        return
    hook.failing_since = hook.failing_since or now
    hook.failures += 1
    hook.next_at = now + min(FIRST_WAIT * 2 ** min(hook.failures - 1, 20), LONGEST_WAIT)
    if now - hook.failing_since >= PATIENCE:
        _disable(hook, now)
    names = ("failures", "failing_since", "next_at", "disabled_at")
    # Its owner may have removed it meanwhile.
    Hook.objects.filter(pk=hook.pk).update(**{name: getattr(hook, name) for name in names})


def _disable(hook: Hook, now: dt.datetime) -> None:
    """Gives up what waits, and tells the owner."""
    hook.disabled_at = now
    hook.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.FAILED)
    notify(
        Notice.Kind.HOOK_DISABLED,
        users=[hook.user_id],
        key=f"{hook.pk}:{now.isoformat()}",
        params={"address": hook.url},
        path=page("portal:hook-detail", hook.pk),
    )
    logger.warning("Webhook %s has failed for a day and is disabled", hook.pk)
