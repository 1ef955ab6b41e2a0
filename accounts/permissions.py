"""Who may do what, decided here and nowhere else; tests/accounts/test_permissions.py is its table."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Mandate, User
from cities.models import Territory

Reader = User | AnonymousUser
Role = Mandate.Role


class Action(StrEnum):
    """What a person can do besides reading what is published."""

    UPLOAD = "upload"
    ENTER = "enter"
    APPROVE = "approve"
    WATCH = "watch"
    ADMINISTER = "administer"


ROLES: dict[Action, frozenset[Role]] = {
    Action.UPLOAD: frozenset({Role.ANALYST}),
    Action.ENTER: frozenset({Role.ANALYST}),
    Action.APPROVE: frozenset({Role.APPROVER}),
    Action.WATCH: frozenset({Role.ANALYST, Role.APPROVER, Role.COORDINATOR, Role.DEPUTY, Role.ADMINISTRATOR}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}


def mandated_roots(user: Reader, action: Action, on: dt.date | None = None) -> Collection[int]:
    """Ids of the territories at the top of each subtree in which the user may take the action."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    mandates = user.mandates.current(on or timezone.localdate()).filter(role__in=ROLES[action])
    return set(mandates.values_list("territory_id", flat=True))


def territories_for(user: Reader, action: Action) -> set[int]:
    """Ids of every territory in which the user may take the action."""
    return {
        pk
        for root in Territory.objects.filter(pk__in=mandated_roots(user, action))
        for pk in Territory.objects.within(root).values_list("pk", flat=True)
    }


def may(user: Reader, action: Action, territory: Territory | None = None) -> bool:
    """Whether the user may take the action: in the territory, or anywhere at all when none is named."""
    roots = mandated_roots(user, action)
    if territory is None:
        return bool(roots)
    place: Territory | None = territory
    while place is not None:
        if place.pk in roots:
            return True
        place = place.parent
    return False


def actions_of(user: Reader) -> set[Action]:
    """Everything the user may do somewhere."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    roles = set(user.mandates.current(timezone.localdate()).values_list("role", flat=True))
    return {action for action, holders in ROLES.items() if holders & roles}
