"""The catalogue of indicators: what its list shows of each, and what is chosen on an indicator's own page."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.models import Count

from cities.models import Territory
from common.collation import sort_key
from indicators.models import OFFICIAL_FIRST, Breakdown, Indicator, Series, Source
from programmes.models import Kpi

T = TypeVar("T")

# The first and last period of a series are the ends of an index: no figure in between is read.
EXTENTS = """
SELECT series.indicator_id, count(DISTINCT series.territory_id), count(DISTINCT series.breakdown_id),
       array_agg(DISTINCT series.source_id), min(ends.first), max(ends.last)
FROM indicators_series series
CROSS JOIN LATERAL (
    SELECT min(period_start) AS first, max(period_start) AS last FROM indicators_observation
    WHERE series_id = series.id
) ends
WHERE series.indicator_id = ANY(%s)
GROUP BY series.indicator_id
"""


@dataclass(frozen=True)
class Extent:
    """What there is of an indicator: places, breakdowns, sources by id, and the first and last period."""

    territories: int = 0
    breakdowns: int = 0
    sources: Sequence[int] = ()
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def years(self) -> str:
        """From which year to which; empty where there is no figure."""
        if self.first is None or self.last is None:
            return ""
        return (
            str(self.first.year)
            if self.first.year == self.last.year
            else f"{self.first.year}–{self.last.year}"
        )


@dataclass(frozen=True)
class Line:
    """An indicator in the list."""

    indicator: Indicator
    extent: Extent
    sources: Sequence[Source]
    kpis: int


def lines(indicators: Collection[Indicator]) -> list[Line]:
    """What the list shows of the indicators; three queries, however many there are."""
    ids = [indicator.pk for indicator in indicators]
    with connection.cursor() as cursor:
        cursor.execute(EXTENTS, [ids])
        extents = {row[0]: Extent(*row[1:]) for row in cursor.fetchall()}
    sources = Source.objects.in_bulk()
    used = Kpi.objects.filter(indicator__in=ids).order_by().values_list("indicator").annotate(Count("pk"))
    kpis: dict[int, int] = dict(used)
    found = []
    for each in indicators:
        extent = extents.get(each.pk, Extent())
        named = official_first(sources[pk] for pk in extent.sources)
        found.append(Line(each, extent, named, kpis.get(each.pk, 0)))
    return found


def official_first(sources: Iterable[Source]) -> list[Source]:
    """The most official first, those of a kind by code."""
    order = {kind: place for place, kind in enumerate(OFFICIAL_FIRST)}
    return sorted(sources, key=lambda source: (order[Source.Kind(source.kind)], source.code))


class SeriesKey(NamedTuple):
    """Which series of an indicator; ids, and the frequency's code."""

    source: int
    frequency: str
    breakdown: int
    territory: int


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as codes; empty where it leaves the choice to the page."""

    source: str = ""
    frequency: str = ""
    breakdown: str = ""
    territory: str = ""


@dataclass(frozen=True)
class Choice:
    """The series that is shown, and what could be shown instead; each list holds the chosen one.

    `missed` names what was asked for and is not there.
    """

    source: Source
    frequency: str
    breakdown: Breakdown
    territory: Territory
    sources: Sequence[Source]
    frequencies: Sequence[str]
    breakdowns: Sequence[Breakdown]
    territories: Sequence[Territory]
    series: Series
    missed: Sequence[str]


def choose(indicator: Indicator, asked: Asked) -> Choice | None:
    """The series that was asked for, or the likeliest; None where the indicator has none. Five queries.

    The most official source is likeliest, then figures of years, the total, and the widest place.
    """
    rows = indicator.series.order_by().values_list(
        "source_id", "frequency", "breakdown_id", "territory_id", "pk"
    )
    series = {SeriesKey(*row[:4]): row[4] for row in rows}
    if not series:
        return None
    missed: list[str] = []
    keys = list(series)
    sources = official_first(Source.objects.filter(pk__in={key.source for key in keys}))
    source = _pick(sources, asked.source, lambda each: each.code, missed)
    keys = [key for key in keys if key.source == source.pk]
    frequencies = sorted({key.frequency for key in keys}, key="ASQM".index)
    frequency = _pick(frequencies, asked.frequency, str, missed)
    keys = [key for key in keys if key.frequency == frequency]
    breakdowns = _breakdowns({key.breakdown for key in keys})
    breakdown = _pick(breakdowns, asked.breakdown, str, missed)
    keys = [key for key in keys if key.breakdown == breakdown.pk]
    territories = _territories({key.territory for key in keys})
    territory = _pick(territories, asked.territory, lambda each: each.code, missed)
    shown = Series(
        pk=series[SeriesKey(source.pk, frequency, breakdown.pk, territory.pk)],
        indicator=indicator, source=source, frequency=frequency, breakdown=breakdown, territory=territory,
    )  # fmt: skip
    return Choice(
        source, frequency, breakdown, territory, sources, frequencies, breakdowns, territories, shown, missed
    )


def _pick(found: Sequence[T], code: str, code_of: Callable[[T], str], missed: list[str]) -> T:
    """The one with the code, else the first."""
    wanted = next((each for each in found if code_of(each) == code), None)
    if wanted is None and code:
        missed.append(code)
    return found[0] if wanted is None else wanted


def _breakdowns(ids: Collection[int]) -> list[Breakdown]:
    """The total first, then by the number of categories, their dimensions and their names."""
    found = Breakdown.objects.filter(pk__in=ids).prefetch_related("categories")

    def place(each: Breakdown) -> tuple[int, list[str], str]:
        parts = each.code.split("&") if each.code else []
        return len(parts), [part.partition("=")[0] for part in parts], sort_key(each.label)

    return sorted(found, key=place)


def _territories(ids: Collection[int]) -> list[Territory]:
    """The widest first, those of a level by name."""
    order = {level: place for place, level in enumerate(Territory.Level.values)}
    return sorted(
        Territory.objects.filter(pk__in=ids), key=lambda each: (order[each.level], sort_key(each.name))
    )
