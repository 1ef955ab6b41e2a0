"""Figures of many territories at once: which there are, and what they say in a period; each one query."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.formats import localize
from django.utils.translation import gettext as _

from common.collation import sort_key
from common.databases.compiled import any_of, compiled
from common.names import language
from indicators.fields import Status
from indicators.models import OFFICIAL_FIRST, Indicator, Observation, Series, Source
from indicators.periods import Frequency, Period
from programmes.codes import KEPT, SLIPPED
from programmes.models import Kpi, Standing
from programmes.overview import Rollup


@dataclass(frozen=True)
class Figure:
    """What is said of a territory: by the first source, and by the others where they say something else.

    `value` is None where the figure is missing, and `status` says why. `note` adds what a reader must know.
    """

    value: Decimal | None
    status: Status = Status.NORMAL
    source: Source | None = None
    others: tuple[tuple[Source, Decimal], ...] = ()
    note: str = ""

    @property
    def is_provisional(self) -> bool:
        """Whether it is an estimate or may still change."""
        return self.status in {Status.PROVISIONAL, Status.ESTIMATED}

    @property
    def has_doubts(self) -> bool:
        """Whether it may change, or another source says something else."""
        return self.is_provisional or bool(self.others)


@dataclass(frozen=True)
class Subject:
    """What territories are coloured, compared and ranked by: an indicator's total, or a KPI's figures."""

    indicator: Indicator
    kpi: Kpi | None = None

    @property
    def code(self) -> str:
        """Its value in an address: `unemployment-rate`, or `almaty-2025:KPI-7`."""
        return f"{self.kpi.programme.code}:{self.kpi.code}" if self.kpi else self.indicator.code

    @property
    def name(self) -> str:
        """What it is called, in the reader's language."""
        if self.kpi is None:
            return self.indicator.name
        return f"{self.kpi.name} ({self.kpi.programme.short_name}, {self.kpi.code})"

    @property
    def has_direction(self) -> bool:
        """Whether one direction is good."""
        return self.kpi is not None or self.indicator.polarity != Indicator.Polarity.NONE

    @property
    def rounding(self) -> Decimal:
        """The step between two figures as they are shown."""
        return Decimal(1).scaleb(-self.indicator.decimals)

    @property
    def highest_first(self) -> bool:
        """Whether rank 1 is the highest value; where no direction is good it is, too."""
        if self.kpi is not None and self.kpi.comparator in {Kpi.Comparator.AT_LEAST, Kpi.Comparator.AT_MOST}:
            return self.kpi.comparator == Kpi.Comparator.AT_LEAST
        return self.indicator.polarity != Indicator.Polarity.DOWN

    @property
    def breakdown(self) -> int | str:
        """Of which its series are: a KPI's by its id, else the total by its code (`_series_of`)."""
        return "" if self.kpi is None else self.kpi.breakdown_id

    def owns(self, series: Series) -> bool:
        """Whether the series, which comes with its breakdown, is one of its own."""
        is_its_breakdown = (
            series.breakdown_id == self.kpi.breakdown_id if self.kpi else series.breakdown.code == ""
        )
        return series.indicator_id == self.indicator.pk and is_its_breakdown

    def order(self, source: Source) -> tuple[bool, int, int]:
        """Whose figure comes first: the KPI's own source, then the most official one."""
        preferred = self.kpi.preferred_source_id if self.kpi else None
        return source.pk != preferred, OFFICIAL_FIRST.index(Source.Kind(source.kind)), source.pk


@dataclass(frozen=True)
class KnownPeriod:
    """A period, and how many territories have a figure of it."""

    period: Period
    count: int


@dataclass(frozen=True)
class Offer:
    """An indicator, and of how many territories there are totals, and how many of them are chief ones."""

    code: str
    name: str
    count: int
    chief: int


OFFERED = """
SELECT indicator.code, {name}, count(*), count(*) FILTER (WHERE territory_id = ANY(%(chief)s))
FROM (
    SELECT DISTINCT indicator_id, territory_id FROM indicators_series
    WHERE territory_id = ANY(%(territories)s)
      AND breakdown_id = (SELECT id FROM indicators_breakdown WHERE code = '')
) AS total
JOIN indicators_indicator indicator ON indicator.id = indicator_id
GROUP BY indicator.id HAVING count(*) >= %(least)s
"""


