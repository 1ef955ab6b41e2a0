"""Log-ins are ended: by their owner on another device, and with the mandate or account that they rest on."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts.models import Mandate, User
from common.admin_changes import Change

WEAKENING = {"is_active", "is_staff", "is_superuser", "password"}
"""Fields of a user whose change ends his log-ins."""


def end_sessions(*, user: User) -> int:
    """Ends every log-in of the user; returns how many there were."""
    sessions = list(UserSession.objects.filter(user=user))
    with transaction.atomic():
        for session in sessions:
            session.end()
    return len(sessions)


def end_sessions_after_changes(*, changes: list[Change], **_signal: object) -> None:
    """Whose mandate or account an administrator changed logs in anew; a further mandate ends nothing."""
    for user in {user for each in changes if (user := _whose_ends(each)) is not None}:
        end_sessions(user=user)


def _whose_ends(change: Change) -> User | None:
    if isinstance(change.row, User):
        return change.row if WEAKENING & change.fields.keys() else None
    if isinstance(change.row, Mandate):
        is_new = "role" in change.fields and change.fields["role"][0] is None
        return None if is_new else change.row.user
    return None
