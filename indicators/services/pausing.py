"""Pausing all publishing, and ending the pause."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.auditing import record
from indicators.models import PublishingPause


class PauseError(Exception):
    """What cannot be done: `reason_required`, `already_paused`, `not_paused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def current_pause() -> PublishingPause | None:
    """The pause that is on; one cheap query."""
    return PublishingPause.objects.filter(ended_at=None).first()


def pause_publishing(*, by: User, reason: str) -> PublishingPause:
    """From here on nothing is published. What is in the middle of it comes to its end.

    Raises `PauseError`.
    """
    if not reason.strip():
        raise PauseError("reason_required")
    try:
        with transaction.atomic():
            pause = PublishingPause.objects.create(
                reason=reason.strip(), began_at=timezone.now(), began_by=by
            )
            record(
                "publishing.paused", subject=f"pause:{pause.pk}", label=pause.reason, by=by,
                reason=pause.reason,
            )  # fmt: skip
    except IntegrityError as error:
        raise PauseError("already_paused") from error
    return pause


def resume_publishing(*, by: User) -> PublishingPause:
    """Ends the pause; what waits is published by the sweeps within seconds. Raises `PauseError`."""
    with transaction.atomic():
        pause = PublishingPause.objects.select_for_update().filter(ended_at=None).first()
        if pause is None:
            raise PauseError("not_paused")
        pause.ended_at, pause.ended_by = timezone.now(), by
        pause.save()
        record("publishing.resumed", subject=f"pause:{pause.pk}", label=pause.reason, by=by)
    return pause
