"""A KPI's figures side by side: by place, and by breakdown."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.drawings import Pair, standing_alone
from common.twins import twin
from programmes.breakdowns import Shape, shapes_of
from programmes.graphics_parts import parts_chart, period_of_bars
from programmes.kpi_reading import chosen_territory, in_group_order, measured_first
from programmes.kpi_twin import PARTS, rows_of_parts
from programmes.models import Kpi
from programmes.parts import (
    Part,
    figures_of_breakdowns,
    figures_of_members,
    figures_of_places,
    places_within,
    recent_periods,
)
from programmes.views.days import on_a_day
from programmes.views.drawing_files import drawing_file

T = TypeVar("T")
A_PAGE = 24
"""Panels or bars of one drawing; the rest is on the next pages and in the file."""


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_places(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """Each member of the KPI's group, or each place within its territory, with its figures."""
    found = _kpi(code, kpi)
    if found.group_id is not None:
        standings = in_group_order(found, list(found.standings.select_related("territory")))
        judged = {standing.territory.code: standing for standing in standings}
        places, figures = measured_first(standings), figures_of_members
    else:
        assert found.territory is not None  # noqa: S101 - the database sees to it
        judged, places, figures = {}, places_within(found, found.territory), figures_of_places
    if not places:
        _refuse_unless_past(day)
    context: dict[str, object] = {"standings": judged, "title": _("by place")}
    return _side_by_side(request, found, places, lambda some: figures(found, some), context)


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi), is_broken_down=True)
def kpi_breakdowns(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """The KPI's indicator by sex, age, town and countryside … in a territory: `?by=AGE.SEX&SEX=F`.

    Raises `Http404` where nothing is broken down; on an earlier day there may just have been no figure yet.
    """
    found = _kpi(code, kpi)
    standings = list(found.standings.select_related("territory")) if found.group_id else []
    territory = chosen_territory(found, request.GET.get("territory"), standings)
    shapes = shapes_of(found, territory) if territory else []
    if territory is None:
        raise Http404
    if not shapes:
        _refuse_unless_past(day)
        context: dict[str, object] = {"territory": territory, "title": _("by breakdown")}
        return _side_by_side(request, found, [], lambda some: [], context)
    shape = _asked_shape(request, shapes)
    wanted = _asked_categories(request, shape)
    breakdowns = [*([shape.total] if shape.total else []), *shape.only(wanted)]
    context = {
        "shapes": shapes, "shape": shape, "wanted": wanted, "territory": territory,
        "title": _("by breakdown: %(dimensions)s") % {"dimensions": shape.name},
    }  # fmt: skip
    return _side_by_side(
        request, found, breakdowns, lambda some: figures_of_breakdowns(found, territory, some), context
    )


def _refuse_unless_past(day: dt.date) -> None:
    if day == timezone.localdate():
        raise Http404


def _kpi(code: str, kpi: str) -> Kpi:
    related = ("programme", "goal", "indicator__unit", "breakdown", "territory", "group")
    return get_object_or_404(Kpi.objects.select_related(*related), programme__code=code, code=kpi)


def _side_by_side(
    request: HttpRequest, kpi: Kpi, items: Sequence[T], figures: Callable[[Sequence[T]], list[Part]],
    context: dict[str, object],
) -> HttpResponse:  # fmt: skip
    """A page of the items, drawn and as a table; all of them as CSV or JSON, the drawing as SVG or PNG."""
    name = (
        f"{kpi.programme.code}-{kpi.code}-{request.resolver_match.url_name if request.resolver_match else ''}"
    )
    wanted = request.GET.get("format", "")
    if wanted in {"csv", "json"}:
        answer = twin(request, name, PARTS, rows_of_parts(figures(items)))
        assert answer is not None  # noqa: S101 - both formats exist
        return answer
    page: Page[T] = Paginator(items, A_PAGE).get_page(request.GET.get("page"))
    parts = figures(list(page))
    title = f"{kpi.name}, {context['title']}"
    chart = parts_chart(parts, kpi.indicator, "parts", title)
    if wanted in {"svg", "png"} and chart is not None:
        return _drawing(chart, title, kpi, name, wanted)
    twin(request, name, PARTS, ())  # says that there is no other format
    context |= {
        "kpi": kpi, "programme": kpi.programme, "goals_above": [kpi.goal] if kpi.goal else [], "page": page,
        "parts": parts, "chart": chart, "bars_of": period_of_bars(parts), "periods": recent_periods(parts),
    }  # fmt: skip
    return render(request, "programmes/kpi_parts.html", context)


def _drawing(chart: Pair, title: str, kpi: Kpi, name: str, kind: str) -> HttpResponse:
    svg = standing_alone(chart.wide, [title, kpi.indicator.unit.name], [kpi.programme.name])
    return drawing_file(svg, name, kind)


def _asked_shape(request: HttpRequest, shapes: Sequence[Shape]) -> Shape:
    """The shape of the address, else the first; one that does not exist is said."""
    asked = request.GET.get("by", "")
    shape = next((shape for shape in shapes if shape.code == asked), None)
    if asked and shape is None:
        _say_ignored(request, asked)
    return shape or shapes[0]


def _asked_categories(request: HttpRequest, shape: Shape) -> dict[str, str]:
    """The category wanted of each dimension, by code; one that does not exist is said and ignored."""
    wanted = {}
    for dimension, categories in shape.categories:
        asked = request.GET.get(dimension.code, "")
        if asked in {category.code for category in categories}:
            wanted[dimension.code] = asked
        elif asked:
            _say_ignored(request, asked)
    return wanted


def _say_ignored(request: HttpRequest, text: str) -> None:
    messages.warning(request, _("There are no figures by “%(text)s”: it is ignored.") % {"text": text})
