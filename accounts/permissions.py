"""Who may do what, decided here and nowhere else; tests/accounts/test_permissions.py is its table."""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
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


def mandates_of(user: Reader) -> QuerySet[Mandate]:
    """The mandates that the user holds today; none for strangers and for those who may not log in."""
    if not isinstance(user, User) or not user.is_active:
        return Mandate.objects.none()
    return user.mandates.current(timezone.localdate())


def _roots(user: Reader, action: Action) -> set[int]:
    """Ids of the territories at the top of each subtree in which the user may take the action."""
    mandates = mandates_of(user).filter(role__in=ROLES[action])
    return set(mandates.values_list("territory_id", flat=True))


def territories_for(user: Reader, action: Action) -> set[int]:
    """Ids of every territory in which the user may take the action."""
    return set(Territory.objects.within(_roots(user, action)).values_list("pk", flat=True))


def may(user: Reader, action: Action, territory: Territory | None = None) -> bool:
    """Whether the user may take the action: in the territory, or anywhere at all when none is named."""
    if territory is None:
        return bool(_roots(user, action))
    return territory.pk in territories_for(user, action)


def actions_of(user: Reader) -> set[Action]:
    """Everything the user may do somewhere."""
    roles = set(mandates_of(user).values_list("role", flat=True))
    return {action for action, holders in ROLES.items() if holders & roles}
