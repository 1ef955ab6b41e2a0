"""A request that carries an idempotency key is carried out once, however often it is sent."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from accounts.models import KeptAnswer, User

KEPT_FOR = dt.timedelta(hours=24)
MOST_FORGOTTEN = 100
"""So many outdated answers are removed at a time."""


class UnderWayError(Exception):
    """The same request is being carried out at this moment."""


class OtherRequestError(Exception):
    """The key was used for another request."""


@dataclass(frozen=True)
class Once:
    """Somebody's key, and the SHA-256 of method, path and body of the request that carries it."""

    user: User
    key: str
    fingerprint: str

    @property
    def lock(self) -> int:
        """The number of its lock in PostgreSQL."""
        digest = hashlib.sha256(f"{self.user.pk}:{self.key}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)


def take_up(once: Once) -> KeptAnswer | None:
    """Keeps others from carrying out the request until the transaction ends; its answer where it has been.

    A crash ends the transaction: then nothing was done, and a repetition does it. Raises `UnderWayError` and
    `OtherRequestError`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [once.lock])
        [(is_ours,)] = cursor.fetchall()
    if not is_ours:
        raise UnderWayError
    _forget_outdated()
    since = timezone.now() - KEPT_FOR
    kept = KeptAnswer.objects.filter(user=once.user, key=once.key, kept_at__gt=since).first()
    if kept is not None and kept.fingerprint != once.fingerprint:
        raise OtherRequestError
    return kept


def keep_answer(once: Once, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keeps the answer in the transaction in which the request was carried out."""
    answer = {"status": status, "headers": dict(headers), "body": body, "kept_at": timezone.now()}
    KeptAnswer.objects.update_or_create(
        user=once.user, key=once.key, defaults={"fingerprint": once.fingerprint, **answer}
    )


def _forget_outdated() -> None:
    """Removes some that nobody else is just removing."""
    outdated = KeptAnswer.objects.filter(kept_at__lte=timezone.now() - KEPT_FOR)
    chosen = list(outdated.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST_FORGOTTEN])
    if chosen:
        KeptAnswer.objects.filter(pk__in=chosen).delete()
