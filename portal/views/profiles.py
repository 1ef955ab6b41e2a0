"""The profile of one territory."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cities.models import Territory
from common.collation import sort_key
from common.twins import twin
from papers.offers import offers_for
from portal import profile
from portal.asked import one_of
from portal.profile import Latest
from portal.territory_figures import standings_counted
from portal.views.territories import MONOTOWNS
from programmes.models import Standing, Target
from programmes.overview import Rollup, next_target

A_PAGE, FIGURES_A_PAGE = 15, 10
TABLES = ("promises", "figures", "measures")
PROMISE_COLUMNS = (
    "programme", "kpi", "name", "group", "standing", "reason", "year", "actual", "unit", "target_period",
    "target", "target_max",
)  # fmt: skip
FIGURE_COLUMNS = ("indicator", "name", "period", "value", "unit", "status", "source")
MEASURE_COLUMNS = ("programme", "code", "number", "name", "state", "deliverable", "unit")


@dataclass(frozen=True)
class Promise:
    """A promise to the territory in a list: its standing and its next target."""

    standing: Standing
    target: Target | None

    @classmethod
    def of(cls, standing: Standing, today: dt.date) -> "Promise":
        """The row of a standing whose KPI comes with its targets."""
        return cls(standing, next_target(standing.kpi.targets.all(), today))


@require_safe
def territory_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A territory: what it is, what was promised to it, what is done for it, and what statistics say."""
    territory = get_object_or_404(Territory.objects.select_related("parent"), code=code)
    if (file := _file(request, territory)) is not None:
        return file
    today = timezone.localdate()
    programmes = profile.programmes_for(territory)
    rollup = Rollup.total_of(each.rollup for each in programmes)
    page = Paginator(range(rollup.total), A_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    standings = profile.promises(territory, first=first, last=first + A_PAGE)
    figures: Page[int] = Paginator(profile.indicators_of(territory), FIGURES_A_PAGE).get_page(
        request.GET.get("figures")
    )
    measures = sum(each.measures for each in programmes)
    memberships = profile.memberships(territory.pk)
    is_monotown = any(each.group.code == MONOTOWNS for each in memberships)
    context = {
        "territory": territory,
        "above": _above(territory),
        "changes": profile.changes(territory.pk),
        "memberships": memberships,
        "is_past": territory.valid_to is not None and territory.valid_to <= today,
        "programmes": programmes,
        "rollup": rollup,
        "page": page,
        "promises": [Promise.of(each, today) for each in standings],
        "figures": figures,
        "latest": profile.latest_figures(territory, list(figures)),
        "money": profile.money_for(territory, measures) if measures else None,
        "measures": profile.nearest_measures(territory, today) if measures else [],
        "parts": _parts(territory, today),
        "contradictions": profile.contradictions(territory.pk),
        "findings": profile.open_findings(territory.pk)[0],
        "is_monotown": is_monotown,
        "offers": offers_for(territory, [each.programme for each in programmes], is_monotown=is_monotown),
    }
    return render(request, "portal/territory_detail.html", context)


def _file(request: HttpRequest, territory: Territory) -> HttpResponse | None:
    """The table that the address asks for as a file: promises, or `?table=figures`, `?table=measures`."""
    if "format" not in request.GET:
        return None
    table = one_of(request, "table", TABLES, "promises")
    name = f"{territory.code}-{table}"
    if table == "figures":
        latest = profile.latest_figures(territory, profile.indicators_of(territory))
        return twin(request, name, FIGURE_COLUMNS, map(_figure, latest))
    if table == "measures":
        return twin(request, name, MEASURE_COLUMNS, _measures(territory))
    return twin(request, name, PROMISE_COLUMNS, _promises(territory))


def _figure(each: Latest) -> Sequence[object]:
    return (
        each.indicator.code, each.indicator.name, str(each.period), each.value, each.indicator.unit.name,
        each.status.value, each.source.code,
    )  # fmt: skip


def _promises(territory: Territory) -> Iterable[Sequence[object]]:
    today = timezone.localdate()
    for each in profile.promises(territory):
        kpi, target = each.kpi, Promise.of(each, today).target
        yield (
            kpi.programme.code, kpi.code, kpi.name, kpi.group.code if kpi.group else None, each.standing,
            each.reason, each.year, each.actual, kpi.indicator.unit.name,
            str(target.period) if target else None, target.value if target else None,
            target.value_max if target else None,
        )  # fmt: skip


def _measures(territory: Territory) -> Iterable[Sequence[object]]:
    for each in profile.measures_for(territory):
        yield (
            each.programme.code, each.code, each.number, each.name, each.state, each.deliverable_value,
            each.unit.name if each.unit else None,
        )  # fmt: skip


def _above(territory: Territory) -> list[Territory]:
    """What it is part of, from the country down."""
    chain = {each.pk: each for each in Territory.objects.containing([territory.pk])}
    above: list[Territory] = []
    at = territory.parent_id
    while at in chain and len(above) < len(chain):
        above.append(chain[at])
        at = chain[at].parent_id
    return above[::-1]


def _parts(territory: Territory, today: dt.date) -> list[tuple[Territory, Rollup]]:
    """What it consists of today, in alphabetical order, each with its promises."""
    children = sorted(territory.children.existing(today), key=lambda each: sort_key(each.name))
    counted = standings_counted([each.pk for each in children]) if children else {}
    return [(each, counted.get(each.pk, Rollup({}))) for each in children]
