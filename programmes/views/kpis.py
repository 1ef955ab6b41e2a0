"""A KPI's own page, its chart as a file, and its chart for other sites."""

import datetime as dt
from urllib.parse import urlencode

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from common.drawings import standing_alone
from common.twins import twin
from programmes.answering import who_answers
from programmes.breakdowns import shapes_of
from programmes.by_source import from_every_source
from programmes.graphics import kpi_chart
from programmes.graphics_parts import parts_chart, period_of_bars
from programmes.kpi_quality import doubts_about
from programmes.kpi_reading import (
    discrepancies_of,
    drawn_kpis,
    in_group_order,
    kpi_in_full,
    measured_first,
)
from programmes.kpi_subject import Subject, subject_of
from programmes.kpi_twin import COLUMNS, rows_by_year
from programmes.models import Kpi
from programmes.overview import Rollup
from programmes.parts import Part, figures_of_members, figures_of_places, places_within
from programmes.views.days import on_a_day
from programmes.views.drawing_files import drawing_file
from programmes.views.explanations import explanation_for

FEW = 12
"""Places side by side on a KPI's own page; they have a page of their own."""
THEMES = ("light", "dark")


@require_safe
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi), is_broken_down=True)
def kpi_detail(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """A KPI: the number, its meaning, its chart and table, how it is computed and where it comes from.

    `?territory=` picks a member of the group that the KPI holds for.
    """
    found = kpi_in_full(code, kpi)
    subject = subject_of(found, day, request.GET.get("territory"))
    rows = rows_by_year(subject.ground.rows, subject.figures, subject.ground.forecasts)
    if file := twin(request, subject.slug, COLUMNS, rows):
        return file
    discrepancies = discrepancies_of(found.pk)
    place, territory = subject.place, subject.territory
    doubts, has_more_doubts = doubts_about(found, territory)
    context: dict[str, object] = {
        "programme": found.programme,
        "kpi": found,
        "goals_above": [found.goal] if found.goal else [],
        "explanation": explanation_for(request, subject, discrepancies),
        "targets": subject.targets,
        "place": place,
        "territory": territory,
        "subject": subject,
        "chart": kpi_chart(found, subject.figures),
        "marks": subject.figures.marks if subject.figures else {},
        "of_a_year": _of_a_year(request),
        "far": _far_benchmarks(subject),
        "rollup": Rollup.of(subject.standings, found.weight),
        "discrepancies": discrepancies,
        "doubts": doubts,
        "has_more_doubts": has_more_doubts,
        "answering": who_answers(found, territory),
        "embed": _address(request, "programmes:kpi-embed", subject),
        "snippet": _snippet(request, subject),
        **_parts(subject),
    }
    if place is not None:
        context |= {
            "forecasts": [(each, place.level(each.year)) for each in place.forecasts],
            "record": subject.record,
            "figures": from_every_source(found, place.standing, territory),
        }
    return render(request, "programmes/kpi_detail.html", context)


def _of_a_year(request: HttpRequest) -> str:
    """The address of this page about a year, without the year."""
    asked = request.GET.copy()
    asked.pop("year", None)
    return f"?{asked.urlencode()}&year=" if asked else "?year="


def _far_benchmarks(subject: Subject) -> int:
    figures = subject.figures
    return len(figures.benchmarks) - len(figures.near) if figures else 0


def _parts(subject: Subject) -> dict[str, object]:
    """The first places side by side, how many there are, and by what the figures are broken down."""
    kpi, territory = subject.kpi, subject.territory
    if territory is None:
        members = in_group_order(kpi, subject.standings)
        first = figures_of_members(kpi, measured_first(members)[:FEW])
        measured = sum(standing.actual is not None for standing in members)
        return {
            "members": members,
            "places": len(members),
            "measured": measured,
            **_side_by_side(kpi, first),
        }
    if kpi.group_id is not None:
        return {}
    places = places_within(kpi, territory)
    first = figures_of_places(kpi, places[:FEW]) if places else []
    return {
        "places": len(places),
        "measured": len(places),
        "shapes": shapes_of(kpi, territory),
        **_side_by_side(kpi, first),
    }


def _side_by_side(kpi: Kpi, parts: list[Part]) -> dict[str, object]:
    return {
        "few": parts,
        "bars_of": period_of_bars(parts),
        "parts_chart": parts_chart(parts, kpi.indicator, "parts", kpi.name),
    }


def _snippet(request: HttpRequest, subject: Subject) -> SafeString:
    """The markup that another site copies."""
    return format_html(
        '<iframe src="{}{}" title="{}" width="100%" height="560" loading="lazy"></iframe>',
        settings.PORTAL_URL, _address(request, "programmes:kpi-embed", subject), subject.name,
    )  # fmt: skip


def _address(request: HttpRequest, name: str, subject: Subject) -> str:
    """One of the KPI's pages: of what is shown, on the day that is shown."""
    asked = {name: request.GET[name] for name in ("territory", "as_of") if request.GET.get(name)}
    path = reverse(name, args=[subject.kpi.programme.code, subject.kpi.code])
    return f"{path}?{urlencode(asked)}" if asked else path


@require_safe
@on_a_day(lambda code, kpi, kind: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_chart_file(request: HttpRequest, code: str, kpi: str, kind: str, day: dt.date) -> HttpResponse:
    """The chart alone with its title and source, as SVG or PNG, for documents and presentations."""
    found = get_object_or_404(drawn_kpis(), programme__code=code, code=kpi)
    subject = subject_of(found, day, request.GET.get("territory"))
    chart = kpi_chart(found, subject.figures)
    if chart is None:
        raise Http404
    foot = [_("Source: %(name)s") % {"name": subject.source.name}] if subject.source else []
    page = f"{settings.PORTAL_URL}{_address(request, 'programmes:kpi-detail', subject)}"
    svg = standing_alone(chart.wide, [subject.name, subject.where], [*foot, page])
    return drawing_file(svg, subject.slug, kind)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@on_a_day(lambda code, kpi: Kpi.objects.filter(programme__code=code, code=kpi))
def kpi_embed(request: HttpRequest, code: str, kpi: str, day: dt.date) -> HttpResponse:
    """The chart on a page that other sites may frame; `?theme=` fixes what else the device chooses."""
    found = get_object_or_404(drawn_kpis(), programme__code=code, code=kpi)
    subject = subject_of(found, day, request.GET.get("territory"))
    theme = request.GET.get("theme", "")
    context = {
        "programme": found.programme,
        "kpi": found,
        "subject": subject,
        "chart": kpi_chart(found, subject.figures),
        "theme": theme if theme in THEMES else "",
        "page": f"{settings.PORTAL_URL}{_address(request, 'programmes:kpi-detail', subject)}",
    }
    return render(request, "programmes/kpi_embed.html", context)
