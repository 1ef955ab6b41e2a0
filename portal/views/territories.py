"""The map and table of places, and the profile of one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import GroupMembership, Territory
from common.charts.classes import equal_steps, fifths
from common.collation import sort_key
from common.twins import twin
from indicators import writing
from indicators.periods import Period
from portal.asked import named, one_of, period_asked, subjects_named
from portal.outlines import have_outlines, outline_sources
from portal.territory_figures import (
    Figure,
    KnownPeriod,
    Offer,
    Subject,
    choices_of,
    figures_at,
    offered,
    periods,
    shares_kept,
    standings_counted,
)
from portal.tile_grid import BEFORE, DISTRICTS, TILES
from portal.tile_map import NARROW, WIDE, Look, Map, disc_map, outline_map, tile_map

MONOTOWNS = "monotowns-2012"
PROMISES = "promises-kept"
COLUMNS = (
    "code", "name", "level", "part_of", "subject", "period", "value", "unit", "status", "source", "note",
)  # fmt: skip
SORTS = ("name", "-name", "value", "-value", "level")


@dataclass(frozen=True)
class Places:
    """The territories of the map: those of the first level, the districts of Almaty, the monotowns by number.

    `former` are oblasts of earlier years, by the code of today's territory on whose tile they stand.
    """

    first_level: Mapping[str, Territory]
    districts: Mapping[str, Territory]
    towns: Mapping[int, Territory]
    former: Mapping[str, Territory]

    @cached_property
    def by_id(self) -> dict[int, Territory]:
        """Every one of them once."""
        every = [*self.first_level.values(), *self.districts.values(), *self.towns.values()]
        return {each.pk: each for each in [*every, *self.former.values()]}

    def told(self, figures: Mapping[int, Figure]) -> "Places":
        """The places of a period: a former oblast in place of today's where only it has a figure."""
        used = {
            code: old for code, old in self.former.items()
            if old.pk in figures and self.first_level[code].pk not in figures
        }  # fmt: skip
        return Places({**self.first_level, **used}, self.districts, self.towns, {})


@dataclass(frozen=True)
class Row:
    """A place in the table."""

    territory: Territory
    figure: Figure | None
    text: str
    absence: str = ""

    @property
    def value(self) -> Decimal | None:
        """Its figure."""
        return self.figure.value if self.figure else None

    @property
    def why(self) -> str:
        """Why there is no figure, or what else must be known of it."""
        if self.figure is not None:
            return self.figure.note or (str(self.figure.status.label) if self.value is None else "")
        return self.absence

    @classmethod
    def of(cls, territory: Territory, choice: "Choice") -> "Row":
        """The row of a territory."""
        figure = choice.figures.get(territory.pk)
        text = choice.look.with_unit(figure.value) if figure and figure.value is not None else ""
        return cls(territory, figure, text, _absence(territory, choice.period))


@dataclass(frozen=True)
class Choice:
    """What the map shows: figures by the id of their territory, and how they are written."""

    code: str
    name: str
    unit: str
    figures: Mapping[int, Figure]
    look: Look
    known: list[KnownPeriod]
    period: Period | None = None
    subject: Subject | None = None


@require_safe
def territory_list(request: HttpRequest) -> HttpResponse:
    """Places as tiles, discs or outlines, coloured by a choice of indicator and period, and as a table."""
    places = _places()
    offers = offered(list(places.by_id), [each.pk for each in places.first_level.values()])
    choice = _choice(request, places, offers)
    places = places.told(choice.figures)
    rows = _rows(request, places, choice)
    file = twin(request, f"territories-{choice.code}", COLUMNS, (_line(row, choice) for row in rows))
    if file is not None:
        return file
    maps = ["tiles", "boundaries"] if have_outlines() else ["tiles"]
    drawing = _drawing(request, maps)
    context = {
        "choice": choice,
        "offers": choices_of(offers),
        "promises": PROMISES,
        "rows": rows,
        "sources": {row.figure.source for row in rows if row.figure and row.figure.source},
        "has_doubts": any(row.figure and row.figure.has_doubts for row in rows),
        "with_figure": sum(row.value is not None for row in rows),
        "sort": one_of(request, "sort", SORTS, "level"),
        "maps": maps,
        "drawing": drawing,
        "steps": [
            (each.number, choice.look.plain(each.low), choice.look.plain(each.high), each.count)
            for each in choice.look.classes.steps
        ],
        "country_maps": _country_maps(places, choice, drawing),
        "outline_sources": outline_sources() if drawing == "boundaries" else [],
        "district_maps": _both(partial(tile_map, DISTRICTS, places.districts, choice.figures, choice.look)),
        "town_maps": _both(
            partial(disc_map, places.towns, [*places.first_level.values()], choice.figures, choice.look)
        ),
        "towns": [(number, Row.of(town, choice)) for number, town in places.towns.items()],
        "towns_nowhere": [town.name for town in places.towns.values() if town.longitude is None],
        "districts_known": _is_known(places.districts.values(), choice),
        "towns_known": _is_known(places.towns.values(), choice),
    }
    return render(request, "portal/territory_list.html", context)


