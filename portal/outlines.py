"""The outlines that an operator has loaded, ready to draw; kept in the cache, since they hardly change."""

from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Max
from redis.exceptions import RedisError

from cities.geometry import polygons, positions
from cities.models import Boundary, Territory
from common.charts.outlines import paths
from common.charts.points import Frame

FIRST_LEVEL = (Territory.Level.OBLAST, Territory.Level.REPUBLICAN_CITY)
DAY = 24 * 60 * 60
MARGIN = 2.0  # px


@dataclass(frozen=True)
class Outlines:
    """The territories of the first level as SVG path data by their code, in px of the frame."""

    frame: Frame
    paths: dict[str, str]


def have_outlines() -> bool:
    """Whether an operator has loaded outlines of territories of the first level."""
    return Boundary.objects.filter(territory__level__in=FIRST_LEVEL).exists()


def outline_sources() -> list[str]:
    """Who made the outlines of the first level."""
    found = Boundary.objects.filter(territory__level__in=FIRST_LEVEL)
    return list(found.order_by("source").values_list("source", flat=True).distinct())


def outlines_of(width: float, most: int) -> Outlines | None:
    """The outlines on a sheet of that width, of about so many points at most; None where none are loaded."""
    loaded = Boundary.objects.filter(territory__level__in=FIRST_LEVEL)
    latest = loaded.aggregate(latest=Max("loaded_at"))["latest"]
    if latest is None:
        return None
    key = f"outlines:{latest.timestamp()}:{width:.0f}:{most}"
    with suppress(RedisError):
        drawn: Outlines | None = cache.get(key)
        if drawn is not None:
            return drawn
    drawn = _draw({each.territory.code: each for each in loaded.select_related("territory")}, width, most)
    with suppress(RedisError):
        cache.set(key, drawn, DAY)
    return drawn


def _draw(boundaries: dict[str, Boundary], width: float, most: int) -> Outlines:
    places = [(place[0], place[1]) for each in boundaries.values() for place in positions(each.geometry)]
    frame = Frame.around(places, width, MARGIN)
    shapes = {code: polygons(each.geometry) for code, each in boundaries.items()}
    return Outlines(frame, paths(shapes, frame, most))
