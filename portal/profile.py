"""What the portal knows of one territory: promises, measures and their money, statistics, contradictions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from cities.models import Territory
from common.charts import sparks
from common.collation import sort_key
from common.names import language
from indicators.fields import Status
from indicators.models import OFFICIAL_FIRST, Indicator, Observation, Series, Source
from indicators.periods import Frequency, Period
from programmes.models import Discrepancy, Funding, Measure, Programme, Standing
from programmes.overview import KEPT, SLIPPED, Rollup
from programmes.plans.deadlines import ranked

IN_ORDER = Case(When(standing__in=SLIPPED, then=0), When(standing__in=KEPT, then=1), default=2)
"""What has slipped first, then what is kept, then what cannot be judged."""
NEAREST_FIRST = ("rank", "due_on", "-programme__starts_on", "programme", "order")
OFFICIAL = Case(
    *(When(source__kind=kind, then=Value(place)) for place, kind in enumerate(OFFICIAL_FIRST)),
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


def promises(territory: Territory) -> QuerySet[Standing]:
    """The standing of every promise to the territory, or to a group of which it is a member."""
    return (
        Standing.objects.filter(territory=territory)
        .select_related("kpi__programme", "kpi__indicator__unit", "kpi__group")
        .prefetch_related("kpi__targets")
        .order_by(IN_ORDER, "-kpi__programme__starts_on", "kpi__programme", "kpi__order", "kpi")
    )


def programmes_for(territory: Territory) -> list[InProgramme]:
    """The programmes that promise something to the territory, are written for it, or name it in a measure."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    standings = Standing.objects.filter(territory=territory).order_by()
    for programme, standing, count in standings.values_list("kpi__programme", "standing").annotate(
        n=Count("*")
    ):
        counts[programme][standing] = count
    named = Measure.objects.filter(territories=territory).order_by().values_list("programme")
    measures = dict(named.annotate(n=Count("*")))
    found = Programme.objects.filter(Q(pk__in=[*counts, *measures]) | Q(territory=territory))
    return [InProgramme(each, Rollup(counts[each.pk]), measures.get(each.pk, 0)) for each in found]


def nearest_measures(territory: Territory, today: dt.date) -> QuerySet[Measure]:
    """The measures that name the territory with how they stand today, overdue first."""
    found = ranked(territory.measures.all(), today).select_related("programme", "unit")
    return found.order_by(*NEAREST_FIRST)


def measures_for(territory: Territory) -> QuerySet[Measure]:
    """The measures that name the territory."""
    found = territory.measures.select_related("programme", "unit").prefetch_related("funding")
    return found.order_by("-programme__starts_on", "programme", "order")


def money_for(territory: Territory, measures: int) -> Money:
    """What is planned and paid for the measures that name the territory, added up; what is paid anew every
    year is left out. A measure for several territories counts in full."""
    lines = Funding.objects.filter(measure__territories=territory, parent=None, is_yearly=False)
    found = lines.aggregate(
        with_amounts=Count("measure", distinct=True, filter=Q(planned__isnull=False)),
        low=Sum("planned"),
        high=Sum(Coalesce("planned_max", "planned")),
        spent=Sum("paid"),
    )
    return Money(measures, found["with_amounts"], found["low"], found["high"], found["spent"])


def indicators_of(territory: Territory) -> list[int]:
    """The indicators with a total in the territory, by their most official source, then by name."""
    series = Series.objects.filter(territory=territory, breakdown__code="").order_by()
    ranks: dict[int, int] = dict(series.values_list("indicator").annotate(rank=Min(OFFICIAL)))
    named = Indicator.objects.filter(pk__in=ranks).values_list("pk", f"name_{language()}")
    return [pk for pk, _name in sorted(named, key=lambda each: (ranks[each[0]], sort_key(each[1])))]


def latest_figures(territory: Territory, indicators: Sequence[int]) -> list[Latest]:
    """The latest total of each of the indicators, in their order, from its most official source."""
    series = Series.objects.filter(territory=territory, breakdown__code="", indicator__in=indicators)
    of_series = {each.pk: each for each in series.select_related("indicator__unit", "source")}
    figures: defaultdict[int, list[Observation]] = defaultdict(list)
    for figure in Observation.objects.filter(series__in=of_series).order_by("period_start"):
        figures[figure.series_id].append(figure)
    by_indicator: defaultdict[int, list[Series]] = defaultdict(list)
    for each in of_series.values():
        if each.pk in figures:
            by_indicator[each.indicator_id].append(each)
    return [_latest(by_indicator[pk], figures) for pk in indicators if pk in by_indicator]


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


def contradictions(territory: Territory) -> QuerySet[Discrepancy]:
    """Contradictions of documents that touch a promise to the territory."""
    kpis = Standing.objects.filter(territory=territory).values("kpi")
    touched = Discrepancy.kpis.through.objects.filter(kpi__in=kpis).values("discrepancy")
    found: QuerySet[Discrepancy] = Discrepancy.objects.filter(pk__in=touched).select_related("programme")
    return found