def _places() -> Places:
    known = Territory.objects.filter(code__in=[*TILES, *BEFORE, *DISTRICTS]).select_related("parent")
    found = {each.code: each for each in known}
    members = GroupMembership.objects.filter(group__code=MONOTOWNS).current(timezone.localdate())
    towns = members.filter(number__isnull=False).select_related("territory__parent").order_by("number")
    return Places(
        {code: found[code] for code in TILES if code in found},
        {code: found[code] for code in DISTRICTS if code in found},
        {each.number: each.territory for each in towns if each.number is not None},
        {today: found[code] for code, today in BEFORE.items() if code in found and today in found},
    )


def _choice(request: HttpRequest, places: Places, offers: list[Offer]) -> Choice:
    """What is asked for, or the indicator that most territories of the first level have figures of."""
    most = max(offers, key=lambda each: (each.chief, each.count, each.code), default=None)
    usual_code = most.code if most else PROMISES
    subjects = subjects_named([*named(request, "indicator")[:1], usual_code])
    known_codes = [code for code, subject in subjects.items() if subject.kpi is None]
    code = one_of(request, "indicator", [*known_codes, PROMISES], usual_code)
    subject = subjects.get(code)
    if subject is None:
        if request.GET.get("period"):
            messages.warning(request, _("Promises are judged as of today: the period is ignored."))
        figures = shares_kept(standings_counted(list(places.by_id)))
        look = _look(
            figures, partial(_percent, decimals=0), partial(writing.written, decimals=0), is_share=True
        )
        return Choice(code, _("Share of promises kept or on course"), "%", figures, look, [])
    known = periods(subject, list(places.by_id))
    period = period_asked(request, known)
    figures = figures_at(subject, list(places.by_id), period) if period else {}
    indicator = subject.indicator
    look = _look(
        figures, partial(writing.with_unit, indicator=indicator),
        partial(writing.written, decimals=indicator.decimals),
    )  # fmt: skip
    return Choice(code, subject.name, indicator.unit.name, figures, look, known, period, subject)


def _percent(value: Decimal, decimals: int) -> str:
    return f"{writing.written(value, decimals)}{writing.NO_BREAK_SPACE}%"


def _look(
    figures: Mapping[int, Figure],
    with_unit: Callable[[Decimal], str],
    plain: Callable[[Decimal], str],
    *,
    is_share: bool = False,
) -> Look:
    values = {key: figure.value for key, figure in figures.items() if figure.value is not None}
    classes = equal_steps(values, Decimal(0), Decimal(100)) if is_share else fifths(values)
    return Look(with_unit, plain, classes)


def _rows(request: HttpRequest, places: Places, choice: Choice) -> list[Row]:
    rows = [Row.of(each, choice) for each in places.by_id.values()]
    return sorted_rows(rows, request.GET.get("sort", "level"))


def sorted_rows(rows: Iterable[Row], sort: str) -> list[Row]:
    """Rows by name, or by figure with those that have none last; else in the order in which they came, which
    is that of the map."""
    by_name = sorted(rows, key=lambda row: sort_key(row.territory.name)) if sort != "level" else list(rows)
    if sort == "-name":
        return by_name[::-1]
    if sort not in {"value", "-value"}:
        return by_name
    known = [(row.value, row) for row in by_name if row.value is not None]
    known.sort(key=lambda pair: pair[0], reverse=sort == "-value")
    return [row for _value, row in known] + [row for row in by_name if row.value is None]


def _absence(territory: Territory, period: Period | None) -> str:
    """Why nothing is said of a territory."""
    if period is not None and territory.valid_from is not None and territory.valid_from > period.end:
        return _("did not exist then")
    if period is not None and territory.valid_to is not None and territory.valid_to <= period.start:
        return _("did not exist any more")
    return ""


def _line(row: Row, choice: Choice) -> tuple[object, ...]:
    territory, figure = row.territory, row.figure
    return (
        territory.code, territory.name, territory.level, territory.parent and territory.parent.code,
        choice.code,
        str(choice.period) if choice.period else None, row.value, choice.unit,
        figure.status.value if figure else None, figure.source.code if figure and figure.source else None,
        row.why,
    )  # fmt: skip


def _is_known(territories: Iterable[Territory], choice: Choice) -> bool:
    """Whether there is a figure for any of the territories."""
    return any(each.pk in choice.look.classes.number_of for each in territories)


def _drawing(request: HttpRequest, maps: list[str]) -> str:
    """Tiles, or outlines where they are asked for and loaded."""
    if request.GET.get("map") == "boundaries" and "boundaries" not in maps:
        messages.warning(request, _("No boundaries are loaded here: the map shows tiles."))
        return "tiles"
    return one_of(request, "map", maps, "tiles")


def _country_maps(places: Places, choice: Choice, drawing: str) -> list[Map]:
    draw = (
        partial(outline_map, places.first_level, choice.figures, choice.look)
        if drawing == "boundaries"
        else partial(tile_map, TILES, places.first_level, choice.figures, choice.look)
    )
    return _both(draw)


def _both(draw: Callable[..., Map | None]) -> list[Map]:
    """The drawing for wide and for narrow screens."""
    return [found for size in (WIDE, NARROW) if (found := draw(size=size)) is not None]
