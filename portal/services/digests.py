"""Letters to subscribers: one that asks for confirmation, then digests of what has changed."""

import calendar
import datetime as dt
import logging
from collections.abc import Callable
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cities.models import Territory
from portal.happenings import Item, changes, figures, newest
from portal.models import StandingChange, Subscription
from programmes.models import Standing

logger = logging.getLogger(__name__)
WEEK = dt.timedelta(days=7)
Letter = Callable[[Subscription, dt.datetime], EmailMessage | None]


def send_invitations() -> int:
    """Asks whoever reads the addresses to confirm, each once; returns how many letters were sent."""
    waiting = Subscription.objects.filter(confirmed_at=None, invited_at=None)
    return _send_each(waiting, "invited_at", invitation, timezone.now())


def send_digests(now: dt.datetime) -> int:
    """Tells each subscriber whose week or month is over what has changed; returns how many letters were sent.

    Where nothing has changed no letter is sent, and the next week or month begins.
    """
    frequency = Subscription.Frequency
    due = Q(frequency=frequency.WEEKLY, told_until__lte=now - WEEK)
    due |= Q(frequency=frequency.MONTHLY, told_until__lte=_month_before(now))
    return _send_each(Subscription.objects.filter(due), "told_until", digest, now)


def _month_before(now: dt.datetime) -> dt.datetime:
    """The same day and hour of the month before; its last day where it has no such day."""
    year, month = (now.year, now.month - 1) if now.month > 1 else (now.year - 1, 12)
    return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))


def _send_each(waiting: QuerySet[Subscription], mark: str, letter: Letter, now: dt.datetime) -> int:
    """Sends and marks one after another: a worker that is killed may repeat one letter but loses none."""
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    try:
        with get_connection() as connection:
            return sum(_send(waiting.filter(pk=pk), mark, letter, now, connection) for pk in ids)
    except OSError as error:
        logger.warning("The mail server cannot be used, letters wait: %s", error)
        return 0


def _send(
    waiting: QuerySet[Subscription], mark: str, letter: Letter, now: dt.datetime, connection: BaseEmailBackend
) -> bool:
    try:
        with transaction.atomic():
            found = waiting.select_for_update(skip_locked=True, of=("self",))
            subscription = found.select_related("programme", "territory", "kpi__programme").first()
            if subscription is None:
                return False
            message = letter(subscription, now)
            Subscription.objects.filter(pk=subscription.pk).update(**{mark: now})
            return bool(message and connection.send_messages([message]))
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        logger.warning("A letter to a subscriber was refused: %s", error)
        return False


def invitation(subscription: Subscription, now: dt.datetime) -> EmailMessage:
    """Asks to confirm the address, in the language that was chosen."""
    with translation.override(subscription.language):
        return _letter(
            subscription, _("Bağdar: confirm your subscription"), "portal/invitation_letter.txt", {}
        )


def digest(subscription: Subscription, now: dt.datetime) -> EmailMessage | None:
    """What has changed since the last digest; None where nothing has."""
    with translation.override(subscription.language):
        since = subscription.told_until or now
        items = [item for item in happened(subscription) if since < item.moment <= now]
        if not items:
            return None
        told = [(item, settings.PORTAL_URL + item.link) for item in items]
        subject = _("Bağdar: %(subject)s, what has changed") % {"subject": name_of(subscription)}
        return _letter(subscription, subject, "portal/digest_letter.txt", {"items": told})


def happened(subscription: Subscription) -> list[Item]:
    """The newest changes of what it is about."""
    moved, standings = StandingChange.objects.all(), Standing.objects.all()
    if subscription.kpi_id:
        moved, standings = moved.filter(kpi=subscription.kpi_id), standings.filter(kpi=subscription.kpi_id)
    elif subscription.programme_id:
        moved = moved.filter(kpi__programme=subscription.programme_id)
        standings = standings.filter(kpi__programme=subscription.programme_id)
    elif subscription.territory_id:
        places = Territory.objects.within([subscription.territory_id])
        moved, standings = moved.filter(territory__in=places), standings.filter(territory__in=places)
    else:
        return changes(moved)
    return newest(changes(moved), figures(standings))


def name_of(subscription: Subscription) -> str:
    """What it is about, in the active language."""
    if subscription.programme is not None:
        return subscription.programme.short_name
    subject = subscription.subject
    return _("all programmes") if subject is None else subject.name


def _letter(
    subscription: Subscription, subject: str, template: str, context: dict[str, object]
) -> EmailMessage:
    page = settings.PORTAL_URL + reverse("portal:subscription-detail", args=[subscription.token])
    end = settings.PORTAL_URL + reverse("portal:subscription-end", args=[subscription.token])
    context |= {"subscription": subscription, "about": name_of(subscription), "page": page}
    body = render_to_string(template, context).strip() + "\n"
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(" ".join(subject.split()), body, to=[subscription.email], headers=headers)
