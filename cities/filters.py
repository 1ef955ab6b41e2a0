"""Filters of territories, for pages and API alike."""

import datetime as dt

import django_filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import GroupMembership, Territory, TerritoryGroup
from cities.querysets import TerritoryQuerySet
from common.rest.filters import ChoiceFilter, CodeFilter, DateFilter, FilterSet
from common.rest.following import UpdatedAfter

ENDPOINT = "/api/v1/territories/"


class TerritoryFilterSet(FilterSet):
    """Territories by level, place in the tree, group and day."""

    level = ChoiceFilter(choices=Territory.Level.choices)
    parent = CodeFilter(queryset=Territory.objects.all(), endpoint=ENDPOINT)
    within = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.all(), to_field_name="code", method="filter_within",
        help_text=_("A code from /api/v1/territories/: the territory and everything in it."),
    )  # fmt: skip
    group = django_filters.ModelChoiceFilter(
        queryset=TerritoryGroup.objects.all(), to_field_name="code", method="filter_group",
        help_text=_("The code of a group, as programmes and KPIs name it: its members today."),
    )  # fmt: skip
    kato = django_filters.CharFilter(help_text=_("The KATO code: nine digits."))
    existing_on = DateFilter(
        method="filter_existing", help_text=_("Those that exist on the day, such as 2025-12-31.")
    )
    updated_after = UpdatedAfter("territories", not_with=("within", "group"))

    def filter_within(self, queryset: TerritoryQuerySet, name: str, value: Territory) -> TerritoryQuerySet:
        """The territory and everything below it."""
        return queryset.within([value.pk])

    def filter_group(
        self, queryset: TerritoryQuerySet, name: str, value: TerritoryGroup
    ) -> TerritoryQuerySet:
        """Today's members of the group."""
        members = GroupMembership.objects.filter(group=value).current(timezone.localdate())
        return queryset.filter(pk__in=members.values("territory_id"))

    def filter_existing(self, queryset: TerritoryQuerySet, name: str, value: dt.date) -> TerritoryQuerySet:
        """Those that exist on the day."""
        return queryset.existing(value)


class TerritoryGroupFilterSet(FilterSet):
    """Groups, all or those that changed."""

    updated_after = UpdatedAfter("territory-groups")
