"""Territories as GeoJSON (RFC 7946): the outline that an operator loaded, else the point on the map."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from cities.models import Boundary
from common.rest.rendering import encode


class GeoJsonRenderer(BaseRenderer):
    """A feature, or a page of them; the address of the next page stands in the `Link` header."""

    media_type = "application/geo+json"
    format = "geojson"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """A territory without outline and point has no geometry: its feature says null."""
        is_page = "results" in data
        rows = data["results"] if is_page else [data]
        loaded = Boundary.objects.filter(territory__code__in=[row["code"] for row in rows])
        outlines = dict(loaded.values_list("territory__code", "geometry"))
        features = [_feature(row, outlines.get(row["code"])) for row in rows]
        found = {"type": "FeatureCollection", "features": features} if is_page else features[0]
        return orjson.dumps(found, default=encode)


def _feature(row: Mapping[str, Any], outline: Mapping[str, Any] | None) -> dict[str, Any]:
    place = [row["longitude"], row["latitude"]]
    point = None if None in place else {"type": "Point", "coordinates": place}
    return {"type": "Feature", "id": row["code"], "geometry": outline or point, "properties": row}
