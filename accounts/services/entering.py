"""Who comes in, and by what: noted in the audit trail, and in the session."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.services.auditing import record

BY_SECOND_FACTOR = "mfa"
"""What allauth calls the method in a session's records."""
SECRETS = ("secret", "seed")
"""What a factor keeps encrypted."""


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


def is_readable(factor: Authenticator) -> bool:
    """Whether one of the keys opens what the factor keeps; a passkey keeps nothing secret."""
    try:
        for name in SECRETS:
            if name in factor.data:
                decrypt(factor.data[name])
    except InvalidToken:
        return False
    return True


def drop_unreadable_factors() -> int:
    """Frees those whose factors no key opens, after a restoration with other keys; returns how many there
    were."""
    with transaction.atomic():
        factors = Authenticator.objects.select_for_update(of=("self",)).select_related("user")
        lost = [factor for factor in factors if not is_readable(factor)]
        Authenticator.objects.filter(pk__in=[factor.pk for factor in lost]).delete()
        for factor in lost:
            _record("factor.reset", factor.user, factor, by=None)
    return len(lost)


def unlink_sign_on(*, user: User, by: User) -> None:
    """The single sign-on no longer stands for the person."""
    with transaction.atomic():
        if SocialAccount.objects.filter(user=user).delete()[0]:
            record("login.unlinked", subject=f"user:{user.pk}", label=user.email, by=by)


def _record(action: str, user: User, authenticator: Any, *, by: User | None) -> None:
    details = {"kind": authenticator.type}
    record(action, subject=f"user:{user.pk}", label=user.email, by=by, details=details)
