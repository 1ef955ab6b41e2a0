"""Tells administrators, by e-mail and in their language, what a job could not do."""

from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Action, users_who_may


def tell_administrators(what: str, error: str) -> int:
    """Sends each administrator a letter about the failure; returns how many were sent."""
    letters = []
    for user in users_who_may(Action.ADMINISTER):
        with translation.override(user.language):
            letters.append(_letter(user, what, error))
    return get_connection(fail_silently=True).send_messages(letters) or 0


def _letter(user: User, what: str, error: str) -> EmailMessage:
    subject = _("Progress could not be recomputed: %(what)s") % {"what": what}
    body = _(
        "Computing the progress of %(what)s failed again and again. What readers see is what was computed "
        "before. The error:\n\n%(error)s\n\nThe page of recomputations shows the jobs and lets you try again."
    ) % {"what": what, "error": error}
    return EmailMessage(subject, body, to=[user.email])
