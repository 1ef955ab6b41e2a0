"""The figures of an indicator's page: one series, and the same period in every place and breakdown."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cities.models import Territory
from common.charts.scales import decimals_of
from common.drawings import svg
from indicators.models import Breakdown, Indicator, Observation, Series
from indicators.periods import Frequency, Period, PeriodError
from indicators.templatetags.figures import period as period_in_words
from indicators.writing import with_unit, written
from portal.catalogue import Choice
from portal.series_chart import SIZES, draw
from programmes.parts import Figure, Part

ENOUGH = 0.5
"""The share of places that must have a figure for a period to be shown of itself."""
MOST_TOLD = 12
"""Figures that the text alternative of a chart names; the table has all."""


@dataclass(frozen=True)
class Bar:
    """A place's or a breakdown's figure; its bar from `x` on, in per cent of the room, if it has one."""

    owner: Territory | Breakdown
    observation: Observation
    x: float = 0
    width: float | None = None
    is_chosen: bool = False


def of_series(series: Series) -> list[Observation]:
    """Its figures, the newest first; one query."""
    found = list(Observation.objects.filter(series=series.pk).order_by("-period_start"))
    for each in found:
        each.series = series
    return found


def _alike(choice: Choice) -> Q:
    """Series of the indicator from the same source, of the same frequency."""
    return Q(
        series__indicator=choice.series.indicator_id, series__source=choice.source.pk,
        series__frequency=choice.frequency,
    )  # fmt: skip


def of_every_territory(choice: Choice) -> list[Observation]:
    """Every figure of the breakdown, by place and period; one query."""
    rows = Observation.objects.filter(_alike(choice), series__breakdown=choice.breakdown.pk)
    return list(rows.select_related("series").order_by("series__territory__code", "period_start"))


def periods(choice: Choice) -> list[tuple[Period, int]]:
    """The periods of the breakdown, the newest first, and how many places have a figure; one query."""
    rows = Observation.objects.filter(
        _alike(choice), series__breakdown=choice.breakdown.pk, value__isnull=False
    )
    counted = rows.values_list("period_start").annotate(Count("series")).order_by("-period_start")
    return [(Period(Frequency(choice.frequency), start), count) for start, count in counted]


def chosen_period(text: str, known: Sequence[tuple[Period, int]], frequency: str) -> Period | None:
    """The period that is asked for, if there are figures of it; else the newest that enough places have."""
    try:
        asked = Period.parse(text) if text else None
    except PeriodError:
        asked = None
    if any(period == asked for period, _count in known):
        return asked
    most = max((count for _period, count in known), default=0)
    return next((period for period, count in known if count >= ENOUGH * most), None)


def by_territory(choice: Choice, period: Period) -> list[Bar]:
    """The period's figure of each place, the largest first; one query."""
    owners = {each.pk: each for each in choice.territories}
    rows = _in(period, choice).filter(series__breakdown=choice.breakdown.pk, series__territory__in=owners)
    bars = [Bar(owners[each.series.territory_id], each) for each in rows]
    return _with_widths(bars, choice.territory)


def over_time(choice: Choice, territories: Sequence[Territory]) -> list[Part]:
    """Each territory with its figures of every period, in the order given; one query."""
    rows = Observation.objects.filter(
        _alike(choice), series__breakdown=choice.breakdown.pk, series__territory__in=territories
    ).select_related("series")
    found: defaultdict[int, dict[Period, Figure]] = defaultdict(dict)
    for each in rows:
        found[each.series.territory_id][each.period] = Figure(each.value, each.status)
    return [Part(each.code, each.name, found[each.pk]) for each in territories]


def by_breakdown(choice: Choice, period: Period) -> list[Bar]:
    """The period's figure of each breakdown in the chosen place, in the order of the choice; one query."""
    rows = _in(period, choice).filter(series__territory=choice.territory.pk)
    found = {each.series.breakdown_id: each for each in rows}
    bars = [Bar(each, found[each.pk]) for each in choice.breakdowns if each.pk in found]
    return _with_widths(bars, choice.breakdown, is_sorted=False)


def _in(period: Period, choice: Choice) -> QuerySet[Observation]:
    return Observation.objects.filter(_alike(choice), period_start=period.start).select_related("series")


def _with_widths(bars: Sequence[Bar], chosen: Territory | Breakdown, *, is_sorted: bool = True) -> list[Bar]:
    values = [float(bar.observation.value) for bar in bars if bar.observation.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1
    found = []
    for bar in bars:
        value = bar.observation.value
        x = width = None
        if value is not None:
            x = round(100 * (min(float(value), 0) - low) / span, 2)
            width = round(100 * abs(float(value)) / span, 2)
        found.append(Bar(bar.owner, bar.observation, x or 0, width, bar.owner == chosen))
    if is_sorted:
        found.sort(key=lambda bar: (bar.observation.value is None, -(bar.observation.value or 0)))
    return found


def charts(observations: Sequence[Observation], indicator: Indicator, choice: Choice) -> list[SafeString]:
    """The series drawn for wide and for narrow screens; nothing of fewer than two figures."""
    frequency = Frequency(choice.frequency)
    known = [
        (each.period_start.year + (each.period_start.month - 1) / 12, float(each.value))
        for each in observations if each.value is not None
    ]  # fmt: skip

    def write(value: float) -> str:
        return written(value, max(indicator.decimals, decimals_of(value)))

    found = []
    for size in SIZES:
        chart = draw(known, frequency.months / 12, write, size)
        if chart is not None:
            context = {"chart": chart, "size": size, "title": _title(indicator, choice)}
            context["description"] = _describe(observations, indicator)
            found.append(svg("portal/series_chart.svg", context))
    return found


def _title(indicator: Indicator, choice: Choice) -> str:
    label = choice.breakdown.label if choice.breakdown.code else ""
    return ", ".join(filter(None, (indicator.name, choice.territory.name, label)))


def _describe(observations: Sequence[Observation], indicator: Indicator) -> str:
    """The newest figures for those who cannot see the chart."""
    known = [each for each in observations if each.value is not None]
    told = "; ".join(
        f"{period_in_words(each.period)}: {with_unit(each.value, indicator)}" for each in known[:MOST_TOLD]
    )
    if len(known) <= MOST_TOLD:
        return told
    return _("%(figures)s; earlier figures are in the table.") % {"figures": told}
