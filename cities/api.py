"""Territories in the API."""

from typing import ClassVar

from rest_framework import serializers

from cities.filters import TerritoryFilterSet
from cities.geojson import GeoJsonRenderer
from cities.models import Territory
from common.rest.fields import PublishedSerializer, Reference, Texts
from common.rest.views import PublishedViewSet


class TerritorySerializer(PublishedSerializer[Territory]):
    """A territory."""

    name = serializers.CharField()
    names = Texts("name")
    parent = Reference("parent.code", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Territory
        fields: ClassVar = [
            "code", "name", "names", "level", "parent", "kato", "bureau_code", "valid_from", "valid_to",
            "longitude", "latitude",
        ]  # fmt: skip


class TerritoryViewSet(PublishedViewSet[Territory]):
    """The country, its oblasts, cities, districts and settlements, past ones included.

    `kato` is the official classifier's code where it is known; `valid_from` and `valid_to` bound a
    territory's existence, open ends meaning ever since and until further notice.
    """

    queryset = Territory.objects.select_related("parent")
    serializer_class = TerritorySerializer
    filterset_class = TerritoryFilterSet
    renderer_classes = (*PublishedViewSet.renderer_classes, GeoJsonRenderer)
