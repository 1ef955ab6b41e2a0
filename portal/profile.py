"""What the portal knows of one territory: promises, measures and their money, statistics, contradictions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from cities.models import GroupMembership, Territory, TerritoryChange
from common.charts import sparks
from common.collation import sort_key
from common.databases.compiled import any_of, compiled, count_of
from common.databases.planning import planned_briefly
from common.names import language
from indicators.fields import Status
from indicators.models import OFFICIAL_FIRST, Indicator, Observation, Series, Source
from indicators.periods import Frequency, Period
from programmes.codes import KEPT, SLIPPED
from programmes.models import Discrepancy, Funding, Measure, Programme, QualityFinding, Standing
from programmes.overview import Rollup
from programmes.plans.deadlines import Repeals, ranked, repeals_by

MEASURES, CONTRADICTIONS = 8, 200
IN_ORDER = Case(When(standing__in=SLIPPED, then=0), When(standing__in=KEPT, then=1), default=2)
"""What has slipped first, then what is kept, then what cannot be judged."""
NEAREST_FIRST = ("rank", "due_on", "-programme__starts_on", "programme", "order")
OFFICIAL = Case(
    *(When(series__source__kind=kind, then=Value(place)) for place, kind in enumerate(OFFICIAL_FIRST)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class InProgramme:
    """How a programme's promises to the territory stand, and how many of its measures concern it."""

    programme: Programme
    rollup: Rollup
    measures: int = 0


@dataclass(frozen=True)
class Money:
    """What is planned for measures that name the territory, in million tenge, where an amount is stated."""

    measures: int
    with_amounts: int
    planned: Decimal | None
    planned_max: Decimal | None
    paid: Decimal | None


@dataclass(frozen=True)
class Latest:
    """An indicator's latest total in a territory: period, value or why there is none, source, past."""

    indicator: Indicator
    period: Period
    value: Decimal | None
    status: Status
    source: Source
    by_year: dict[int, Decimal]

    @property
    def spark(self) -> sparks.Spark | None:
        """The annual figures as a small line."""
        return sparks.draw({year: float(value) for year, value in self.by_year.items()})


def promises(territory: Territory, *, first: int = 0, last: int | None = None) -> list[Standing]:
    """The standing of every promise to the territory, or to a group of which it is a member; all of them, or
    those from the place `first` to the place `last`."""
    kpis = _promised(territory.pk, first=first, last=last)
    with planned_briefly():
        found = {each.kpi_id: each for each in _promises(territory.pk, kpis)}
    return [found[kpi] for kpi in kpis if kpi in found]


@compiled
def _promised(territory: int, *, first: int, last: int | None) -> QuerySet[Standing, int]:
    """The KPIs in order: there may be hundreds, which are sorted without what is shown."""
    order = IN_ORDER, "-kpi__programme__starts_on", "kpi__programme", "kpi__order", "kpi"
    found = Standing.objects.filter(territory=territory).order_by(*order)
    return found.values_list("kpi_id", flat=True)[first:last]


@compiled
def _promises(territory: int, kpis: Collection[int]) -> QuerySet[Standing]:
    found = Standing.objects.filter(any_of("kpi", kpis), territory=territory)
    related = found.select_related("kpi__programme", "kpi__indicator__unit", "kpi__group")
    return related.prefetch_related("kpi__targets")


@compiled
def _standings(territory: int) -> QuerySet[Standing, tuple[int, str, int]]:
    rows = Standing.objects.filter(territory=territory).order_by().values_list("kpi__programme", "standing")
    return rows.annotate(n=Count("*"))


@compiled
def _naming(territory: int) -> QuerySet[Measure, tuple[int, int]]:
    rows = Measure.objects.filter(territories=territory).order_by().values_list("programme")
    return rows.annotate(n=Count("*"))


