"""Who comes in, and by what: noted in the audit trail, and in the session."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services.auditing import record

BY_SECOND_FACTOR = "mfa"
"""What allauth calls the method in a session's records."""


def has_shown_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether in this session the user has given a code or used a passkey."""
    records = get_authentication_records(request, user)
    return any(each.get("method") == BY_SECOND_FACTOR for each in records)


def note_login(*, request: HttpRequest, user: User, **_signal: object) -> None:
    """A person has come in, by these methods."""
    methods = [each["method"] for each in get_authentication_records(request, user)]
    record("login.entered", subject=f"user:{user.pk}", label=user.email, by=user, details={"by": methods})


def note_added_factor(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """A person has set a factor up, and in doing so shown it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, BY_SECOND_FACTOR, type=authenticator.type)
    _record("factor.added", user, authenticator, by=user)


def note_removed_factor(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: object
) -> None:
    """A person has removed a factor."""
    _record("factor.removed", user, authenticator, by=user)


def remove_second_factors(*, user: User, by: User) -> int:
    """Frees somebody who has lost his phone and his codes; returns how many factors there were."""
    with transaction.atomic():
        count: int = Authenticator.objects.filter(user=user).delete()[0]
        if count:
            record("factor.reset", subject=f"user:{user.pk}", label=user.email, by=by)
    return count


def unlink_sign_on(*, user: User, by: User) -> None:
    """The single sign-on no longer stands for the person."""
    with transaction.atomic():
        if SocialAccount.objects.filter(user=user).delete()[0]:
            record("login.unlinked", subject=f"user:{user.pk}", label=user.email, by=by)


def _record(action: str, user: User, authenticator: Any, *, by: User) -> None:
    details = {"kind": authenticator.type}
    record(action, subject=f"user:{user.pk}", label=user.email, by=by, details=details)
