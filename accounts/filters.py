"""The filters of the audit trail, for its page and its export."""

import datetime as dt

import django_filters
from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import ACTIONS
from accounts.models import CHANNELS, AuditEvent, User
from accounts.permissions import Action, territories_for
from cities.models import Territory
from common.names import in_order
from common.rest.filters import DateFilter, FilterSet

ALL = _("all")
LONGEST_SEARCH = 100
Events = QuerySet[AuditEvent]


def territories_audited(request: HttpRequest) -> QuerySet[Territory]:
    """The territories of whose events the reader may know, by name."""
    allowed = territories_for(request.user, Action.AUDIT)
    return Territory.objects.filter(pk__in=allowed).order_by(in_order())


class DayFilter(DateFilter):
    """Events from or until a day here."""

    def __init__(self, **kwargs: object) -> None:
        widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class AddressFilter(django_filters.Filter):  # type: ignore[misc]
    """Events from a network address."""

    field_class = forms.GenericIPAddressField


class AuditSearch(FilterSet):
    """Events by words, who, what was done to what, where, from where and when."""

    q = django_filters.CharFilter(method="filter_words", max_length=LONGEST_SEARCH, label=_("Words"))
    user = django_filters.CharFilter(
        method="filter_user", max_length=LONGEST_SEARCH, label=_("Who: name or e-mail address")
    )
    action = django_filters.ChoiceFilter(choices=list(ACTIONS.items()), empty_label=ALL, label=_("Action"))
    subject = django_filters.CharFilter(max_length=LONGEST_SEARCH, label=_("Reference"))
    territory = django_filters.ModelChoiceFilter(
        method="filter_territory", queryset=territories_audited, to_field_name="code", empty_label=ALL,
        label=_("Territory and all within it"),
    )  # fmt: skip
    channel = django_filters.ChoiceFilter(choices=CHANNELS, empty_label=ALL, label=_("From where"))
    address = AddressFilter(label=_("Network address"))
    since = DayFilter(method="filter_since", label=_("From"))
    until = DayFilter(method="filter_until", label=_("To"))

    def filter_words(self, rows: Events, name: str, value: str) -> Events:
        """Those with all the words in what they tell of."""
        rows = rows.alias(words=Cast("details", TextField()))
        for word in value.split():
            rows = rows.filter(
                Q(label__icontains=word) | Q(reason__icontains=word) | Q(words__icontains=word)
            )
        return rows

    def filter_user(self, rows: Events, name: str, value: str) -> Events:
        """Those of the users whose name or e-mail address has all the words."""
        users = User.objects.all()
        for word in value.split():
            users = users.filter(
                Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
            )
        return rows.filter(user__in=list(users.values_list("pk", flat=True)))

    def filter_territory(self, rows: Events, name: str, value: Territory) -> Events:
        """Those in the territory and in everything within it."""
        places = list(Territory.objects.within({value.pk}).values_list("pk", flat=True))
        return rows.filter(territory__in=places)

    def filter_since(self, rows: Events, name: str, value: dt.date) -> Events:
        """Those of the day and later. Moments grow with the numbers, by which the list is ordered."""
        first = _first_number(value)
        return rows.none() if first is None else rows.filter(number__gte=first)

    def filter_until(self, rows: Events, name: str, value: dt.date) -> Events:
        """Those of the day and earlier."""
        beyond = _first_number(value + dt.timedelta(days=1))
        return rows if beyond is None else rows.filter(number__lt=beyond)


def _first_number(day: dt.date) -> int | None:
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    later = AuditEvent.objects.filter(at__gte=midnight).order_by("at", "number")
    return later.values_list("number", flat=True).first()
