"""Who may do what, decided here and nowhere else; tests/accounts/test_permissions.py is its table."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Mandate, Organisation, User
from cities.models import Territory

Reader = User | AnonymousUser
Role = Mandate.Role


class Action(StrEnum):
    """What a person can do besides reading what is published."""

    UPLOAD = "upload"
    ENTER = "enter"
    APPROVE = "approve"
    ACKNOWLEDGE = "acknowledge"
    COORDINATE = "coordinate"
    WATCH = "watch"
    REGISTER_INQUIRY = "register_inquiry"
    ASSIGN_INQUIRY = "assign_inquiry"
    ANSWER_INQUIRY = "answer_inquiry"
    APPROVE_INQUIRY = "approve_inquiry"
    ATTACH_FIGURES = "attach_figures"
    ORDER = "order"
    SIGN = "sign"
    HOOK = "hook"
    AUDIT = "audit"
    HOLD_KEYS = "hold_keys"
    ADMINISTER = "administer"


ROLES: dict[Action, frozenset[Role]] = {
    Action.UPLOAD: frozenset({Role.ANALYST}),
    Action.ENTER: frozenset({Role.ANALYST}),
    Action.APPROVE: frozenset({Role.APPROVER}),
    Action.ACKNOWLEDGE: frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
    Action.COORDINATE: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.WATCH: frozenset({Role.ANALYST, Role.APPROVER, Role.COORDINATOR, Role.DEPUTY, Role.ADMINISTRATOR}),
    Action.REGISTER_INQUIRY: frozenset({Role.DEPUTY, Role.COORDINATOR}),
    Action.ASSIGN_INQUIRY: frozenset({Role.COORDINATOR, Role.APPROVER}),
    Action.ANSWER_INQUIRY: frozenset({Role.ANALYST, Role.APPROVER}),
    Action.APPROVE_INQUIRY: frozenset({Role.APPROVER}),
    Action.ATTACH_FIGURES: frozenset({Role.DEPUTY, Role.COORDINATOR, Role.ANALYST, Role.APPROVER}),
    Action.ORDER: frozenset(Role),
    Action.SIGN: frozenset({Role.APPROVER, Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.HOOK: frozenset({Role.ANALYST, Role.ADMINISTRATOR}),
    Action.AUDIT: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    Action.HOLD_KEYS: frozenset({Role.ANALYST, Role.APPROVER}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}

# Whoever may do one of these must show a second factor (settings.MFA_REQUIRED).
STRONG: frozenset[Action] = frozenset(
    {Action.APPROVE, Action.APPROVE_INQUIRY, Action.ACKNOWLEDGE, Action.ADMINISTER}
)


def mandates_of(user: Reader) -> QuerySet[Mandate]:
    """The mandates that the user holds today; none for strangers and for those who may not log in."""
    if not isinstance(user, User) or not user.is_active:
        return Mandate.objects.none()
    return user.mandates.current(timezone.localdate())


def mandates_for(user: Reader, action: Action) -> QuerySet[Mandate]:
    """The user's mandates of today that let him take the action, in the order in which they were given."""
    return mandates_of(user).filter(role__in=ROLES[action]).order_by("pk")


def _reach(user: Reader, action: Action) -> list[tuple[int, int | None]]:
    """Where the user may take the action: ids of a territory with all within it, and of the organisation of
    which it is the business. A mandate for the whole country covers that of all: then it is None."""
    mandates = mandates_for(user, action)
    return [
        (territory, None if level == Territory.Level.COUNTRY else organisation)
        for territory, organisation, level in mandates.values_list(
            "territory_id", "organisation_id", "territory__level"
        )
    ]


def territories_for(user: Reader, action: Action, organisation: Organisation | None = None) -> set[int]:
    """Ids of every territory in which the user may take the action, on the organisation's business."""
    roots = {
        territory
        for territory, business in _reach(user, action)
        if organisation is None or business in {None, organisation.pk}
    }
    return set(Territory.objects.within(roots).values_list("pk", flat=True))


def may(
    user: Reader,
    action: Action,
    territory: Territory | None = None,
    organisation: Organisation | None = None,
) -> bool:
    """Whether the user may take the action: in the territory, or anywhere at all when none is named; on the
    organisation's business, or on anybody's when none is named."""
    if territory is None:
        return bool(_reach(user, action))
    return territory.pk in territories_for(user, action, organisation)


def mandated(user: Reader, action: Action, *, territory: str, organisation: str) -> Q:
    """The rows on which the user may take the action, by the paths to their territory and organisation."""
    rows = Q(pk__in=[])
    for root, business in _reach(user, action):
        place = Q(**{f"{territory}__in": Territory.objects.within({root})})
        rows |= place if business is None else place & Q(**{organisation: business})
    return rows


def inquiries_open_to(user: Reader) -> Q:
    """The inquiries that the user may read before everybody may: those asked in the name of his body, those
    that he may assign or answer, and those that he has registered."""
    rows = mandated(user, Action.REGISTER_INQUIRY, territory="territory", organisation="asker")
    for action in (Action.ASSIGN_INQUIRY, Action.ANSWER_INQUIRY):
        rows |= mandated(user, action, territory="territory", organisation="organisation")
    return rows | Q(registered_by=user) if isinstance(user, User) and user.is_active else rows


