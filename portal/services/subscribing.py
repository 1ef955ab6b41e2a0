"""Subscriptions: asked for, confirmed by whoever reads the address, and ended by one click."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from cities.models import Territory
from portal.models import Subscription
from programmes.models import Kpi, Programme

PATIENCE = dt.timedelta(days=1)
"""How long before an address is asked to confirm again."""
SUBJECTS = {"programme": Programme, "territory": Territory, "kpi": Kpi}
KEPT = dt.timedelta(days=14)
"""How long a subscription may wait for its confirmation."""


@transaction.atomic
def subscribe(
    *, email: str, language: str, frequency: str, subject: Programme | Territory | Kpi | None, is_own: bool
) -> Subscription:
    """Asks for letters about the subject, or about everything.

    `is_own` says that the reader is known to read the address: then it needs no confirmation, and a
    subscription that is confirmed already takes the new language and frequency. Nobody else changes one.
    """
    about = {name: subject if isinstance(subject, model) else None for name, model in SUBJECTS.items()}
    now = timezone.now()
    found = Subscription.objects.select_for_update().filter(email__iexact=email, **about).first()
    if found is None:
        found = Subscription(email=email, language=language, frequency=frequency, asked_at=now, **about)
    elif found.invited_at and found.invited_at < now - PATIENCE and not found.confirmed_at:
        found.invited_at = None
    if is_own or not found.confirmed_at:
        found.language, found.frequency, found.asked_at = language, frequency, now
    found.save()
    if is_own and not found.confirmed_at:
        confirm(subscription=found)
    return found


def confirm(*, subscription: Subscription) -> None:
    """From now on changes are told; confirming twice changes nothing."""
    now = timezone.now()
    waiting = Subscription.objects.filter(pk=subscription.pk, confirmed_at=None)
    waiting.update(confirmed_at=now, told_until=now)


def unsubscribe(*, subscription: Subscription) -> None:
    """Forgets the address."""
    Subscription.objects.filter(pk=subscription.pk).delete()


def forget_unconfirmed() -> int:
    """Forgets addresses that were never confirmed; returns how many."""
    late = Subscription.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - KEPT)
    return late.delete()[0]
