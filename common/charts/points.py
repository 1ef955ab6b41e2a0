"""Places at their longitudes and latitudes, drawn as discs that keep off one another; pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

Place = tuple[float, float]  # degrees: longitude, latitude
Point = tuple[float, float]  # px

ROUNDS = 200


@dataclass(frozen=True)
class Frame:
    """Degrees on a sheet: every degree of latitude is as long, those of longitude as in the middle."""

    west: float
    north: float
    scale: float  # px for each degree of latitude
    narrowing: float
    margin: float
    width: float
    height: float

    @classmethod
    def around(cls, places: list[Place], width: float, margin: float) -> "Frame":
        """The frame that shows all places, at least one, on a sheet of that width."""
        west, east = min(x for x, _ in places), max(x for x, _ in places)
        south, north = min(y for _, y in places), max(y for _, y in places)
        narrowing = math.cos(math.radians((south + north) / 2))
        span = (east - west) * narrowing
        scale = (width - 2 * margin) / max(span, (north - south) / 2, 0.1)
        return cls(west, north, scale, narrowing, margin, width, (north - south) * scale + 2 * margin)

    def __call__(self, place: Place) -> Point:
        """Where the place lies on the sheet."""
        x = self.margin + (place[0] - self.west) * self.narrowing * self.scale
        return x, self.margin + (self.north - place[1]) * self.scale


def spread(points: Mapping[str, Point], apart: float, width: float, height: float) -> dict[str, Point]:
    """The points moved as little as it takes to be `apart` px from one another and half that from the edges.

    The same points always move alike. Where there is no room for all, some stay closer.
    """
    moved = {key: list(point) for key, point in sorted(points.items())}
    keys = list(moved)
    for _round in range(ROUNDS):
        is_still = True
        for index, one in enumerate(keys):
            for other in keys[index + 1 :]:
                is_still &= not _push(moved[one], moved[other], apart)
        for point in moved.values():
            point[0] = min(max(point[0], apart / 2), width - apart / 2)
            point[1] = min(max(point[1], apart / 2), height - apart / 2)
        if is_still:
            break
    return {key: (round(x, 1), round(y, 1)) for key, (x, y) in moved.items()}


def _push(one: list[float], other: list[float], apart: float) -> bool:
    """Moves two points away from each other, each half the way; whether they were too close."""
    across, down = other[0] - one[0], other[1] - one[1]
    distance = math.hypot(across, down)
    if distance >= apart - 0.01:
        return False
    if distance == 0:
        across, down, distance = 1.0, 0.0, 1.0
        missing = apart / 2
    else:
        missing = (apart - distance) / 2
    one[0] -= across / distance * missing
    one[1] -= down / distance * missing
    other[0] += across / distance * missing
    other[1] += down / distance * missing
    return True
