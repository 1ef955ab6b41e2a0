"""Outlines of territories as GeoJSON keeps them (RFC 7946): read from a file and checked; pure.

Longitudes and latitudes are degrees of WGS 84. Heights are left out, nothing else is changed.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Position = list[float]
Ring = list[Position]
Polygon = list[Ring]
Geometry = dict[str, Any]

DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326")
CONVERT = "Convert the file to longitudes and latitudes in degrees (WGS 84, EPSG:4326)."


class GeometryError(ValueError):
    """What is wrong with a file or an outline, and how to put it right."""


@dataclass(frozen=True)
class Feature:
    """An outline and what its file calls it; `number` counts from 1."""

    number: int
    properties: dict[str, Any]
    geometry: Geometry


def read_features(content: bytes) -> list[Feature]:
    """The features of a GeoJSON file, every outline checked. Raises `GeometryError`."""
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise GeometryError("The file is not text in UTF-8. Save it as GeoJSON in UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise GeometryError(f"The file is not JSON ({error}). Save it as GeoJSON.") from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise GeometryError("The file is no GeoJSON FeatureCollection. Save the layer of territories as one.")
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise GeometryError("The file holds no features. Save the layer of territories with its features.")
    _check_system(found.get("crs"))
    return [_feature(number, each) for number, each in enumerate(features, start=1)]


def polygons(geometry: Geometry) -> list[Polygon]:
    """The polygons of a checked outline; the first ring of each is its edge, further ones are holes."""
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def _check_system(crs: object) -> None:
    """Files older than the standard name their system of coordinates: only degrees are understood."""
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = str(named.get("name", "")) if isinstance(named, dict) else ""
    if name and not name.endswith(DEGREES):
        raise GeometryError(f"The coordinates are in the system {name}. {CONVERT}")


def _feature(number: int, found: object) -> Feature:
    if not isinstance(found, dict) or found.get("type") != "Feature":
        raise GeometryError(f"Feature {number} is no GeoJSON Feature. Save the layer as GeoJSON again.")
    properties = found.get("properties")
    try:
        geometry = checked(found.get("geometry"))
    except GeometryError as error:
        raise GeometryError(f"Feature {number}: {error}") from error
    return Feature(number, properties if isinstance(properties, dict) else {}, geometry)


def checked(geometry: object) -> Geometry:
    """The outline as it is stored. Raises `GeometryError`."""
    if not isinstance(geometry, dict):
        raise GeometryError("it has no geometry. Give it a Polygon or MultiPolygon, or take it out.")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _polygon(coordinates, 1)}
    if kind == "MultiPolygon":
        parts = _listed(coordinates, "a MultiPolygon has polygons")
        return {"type": kind, "coordinates": [_polygon(each, n) for n, each in enumerate(parts, start=1)]}
    raise GeometryError(f"its geometry is a {kind}, which has no area. Give it a Polygon or MultiPolygon.")


def _polygon(found: object, number: int) -> Polygon:
    rings = _listed(found, f"polygon {number} has rings")
    return [_ring(each, f"ring {n} of polygon {number}") for n, each in enumerate(rings, start=1)]


def _ring(found: object, name: str) -> Ring:
    ring = [_position(each, name) for each in _listed(found, f"{name} has positions")]
    if ring[0] != ring[-1]:
        raise GeometryError(f"{name} is not closed: it must end where it begins. Repeat its first position.")
    if len(ring) < 4:
        raise GeometryError(f"{name} has fewer than four positions and encloses nothing. Take it out.")
    return ring


def _position(found: object, name: str) -> Position:
    numbers = found[:2] if isinstance(found, list) else []
    is_number = [isinstance(each, (int, float)) and not isinstance(each, bool) for each in numbers]
    if len(numbers) < 2 or not all(is_number) or not all(map(math.isfinite, numbers)):
        raise GeometryError(
            f"{name} holds {_short(found)}, which is no position. Write [longitude, latitude]."
        )
    longitude, latitude = numbers
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise GeometryError(f"{name} holds {_short(found)}, which is not on earth. {CONVERT}")
    return [float(longitude), float(latitude)]


def _listed(found: object, rule: str) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise GeometryError(f"{rule}, and here are none. Save the layer as GeoJSON again.")
    return found


def _short(found: object) -> str:
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


def positions(geometry: Geometry) -> Iterator[Position]:
    """Every position of a checked outline."""
    for polygon in polygons(geometry):
        for ring in polygon:
            yield from ring