def programmes_for(territory: Territory) -> list[InProgramme]:
    """The programmes that promise something to the territory, are written for it, or name it in a measure."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for programme, standing, count in _standings(territory.pk):
        counts[programme][standing] = count
    measures = dict(_naming(territory.pk))
    found = Programme.objects.filter(Q(pk__in=[*counts, *measures]) | Q(territory=territory))
    return [InProgramme(each, Rollup(counts[each.pk]), measures.get(each.pk, 0)) for each in found]


def nearest_measures(territory: Territory, today: dt.date) -> list[Measure]:
    """The first of the measures that name the territory with how they stand today, overdue first."""
    return _nearest_measures(territory.pk, today, repeals=repeals_by(today))


@compiled
def _nearest_measures(territory: int, today: dt.date, *, repeals: Repeals) -> QuerySet[Measure]:
    found = ranked(Measure.objects.filter(territories=territory), today, repeals)
    return found.select_related("programme", "unit").order_by(*NEAREST_FIRST)[:MEASURES]


def measures_for(territory: Territory) -> QuerySet[Measure]:
    """The measures that name the territory."""
    found = territory.measures.select_related("programme", "unit").prefetch_related("funding")
    return found.order_by("-programme__starts_on", "programme", "order")


def money_for(territory: Territory, measures: int) -> Money:
    """What is planned and paid for the measures that name the territory, added up; what is paid anew every
    year is left out. A measure for several territories counts in full."""
    count, low, high, spent = next(iter(_amounts(territory.pk)), (0, None, None, None))
    return Money(measures, count, low, high, spent)


@compiled
def _amounts(territory: int) -> QuerySet[Funding, tuple[int, Decimal | None, Decimal | None, Decimal | None]]:
    lines = Funding.objects.filter(measure__territories=territory, parent=None, is_yearly=False)
    return (
        lines.order_by()
        .values(one=Value(1))
        .annotate(
            with_amounts=Count("measure", distinct=True, filter=Q(planned__isnull=False)),
            low=Sum("planned"),
            high=Sum(Coalesce("planned_max", "planned")),
            spent=Sum("paid"),
        )
        .values_list("with_amounts", "low", "high", "spent")
    )


def indicators_of(territory: Territory) -> list[int]:
    """The indicators with a total in the territory, by their most official source, then by name."""
    found = _totals(territory.pk)
    return [pk for pk, _name, _rank in sorted(found, key=lambda each: (each[2], sort_key(each[1])))]


@compiled
def _totals(territory: int) -> QuerySet[Indicator, tuple[int, str, int]]:
    found = Indicator.objects.filter(series__territory=territory, series__breakdown__code="")
    return found.values_list("pk", f"name_{language()}").annotate(rank=Min(OFFICIAL)).order_by()


def latest_figures(territory: Territory, indicators: Sequence[int]) -> list[Latest]:
    """The latest total of each of the indicators, in their order, from its most official source."""
    of_series = {each.pk: each for each in _series(territory.pk, list(indicators))}
    figures: defaultdict[int, list[Observation]] = defaultdict(list)
    for figure in _figures(territory.pk, list(indicators)):
        figures[figure.series_id].append(figure)
    by_indicator: defaultdict[int, list[Series]] = defaultdict(list)
    for each in of_series.values():
        if each.pk in figures:
            by_indicator[each.indicator_id].append(each)
    return [_latest(by_indicator[pk], figures) for pk in indicators if pk in by_indicator]


@compiled
def _series(territory: int, indicators: Collection[int]) -> QuerySet[Series]:
    found = Series.objects.filter(any_of("indicator", indicators), territory=territory, breakdown__code="")
    return found.select_related("indicator__unit", "source")


@compiled
def _figures(territory: int, indicators: Collection[int]) -> QuerySet[Observation]:
    series = Series.objects.filter(any_of("indicator", indicators), territory=territory, breakdown__code="")
    return Observation.objects.filter(series__in=series).order_by("period_start")


def _latest(series: Iterable[Series], figures: dict[int, list[Observation]]) -> Latest:
    first = min(series, key=lambda each: OFFICIAL_FIRST.index(Source.Kind(each.source.kind)))
    of_source = [each for each in series if each.source_id == first.source_id]
    figure, owner = max(
        ((figure, each) for each in of_source for figure in figures[each.pk]),
        key=lambda pair: _end(pair[1], pair[0]),
    )
    annual = [each for each in of_source if each.frequency == Frequency.ANNUAL]
    by_year = {
        each.period_start.year: each.value
        for yearly in annual
        for each in figures[yearly.pk]
        if each.value is not None
    }
    period = Period(Frequency(owner.frequency), figure.period_start)
    return Latest(first.indicator, period, figure.value, Status(figure.status), first.source, by_year)


def _end(series: Series, figure: Observation) -> tuple[object, int]:
    period = Period(Frequency(series.frequency), figure.period_start)
    return period.end, period.frequency.months


@compiled
def contradictions(territory: int) -> QuerySet[Discrepancy]:
    """Contradictions of documents that touch a promise to the territory, at most so many."""
    kpis = Standing.objects.filter(territory=territory).values("kpi")
    touched = Discrepancy.kpis.through.objects.filter(kpi__in=kpis).values("discrepancy")
    return Discrepancy.objects.filter(pk__in=touched).select_related("programme")[:CONTRADICTIONS]


@compiled
def memberships(territory: int) -> QuerySet[GroupMembership]:
    """The groups to which the territory belongs or belonged, and when."""
    found = GroupMembership.objects.filter(territory=territory).select_related("group")
    return found.order_by("group__code", "valid_from")


@compiled
def changes(territory: int) -> QuerySet[TerritoryChange]:
    """The territory's history; a change that has it on both sides is one."""
    found = TerritoryChange.objects.filter(Q(predecessor=territory) | Q(successor=territory))
    return found.select_related("predecessor", "successor")


@compiled
def open_findings(territory: int) -> QuerySet[QualityFinding, int]:
    """How many findings about the territory's figures wait for somebody."""
    return count_of(QualityFinding.objects.open().filter(territory=territory, gone_at=None))