def offered(territories: Collection[int], chief: Collection[int] = (), least: int = 2) -> list[Offer]:
    """Indicators with totals for at least so many of the territories, in alphabetical order."""
    values: dict[str, list[int] | int] = {
        "territories": list(territories), "chief": list(chief), "least": least,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OFFERED.format(name=f"name_{language()}"), values)
        found = [Offer(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda each: sort_key(each.name))


def choices_of(offers: Iterable[Offer]) -> list[tuple[str, str]]:
    """The code of each, and its name with the number of its territories, for a form to choose from."""
    offers = list(offers)
    numbers = {count: localize(count) for count in {each.count for each in offers}}
    return [(each.code, f"{each.name} ({numbers[each.count]})") for each in offers]


def periods(subject: Subject, territories: Collection[int]) -> list[KnownPeriod]:
    """The periods with figures, latest first; of those that end together the longest first."""
    counted = _periods(
        subject.indicator.pk, subject.breakdown, list(territories), is_total=subject.kpi is None
    )
    known = [KnownPeriod(Period(Frequency(each), start), count) for each, start, count in counted]
    return sorted(known, key=lambda each: (each.period.end, each.period.frequency.months), reverse=True)


@compiled
def _periods(
    indicator: int, breakdown: int | str, territories: Collection[int], *, is_total: bool
) -> QuerySet[Observation, tuple[str, dt.date, int]]:
    series = _series_of(indicator, breakdown, territories, is_total=is_total)
    figures = Observation.objects.filter(series__in=series, value__isnull=False)
    rows = figures.order_by().values_list("series__frequency", "period_start")
    return rows.annotate(count=Count("series__territory", distinct=True))


def _series_of(
    indicator: int, breakdown: int | str, territories: Collection[int], *, is_total: bool
) -> QuerySet[Series]:
    own = Q(breakdown__code=breakdown) if is_total else Q(breakdown=breakdown)
    return Series.objects.filter(own, any_of("territory", territories), indicator=indicator)


def usual(known: Iterable[KnownPeriod]) -> Period | None:
    """The latest period that at least half as many territories have as the one that most have."""
    listed = list(known)
    most = max((each.count for each in listed), default=0)
    return next((each.period for each in listed if 2 * each.count >= most), None)


def figures_at(subject: Subject, territories: Collection[int], period: Period) -> dict[int, Figure]:
    """Each territory's figure of the period, by its id; territories of which nothing is said are left out."""
    key = subject.indicator.pk, subject.breakdown, list(territories), period.frequency.value, period.start
    said: defaultdict[int, list[Observation]] = defaultdict(list)
    for figure in _figures_at(*key, is_total=subject.kpi is None):
        said[figure.series.territory_id].append(figure)
    return {territory: _first(subject, figures) for territory, figures in said.items()}


@compiled
def _figures_at(
    indicator: int,
    breakdown: int | str,
    territories: Collection[int],
    frequency: str,
    start: dt.date,
    *,
    is_total: bool,
) -> QuerySet[Observation]:
    series = _series_of(indicator, breakdown, territories, is_total=is_total).filter(frequency=frequency)
    found = Observation.objects.filter(series__in=series, period_start=start)
    return found.select_related("series__source")


def yearly_figures(
    subjects: Sequence[Subject], territories: Collection[int]
) -> list[dict[int, dict[int, Figure]]]:
    """Annual figures of each subject: by the territory's id, then by year. One query for all of them."""
    indicators = [each.indicator.pk for each in subjects]
    breakdowns = [each.kpi.breakdown_id for each in subjects if each.kpi is not None]
    found = _annual(indicators, breakdowns, list(territories)) if subjects else []
    return [_by_year(subject, [each for each in found if subject.owns(each.series)]) for subject in subjects]


@compiled
def _annual(
    indicators: Collection[int], breakdowns: Collection[int], territories: Collection[int]
) -> QuerySet[Observation]:
    """Figures of the totals and of the breakdowns."""
    series = Series.objects.filter(
        any_of("indicator", indicators),
        any_of("territory", territories),
        Q(breakdown__code="") | any_of("breakdown", breakdowns),
        frequency=Frequency.ANNUAL.value,
    )
    return Observation.objects.filter(series__in=series).select_related("series__source", "series__breakdown")


def _by_year(subject: Subject, figures: Iterable[Observation]) -> dict[int, dict[int, Figure]]:
    said: defaultdict[tuple[int, int], list[Observation]] = defaultdict(list)
    for figure in figures:
        said[figure.series.territory_id, figure.period_start.year].append(figure)
    by_territory: defaultdict[int, dict[int, Figure]] = defaultdict(dict)
    for (territory, year), of_year in sorted(said.items()):
        by_territory[territory][year] = _first(subject, of_year)
    return dict(by_territory)


def _first(subject: Subject, figures: list[Observation]) -> Figure:
    """The figure of the first source that has one, beside what others say differently."""
    figures.sort(key=lambda each: (each.value is None, *subject.order(each.series.source)))
    first, *rest = figures
    others = [
        (each.series.source, each.value)
        for each in rest
        if each.value is not None and each.value != first.value
    ]
    return Figure(first.value, Status(first.status), first.series.source, tuple(others))


def standings_counted(territories: Collection[int]) -> dict[int, Rollup]:
    """How many promises stand how, by the id of their territory."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for territory, standing, count in _standings(list(territories)):
        counts[territory][standing] = count
    return {territory: Rollup(found) for territory, found in counts.items()}


@compiled
def _standings(territories: Collection[int]) -> QuerySet[Standing, tuple[int, str, int]]:
    found = Standing.objects.filter(any_of("territory", territories)).order_by()
    return found.values_list("territory", "standing").annotate(count=Count("*"))


def shares_kept(rollups: Mapping[int, Rollup]) -> dict[int, Figure]:
    """The share of promises kept or on course among those that can be judged, in per cent."""
    return {territory: _share(rollup) for territory, rollup in rollups.items()}


def _share(rollup: Rollup) -> Figure:
    kept = sum(rollup.counts.get(code, 0) for code in KEPT)
    judged = kept + sum(rollup.counts.get(code, 0) for code in SLIPPED)
    note = _("%(judged)s of %(total)s can be judged") % {"judged": judged, "total": rollup.total}
    if not judged:
        return Figure(None, Status.MISSING, note=note)
    return Figure(Decimal(100 * kept) / judged, note=note)
