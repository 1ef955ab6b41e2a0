"""The catalogue of indicators: what is measured, by whom, how, and what came out."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import Territory
from common.names import NAMES, in_order
from common.twins import twin
from indicators.fields import FREQUENCIES
from indicators.models import Dimension, Indicator, Observation
from portal import catalogue, figures
from portal.catalogue import Asked, Choice
from portal.figures import Bar
from portal.filters import IndicatorSearch
from programmes.explaining_quality import advice, sentence, subject_of
from programmes.graphics_parts import parts_chart
from programmes.models import Kpi, QualityFinding
from programmes.overview import kpi_rows, own_standings
from programmes.parts import recent_periods
from programmes.revisions import record_of

A_PAGE, MOST_FINDINGS, MOST_KPIS = 25, 10, 60
PANELS = 12
"""Territories side by side in one drawing; the rest is on its next pages."""
LIST_COLUMNS = (
    "code", *NAMES, "unit", "frequency", "sources", "territories", "breakdowns", "first", "last", "kpis"
)  # fmt: skip
FIGURE_COLUMNS = ("territory", "territory_name", "breakdown", "source", "period", "value", "status")


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Every indicator by name; narrowed by words, source, frequency, unit and use."""
    rows = Indicator.objects.select_related("unit").order_by(in_order(), "code")
    search = IndicatorSearch(_understood(request), rows)
    found = search.qs
    if request.GET.get("format") in {"csv", "json"}:
        file = twin(request, "indicators", LIST_COLUMNS, _list_rows(list(found)))
    else:
        file = twin(request, "indicators", LIST_COLUMNS, ())
    if file is not None:
        return file
    page: Page[Indicator] = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": search.form,
        "page": page,
        "lines": catalogue.lines(list(page)),
        "total": Indicator.objects.count(),
    }
    return render(request, "portal/indicator_list.html", context)


def _understood(request: HttpRequest) -> QueryDict:
    """The address without the values that no filter knows; each of these is said."""
    form = IndicatorSearch(request.GET, Indicator.objects.none()).form
    asked = request.GET.copy()
    for field in form.errors:
        messages.warning(
            request,
            _("“%(value)s” is not known under “%(name)s” and is not heeded.")
            % {"value": asked.pop(field)[-1], "name": form.fields[field].label},
        )
    return asked


def _list_rows(indicators: list[Indicator]) -> Iterator[list[object]]:
    for line in catalogue.lines(indicators):
        each, extent = line.indicator, line.extent
        yield [
            each.code, *(getattr(each, name) for name in NAMES), each.unit.code, each.frequency,
            " ".join(source.code for source in line.sources), extent.territories, extent.breakdowns,
            extent.first and extent.first.year, extent.last and extent.last.year, line.kpis,
        ]  # fmt: skip


@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """An indicator: what it means, one series of its figures, every place's, and what rests on it."""
    related = ("unit", "organisation", "numerator", "denominator")
    indicator = get_object_or_404(Indicator.objects.select_related(*related), code=code)
    asked = Asked(
        **{name: request.GET.get(name, "") for name in ("source", "frequency", "breakdown", "territory")}
    )
    choice = catalogue.choose(indicator, asked)
    rows = _figure_rows(choice) if choice and request.GET.get("format") in {"csv", "json"} else ()
    file = twin(request, f"indicator-{indicator.code}", FIGURE_COLUMNS, rows)
    if file is not None:
        return file
    kpis = Kpi.objects.filter(indicator=indicator).select_related(
        "programme", "territory", "group", "indicator"
    )
    context: dict[str, object] = {
        "indicator": indicator,
        "breaks": indicator.breaks.select_related("source").order_by("first_day"),
        "dimensions": indicator.dimensions.order_by("code"),
        "kpis": kpi_rows(
            kpis.prefetch_related("targets", own_standings()).order_by("programme", "order")[:MOST_KPIS],
            timezone.localdate(),
        ),
        "kpi_count": kpis.count(),
        "choice": choice,
        **_doubts(indicator),
    }
    if choice:
        context |= _shown(request, indicator, choice)
    return render(request, "portal/indicator_detail.html", context)


def _shown(request: HttpRequest, indicator: Indicator, choice: Choice) -> dict[str, object]:
    for value in choice.missed:
        messages.warning(
            request, _("There are no figures for “%(value)s”: the next best are shown.") % {"value": value}
        )
    observations = figures.of_series(choice.series)
    periods = figures.periods(choice)
    period = figures.chosen_period(request.GET.get("period", ""), periods, choice.frequency)
    if period is not None and request.GET.get("period", "") not in {"", str(period)}:
        messages.warning(
            request,
            _("There are no figures for “%(value)s”: the next best are shown.")
            % {"value": request.GET["period"]},
        )
    places = figures.by_territory(choice, period) if period and len(choice.territories) > 1 else []
    return {
        "observations": observations,
        "charts": figures.charts(observations, indicator, choice),
        "frequencies": [pair for pair in FREQUENCIES if pair[0] in choice.frequencies],
        "period": period,
        "periods": [each for each, _count in periods],
        "places": places,
        **_side_by_side(request, indicator, choice, places),
        "parts": figures.by_breakdown(choice, period) if period and len(choice.breakdowns) > 1 else [],
        "revised": record_of(choice.series, indicator).revised,
    }


def _side_by_side(
    request: HttpRequest, indicator: Indicator, choice: Choice, places: Sequence[Bar]
) -> dict[str, object]:
    """The places with a figure over time on one scale, a page of them; nothing where none has a course."""
    measured = [bar.owner for bar in places if isinstance(bar.owner, Territory) and bar.width is not None]
    page: Page[Territory] = Paginator(measured, PANELS).get_page(request.GET.get("panels"))
    parts = figures.over_time(choice, list(page)) if len(measured) > 1 else []
    if not any(len(part.known) > 1 for part in parts):
        return {}
    drawn = parts_chart(parts, indicator, "panels", indicator.name)
    return {"panels": page, "drawn": drawn, "courses": parts, "course_periods": recent_periods(parts)}


def _doubts(indicator: Indicator) -> dict[str, object]:
    """What is doubtful in its figures, in words, and how much of that there is."""
    found = QualityFinding.objects.current().filter(series__indicator=indicator)
    dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    shown = found.in_words().order_by("-period_start", "key")[:MOST_FINDINGS]
    return {
        "doubts": [(subject_of(each), sentence(each, dimensions), advice(each)) for each in shown],
        "doubt_count": found.count(),
    }


def _figure_rows(choice: Choice) -> Iterator[list[object]]:
    """Every figure of the breakdown, place by place."""
    rows: list[Observation] = figures.of_every_territory(choice)
    names = {territory.pk: territory for territory in choice.territories}
    for each in rows:
        territory = names[each.series.territory_id]
        yield [
            territory.code, territory.name, str(choice.breakdown), choice.source.code, str(each.period),
            each.value, each.status,
        ]  # fmt: skip
