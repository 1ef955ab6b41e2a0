"""Pages of money: of all programmes, and of one."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.twins import twin
from programmes.models import Funding, Programme
from programmes.plans import budget, funding
from programmes.plans.actions import goals_in_order
from programmes.plans.budget import Printed
from programmes.plans.counting import Counted
from programmes.plans.results import goal_costs
from programmes.views.plans import MOST_UNFOLDED, only_document

OVERVIEW_COLUMNS = (
    "programme", "name", "planned_million_tenge", "paid_million_tenge", "source", "planned_from_source",
)  # fmt: skip
COLUMNS = (
    "code", "name", "goal", "measure", "part_of", "relation", "source", "year_from", "year_to", "is_yearly",
    "planned_million_tenge", "planned_max_million_tenge", "paid_million_tenge", "is_counted",
)  # fmt: skip


@require_safe
def funding_overview(request: HttpRequest) -> HttpResponse:
    """The money of all programmes: planned and paid, by source and years."""
    programmes: dict[Hashable, Programme] = {each.pk: each for each in Programme.objects.all()}
    found = funding.count(funding.rows_of(Funding.objects.all()))
    flow = funding.by_programme(found, list(programmes.values()))
    lines = [(programmes[line.key], line) for line in flow.by_owner]
    if (file := twin(request, "funding", OVERVIEW_COLUMNS, _by_source(lines))) is not None:
        return file
    context = {
        "found": found,
        "flow": flow,
        "lines": lines,
        "without": [
            each for each in programmes.values() if all(each != programme for programme, _l in lines)
        ],
        "drawings": flow.drawings(_("Money from its sources to programmes to years")),
    }
    return render(request, "programmes/funding_overview.html", context)


def _by_source(lines: Iterable[tuple[Programme, Any]]) -> Iterator[tuple[object, ...]]:
    """A row for each programme and source of its money."""
    for programme, line in lines:
        for source, amount in line.by_source.items():
            yield programme.code, programme.name, line.planned, line.paid, source, amount


@require_safe
def funding_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A programme's money: what is planned and paid, what the documents state, and what it buys."""
    programme = get_object_or_404(Programme, code=code)
    found = funding.count(funding.rows_of(programme.funding.all()))
    lines = budget.printed_lines(programme)
    if (file := twin(request, f"funding-{code}", COLUMNS, _lines(lines, found))) is not None:
        return file
    nodes = goals_in_order(programme)
    roots = [node for node in nodes if node.goal.parent_id is None]
    flow = funding.by_goal(found, roots, _("For the programme as a whole"))
    sections = budget.sections(lines, nodes)
    costs = goal_costs(programme, nodes, found)
    context = {
        "programme": programme,
        "count": len(lines),
        "found": found,
        "flow": flow,
        "drawings": flow.drawings(_("Money from its sources to goals to years")),
        "costs": costs,
        "costs_known": sum(cost.is_known for cost in costs),
        "sections": sections,
        "plan": budget.plan_by_year(lines),
        "is_open": sum(section.size for section in sections) <= MOST_UNFOLDED,
        "document": only_document(line.funding for line in lines),
    }
    return render(request, "programmes/funding_detail.html", context)


def _lines(lines: Iterable[Printed], found: Counted) -> Iterator[tuple[object, ...]]:
    """Each line with what the documents state of it, and whether it counts in the sum."""
    counted = {share.row.key for share in found.shares}
    for line in lines:
        row = line.funding
        yield (
            row.code, row.name, row.goal and row.goal.code, row.measure and row.measure.code,
            row.parent and row.parent.code, row.relation, row.level, row.year_from, row.year_to,
            row.is_yearly, row.planned, row.planned_max, row.paid, row.pk in counted,
        )  # fmt: skip
