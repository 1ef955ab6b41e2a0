"""Territories in the API."""

from typing import ClassVar

from django.db.models import Prefetch
from rest_framework import serializers

from cities.filters import TerritoryFilterSet, TerritoryGroupFilterSet
from cities.geojson import GeoJsonRenderer
from cities.models import GroupMembership, Territory, TerritoryGroup
from common.rest.fields import PublishedSerializer, Reference, Text, Texts
from common.rest.views import ColumnViewSet, PublishedViewSet


class TerritorySerializer(PublishedSerializer[Territory]):
    """A territory."""

    name = Text("name")
    names = Texts("name")
    parent = Reference("parent.code", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Territory
        fields: ClassVar = [
            "code", "name", "names", "level", "parent", "kato", "bureau_code", "valid_from", "valid_to",
            "longitude", "latitude",
        ]  # fmt: skip


class TerritoryViewSet(ColumnViewSet[Territory]):
    """The country, its oblasts, cities, districts and settlements, past ones included.

    `kato` is the official classifier's code where it is known; `valid_from` and `valid_to` bound a
    territory's existence, open ends meaning ever since and until further notice.
    """

    queryset = Territory.objects.all()
    serializer_class = TerritorySerializer
    filterset_class = TerritoryFilterSet
    renderer_classes = (*ColumnViewSet.renderer_classes, GeoJsonRenderer)


class MembershipSerializer(serializers.ModelSerializer[GroupMembership]):
    """A territory's time in a group, as the founding list has it."""

    territory = Reference("territory.code")

    class Meta:
        model = GroupMembership
        fields: ClassVar = ["territory", "number", "valid_from", "valid_to", "official_class"]


class TerritoryGroupSerializer(PublishedSerializer[TerritoryGroup]):
    """A list of territories."""

    name = serializers.CharField()
    names = Texts("name")
    note = serializers.CharField()
    notes = Texts("note")
    members = MembershipSerializer(source="memberships", many=True)

    class Meta:
        model = TerritoryGroup
        fields: ClassVar = ["code", "name", "names", "note", "notes", "members"]


class TerritoryGroupViewSet(PublishedViewSet[TerritoryGroup]):
    """Lists of territories that belong together, such as the monotowns; a promise may hold for each."""

    queryset = TerritoryGroup.objects.prefetch_related(
        Prefetch("memberships", GroupMembership.objects.select_related("territory"))
    )
    serializer_class = TerritoryGroupSerializer
    filterset_class = TerritoryGroupFilterSet
