"""A KPI's figures in parts: by the places that belong to its own, and by breakdown."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from cities.models import Territory
from common.collation import sort_key
from common.databases.compiled import any_of, compiled
from indicators.models import OFFICIAL_FIRST, Breakdown, Observation, Series
from indicators.periods import Frequency, Period
from programmes.models import Kpi, Progress

RECENT = 6
"""Periods in a table of parts; the file has them all."""


class Figure(NamedTuple):
    """A published or computed figure, None where it is missing with a status that says why."""

    value: Decimal | float | None
    status: str = ""


@dataclass(frozen=True)
class Part:
    """A place or a breakdown with its figures by period, and the targets that hold there by year."""

    code: str
    name: str
    figures: Mapping[Period, Figure]
    targets: Mapping[int, float] = field(default_factory=dict)

    @property
    def known(self) -> dict[Period, Decimal | float]:
        """The figures that are not missing."""
        return {period: each.value for period, each in self.figures.items() if each.value is not None}

    @property
    def latest(self) -> tuple[Period, Decimal | float] | None:
        """The latest figure."""
        return max(self.known.items()) if self.known else None


def places_within(kpi: Kpi, territory: Territory) -> list[Territory]:
    """The places directly within the territory for which the KPI's indicator has figures, by name."""
    found = _places(kpi.indicator_id, kpi.breakdown_id, territory.pk)
    return sorted(found, key=lambda place: sort_key(place.name))


@compiled
def _places(indicator: int, breakdown: int, within: int) -> QuerySet[Territory]:
    series = _with_figures(Series.objects.filter(indicator=indicator, breakdown=breakdown))
    inside = Territory.objects.filter(parent=within)
    return inside.filter(Exists(series.filter(territory=OuterRef("pk"))))


def figures_of_members(kpi: Kpi, places: Sequence[Territory]) -> list[Part]:
    """Each member's actuals and targets by year, as progress was computed from them; one query."""
    rows = _progress(kpi.pk, [each.pk for each in places])
    actuals: defaultdict[int, dict[Period, Figure]] = defaultdict(dict)
    targets: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for place, year, actual, target in rows:
        if actual is not None:
            actuals[place][Period.of(Frequency.ANNUAL, year)] = Figure(actual)
        if target is not None:
            targets[place][year] = target
    return [Part(each.code, each.name, actuals[each.pk], targets[each.pk]) for each in places]


@compiled
def _progress(
    kpi: int, territories: Collection[int]
) -> QuerySet[Progress, tuple[int, int, float | None, float | None]]:
    rows = Progress.objects.filter(any_of("territory", territories), kpi=kpi)
    return rows.values_list("territory_id", "year", "actual", "target")


def figures_of_places(kpi: Kpi, places: Sequence[Territory]) -> list[Part]:
    """The published figures of each place, from one source each; two queries."""
    series = Series.objects.filter(
        indicator=kpi.indicator_id, breakdown=kpi.breakdown_id, territory__in=places
    )
    found = _figures(_best(series, "territory_id", kpi.preferred_source_id), "territory_id")
    return [Part(each.code, each.name, found.get(each.pk, {})) for each in places]


def breakdowns_of(kpi: Kpi, territory: Territory) -> list[Breakdown]:
    """The breakdowns, the total among them, in which the indicator has figures there; three queries."""
    return _breakdowns(kpi.indicator_id, territory.pk)


@compiled
def _breakdowns(indicator: int, territory: int) -> QuerySet[Breakdown]:
    series = Series.objects.filter(indicator=indicator, territory=territory)
    broken = Breakdown.objects.filter(Exists(_with_figures(series).filter(breakdown=OuterRef("pk"))))
    return broken.prefetch_related("categories__dimension").order_by("code")


def figures_of_breakdowns(kpi: Kpi, territory: Territory, breakdowns: Sequence[Breakdown]) -> list[Part]:
    """The published figures of each breakdown there, from one source each; two queries."""
    series = Series.objects.filter(indicator=kpi.indicator_id, territory=territory, breakdown__in=breakdowns)
    found = _figures(_best(series, "breakdown_id", kpi.preferred_source_id), "breakdown_id")
    return [Part(each.code, each.label, found.get(each.pk, {})) for each in breakdowns]


def compared_period(parts: Iterable[Part]) -> Period | None:
    """The period in which most parts have a figure, the latest of several; None without any figure."""
    counts = Counter(period for part in parts for period in part.known)
    return max(counts, key=lambda period: (counts[period], period)) if counts else None


def _with_figures(series: QuerySet[Series]) -> QuerySet[Series]:
    figures = Observation.objects.filter(series=OuterRef("pk"), value__isnull=False)
    return series.filter(Exists(figures))


def _best(series: QuerySet[Series], by: str, preferred: int | None) -> QuerySet[Series]:
    """One series for each value of `by`: of the preferred source, else annual, else the most official."""
    rank = Case(
        *(When(source__kind=kind, then=Value(index)) for index, kind in enumerate(OFFICIAL_FIRST)),
        output_field=IntegerField(),
    )
    ordered = _with_figures(series).annotate(
        is_other=~Q(source=preferred), is_within_year=~Q(frequency=Frequency.ANNUAL), rank=rank
    )
    return ordered.order_by(by, "is_other", "is_within_year", "rank", "pk").distinct(by)


def _figures(series: QuerySet[Series], by: str) -> dict[int, dict[Period, Figure]]:
    chosen = {each.pk: (getattr(each, by), Frequency(each.frequency)) for each in series}
    rows = Observation.objects.filter(series__in=list(chosen))
    found: defaultdict[int, dict[Period, Figure]] = defaultdict(dict)
    for pk, start, value, status in rows.values_list("series_id", "period_start", "value", "status"):
        owner, frequency = chosen[pk]
        found[owner][Period(frequency, start)] = Figure(value, status)
    return found


def recent_periods(parts: Iterable[Part]) -> list[Period]:
    """The latest periods in which there are figures, in order: as many as a table has room for."""
    return sorted({period for part in parts for period in part.known})[-RECENT:]
