"""The map of places as it is drawn: figures, classes and names brought onto tiles, discs and outlines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import Territory
from common.charts import points, tiles
from common.charts.classes import Classes
from common.charts.outlines import MOST_POINTS
from portal.map_names import short
from portal.outlines import outlines_of
from portal.territory_figures import Figure

COLUMNS = 7
GROUND_POINTS = 1200
NO_FIGURE = "—"


@dataclass(frozen=True)
class Format:
    """Sizes in px of a drawing for wide or for narrow screens."""

    name: str
    width: float
    tile: float  # height
    gap: float
    type: float
    disc: float  # radius


WIDE = Format("wide", 860, 66, 4, 14, 13)
NARROW = Format("narrow", 350, 50, 3, 10.5, 9.5)


@dataclass(frozen=True)
class Look:
    """How figures are shown: with their unit, shortly, and in which classes."""

    with_unit: Callable[[Decimal], str]
    plain: Callable[[Decimal], str]
    classes: Classes[int]

    def step_of(self, territory: Territory) -> int:
        """The number of its class; 0 where it has no figure."""
        return self.classes.number_of.get(territory.pk, 0)

    def short(self, figure: Figure | None) -> str:
        """The figure as it stands on a map."""
        return NO_FIGURE if figure is None or figure.value is None else self.plain(figure.value)

    def words(self, territory: Territory, figure: Figure | None) -> str:
        """The territory and its figure for those who listen, or hold a pointer over it."""
        value = _("no figure") if figure is None or figure.value is None else self.with_unit(figure.value)
        return f"{territory.name}: {value}"


@dataclass(frozen=True)
class Mark:
    """A place on a map: a link over a ground by class (0: no figure), with a name and a figure in short.

    A tile begins at (x, y), a disc and the texts on an outline have their middle there.
    """

    territory: Territory
    step: int
    name: str
    text: str
    words: str
    x: float
    y: float
    tile: tiles.Tile | None = None
    text_size: float = 0
    path: str = ""

    @property
    def href(self) -> str:
        """Its profile."""
        return reverse("portal:territory-detail", args=[self.territory.code])

    @property
    def room(self) -> tuple[float, float]:
        """Left end and width of the plain ground that a name needs on a hatched tile."""
        width = round(self.tile.width * 0.84, 1) if self.tile else 0.0
        return round(self.x - width / 2, 1), width

    @property
    def rounding(self) -> int:
        """Cities among oblasts have round corners."""
        return 16 if self.territory.level == Territory.Level.REPUBLICAN_CITY else 2


@dataclass(frozen=True)
class Map:
    """One drawing; `places` are names that only help to find one's way, `land` is the country's ground."""

    format: Format
    width: float
    height: float
    marks: Sequence[Mark]
    land: str = ""
    places: Sequence[tuple[float, float, str]] = ()

    @property
    def is_small(self) -> bool:
        """Whether it needs less than the page's width."""
        return self.width < self.format.width

    @property
    def edge(self) -> float:
        """Between a hatched tile's edge and its plain ground."""
        return round(self.format.tile * 0.12, 1)

    @property
    def ground(self) -> float:
        """Height of a hatched tile's plain ground."""
        return round(self.format.tile * 0.76, 1)

    @property
    def lines(self) -> tuple[float, float]:
        """How far below a tile's edge the name and the figure stand."""
        return round(self.format.tile * 0.4, 1), round(self.format.tile * 0.76, 1)

    @property
    def below_middle(self) -> float:
        """How far below the middle of a disc its number stands."""
        return round(self.format.type * 0.36, 1)

    @property
    def labels(self) -> Sequence[Mark]:
        """Marks on outlines, whose texts lie above all outlines."""
        return [mark for mark in self.marks if mark.path]


def tile_map(
    cells: Mapping[str, tiles.Cell],
    territories: Mapping[str, Territory],
    figures: Mapping[int, Figure],
    look: Look,
    size: Format,
) -> Map | None:
    """Territories by code on their tiles; None where none of them exists."""
    present = {code: cell for code, cell in cells.items() if code in territories}
    if not present:
        return None
    used = 1 + max(column for column, _row in present.values())
    broad = (size.width + size.gap) / COLUMNS * used - size.gap
    sheet = tiles.lay_out(present, broad if size is WIDE else size.width, size.tile, size.gap)
    marks = []
    for code, tile in sheet.tiles.items():
        mark = _mark(territories[code], figures, look, tile.middle, tile.y, tile=tile)
        name = tiles.cut(mark.name, tile.width, size.type)
        text_size = tiles.fitting_size(mark.text, tile.width, size.type + 3)
        marks.append(Mark(**vars(mark) | {"name": name, "text_size": text_size}))
    return Map(size, round(sheet.width, 1), sheet.height, marks)


def disc_map(
    towns: Mapping[int, Territory],
    oblasts: Sequence[Territory],
    figures: Mapping[int, Figure],
    look: Look,
    size: Format,
) -> Map | None:
    """Towns by their numbers at their longitudes and latitudes; None where no town has a place."""
    where = {town.code: _degrees(town) for town in towns.values() if town.longitude is not None}
    if not where:
        return None
    guides = [(_degrees(each), short(each.name)) for each in oblasts if each.longitude is not None]
    ground = outlines_of(size.width, GROUND_POINTS)
    seen = [*where.values(), *(place for place, _name in guides)]
    frame = ground.frame if ground else points.Frame.around(seen, size.width, 2.5 * size.disc)
    spread = points.spread(
        {code: frame(place) for code, place in where.items()}, 2.1 * size.disc, frame.width, frame.height
    )
    marks = [
        Mark(**vars(_mark(town, figures, look, *spread[town.code])) | {"name": str(number)})
        for number, town in towns.items()
        if town.code in spread
    ]
    places = [(*_rounded(frame(place)), name) for place, name in guides] if size is WIDE else []
    land = "".join(ground.paths.values()) if ground else ""
    return Map(size, frame.width, round(frame.height, 1), marks, land, places)


def outline_map(
    territories: Mapping[str, Territory], figures: Mapping[int, Figure], look: Look, size: Format
) -> Map | None:
    """Territories in the outlines that an operator has loaded; None where there are none. Cities come last,
    above the oblasts that surround them."""
    drawn = outlines_of(size.width, MOST_POINTS)
    if drawn is None:
        return None
    marks = []
    for code, path in drawn.paths.items():
        territory = territories.get(code)
        if territory is not None and territory.longitude is not None:
            middle = _rounded(drawn.frame(_degrees(territory)))
            marks.append(_mark(territory, figures, look, *middle, path=path))
    marks.sort(key=lambda mark: mark.territory.level == Territory.Level.REPUBLICAN_CITY)
    return Map(size, drawn.frame.width, round(drawn.frame.height, 1), marks) if marks else None


def _mark(
    territory: Territory, figures: Mapping[int, Figure], look: Look, x: float, y: float, **more: Any
) -> Mark:
    figure = figures.get(territory.pk)
    words = look.words(territory, figure)
    name = short(territory.name)
    return Mark(territory, look.step_of(territory), name, look.short(figure), words, x, y, **more)


def _degrees(territory: Territory) -> points.Place:
    return float(territory.longitude or 0), float(territory.latitude or 0)


def _rounded(point: points.Point) -> points.Point:
    return round(point[0], 1), round(point[1], 1)