def askers_for(user: Reader) -> QuerySet[Organisation]:
    """The bodies in whose name the user may register an inquiry: deputies in that of their own, coordinators
    in that of every body that asks."""
    mandates = mandates_for(user, Action.REGISTER_INQUIRY)
    own = mandates.filter(role=Role.DEPUTY).values("organisation")
    if mandates.filter(role=Role.COORDINATOR).exists():
        asking = {Organisation.Kind.MASLIKHAT, Organisation.Kind.PARLIAMENT}
        return Organisation.objects.filter(Q(kind__in=asking) | Q(pk__in=own))
    return Organisation.objects.filter(pk__in=own)


def answerers_for(user: Reader, territory: Territory) -> QuerySet[Organisation]:
    """The organisations to whose people the user may give an inquiry about the territory."""
    above = set(Territory.objects.containing({territory.pk}).values_list("pk", flat=True))
    reach = {business for root, business in _reach(user, Action.ASSIGN_INQUIRY) if root in above}
    asking = {Organisation.Kind.MASLIKHAT, Organisation.Kind.PARLIAMENT}
    answering = Organisation.objects.exclude(kind__in=asking)
    return answering if None in reach else answering.filter(pk__in=filter(None, reach))


def administers_everything(user: Reader) -> bool:
    """Whether the user is an administrator for the whole country: only such a one acts on all at once."""
    return (
        mandates_of(user).filter(role=Role.ADMINISTRATOR, territory__level=Territory.Level.COUNTRY).exists()
    )


def overseen(user: Reader) -> Q:
    """The events of the audit trail that the user may read: those of his mandates. What is no organisation's
    business and happens in no territory (users, keys) only whole-country administrators read."""
    if administers_everything(user):
        return Q()
    rows = mandated(user, Action.AUDIT, territory="territory", organisation="organisation")
    for _root, business in _reach(user, Action.AUDIT):
        anywhere = Q(territory=None)
        rows |= anywhere & (Q(organisation__isnull=False) if business is None else Q(organisation=business))
    return rows


def colleagues_of(user: Reader, action: Action) -> QuerySet[User]:
    """Those who may take the action for an organisation for which the user may: work passes among them."""
    organisations = mandates_of(user).filter(role__in=ROLES[action]).values("organisation")
    mandates = Mandate.objects.current(timezone.localdate()).filter(role__in=ROLES[action])
    return User.objects.filter(pk__in=mandates.filter(organisation__in=organisations).values("user"))


def users_who_may(action: Action) -> QuerySet[User]:
    """Those who may take the action somewhere today."""
    mandates = Mandate.objects.current(timezone.localdate()).filter(role__in=ROLES[action])
    return User.objects.filter(is_active=True, pk__in=mandates.values("user"))


Place = tuple[int, int]
"""Where something is to be done: ids of the territory, and of the organisation whose business it is."""


def users_at(action: Action, places: Collection[Place]) -> dict[Place, set[int]]:
    """For each place the ids of those who may take the action there today, in two queries for all places."""
    parents = dict(
        Territory.objects.containing({territory for territory, _ in places}).values_list("pk", "parent_id")
    )
    mandates = Mandate.objects.current(timezone.localdate()).filter(
        role__in=ROLES[action], user__is_active=True, territory__in=parents
    )
    holders: dict[tuple[int, int | None], set[int]] = {}
    for user, root, level, business in mandates.values_list(
        "user_id", "territory_id", "territory__level", "organisation_id"
    ):
        scope = None if level == Territory.Level.COUNTRY else business
        holders.setdefault((root, scope), set()).add(user)
    return {place: _holders(place, parents, holders) for place in places}


def _holders(
    place: Place, parents: Mapping[int, int | None], holders: Mapping[tuple[int, int | None], set[int]]
) -> set[int]:
    territory: int | None
    territory, organisation = place
    found: set[int] = set()
    while territory is not None:
        found |= holders.get((territory, None), set()) | holders.get((territory, organisation), set())
        territory = parents[territory]
    return found


def users_with(action: Action, territory: Territory, organisation: Organisation) -> QuerySet[User]:
    """Those who may take the action in the territory on the organisation's business today."""
    place = (territory.pk, organisation.pk)
    return User.objects.filter(pk__in=users_at(action, [place])[place])


def actions_of(user: Reader) -> set[Action]:
    """Everything the user may do somewhere."""
    roles = set(mandates_of(user).values_list("role", flat=True))
    return {action for action, holders in ROLES.items() if holders & roles}


def approves_or_administers(user: Reader) -> bool:
    """Whether the user may do what a stolen log-in must not: it is never remembered."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_staff or user.is_superuser or bool(actions_of(user) & STRONG)


def must_have_second_factor(user: Reader) -> bool:
    """Whether the user approves or administers (or all must), so that a password alone is too little."""
    if not settings.MFA_REQUIRED or not isinstance(user, User) or not user.is_active:
        return False
    return settings.MFA_REQUIRED_FOR_ALL or approves_or_administers(user)


# For which kinds of source an organisation's people may send figures in: everybody for his own.
SPEAKS_FOR: dict[str, frozenset[str]] = {
    Organisation.Kind.STATISTICS: frozenset({"bureau", "international", "survey"}),
    Organisation.Kind.MINISTRY: frozenset({"ministry", "international", "survey"}),
    Organisation.Kind.AKIMAT: frozenset({"akimat", "survey"}),
}


def source_kinds_of(user: Reader) -> set[str]:
    """The kinds of source for which the user may send figures in."""
    mandates = mandates_of(user).filter(role__in=ROLES[Action.UPLOAD])
    kinds = set(mandates.values_list("organisation__kind", flat=True))
    return {source for kind in kinds for source in SPEAKS_FOR.get(kind, ())}
