"""Letters: what a person wants to hear by e-mail, gathered into one letter in his language."""

import datetime as dt
import logging
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import User
from indicators.models import Notice
from indicators.notice_texts import Told, in_words

logger = logging.getLogger(__name__)

# What could not be sent for so long is no news any more; and how many notices one letter names.
STALE = dt.timedelta(days=7)
MOST_NAMED = 50


def send_letters() -> int:
    """Sends everybody for whom notices wait one letter; returns how many letters were sent.

    Each letter is marked as sent in a transaction that ends after it has left: a worker that is killed may
    send it twice but never loses it. With the mail server away everything waits for the next time.
    """
    waiting = Notice.objects.to_mail(timezone.now() - STALE).values("user")
    users = list(User.objects.filter(pk__in=waiting).order_by("pk"))
    if not users:
        return 0
    try:
        with get_connection() as connection:
            return sum(_send_unless_refused(user, connection) for user in users)
    except OSError as error:
        logger.warning("The mail server cannot be used, letters wait: %s", error)
        return 0


def _send_unless_refused(user: User, connection: BaseEmailBackend) -> bool:
    try:
        return _send(user, connection)
    except (SMTPResponseException, SMTPRecipientsRefused) as error:
        logger.warning("The letter to user %s was refused: %s", user.pk, error)
        return False


def _send(user: User, connection: BaseEmailBackend) -> bool:
    """Sends the user what waits and what no other worker is sending; returns whether there was any."""
    with transaction.atomic():
        waiting = Notice.objects.to_mail(timezone.now() - STALE).filter(user=user)
        notices = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        if notices:
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
            connection.send_messages([letter_of(user, notices)])
    return bool(notices)


def letter_of(user: User, notices: Sequence[Notice]) -> EmailMessage:
    """The notices as one letter in the user's language."""
    with translation.override(user.language):
        told = in_words(notices[:MOST_NAMED])
        context = {
            "notices": [(each, _address("indicators:notice-detail", each.notice.pk)) for each in told],
            "more": len(notices) - len(told),
            "portal": _address("indicators:notice-list"),
            "preferences": _address("indicators:notice-preferences"),
        }
        body = render_to_string("indicators/notice_letter.txt", context).strip() + "\n"
        return EmailMessage(_subject(told, len(notices)), body, to=[user.email])


def _subject(told: Sequence[Told], count: int) -> str:
    """One line, whatever is in a file's name."""
    if count == 1:
        return " ".join(told[0].title.split())
    return ngettext("Bağdar: %(count)s notice", "Bağdar: %(count)s notices", count) % {"count": count}


def _address(name: str, *args: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(name, args=args)}"
