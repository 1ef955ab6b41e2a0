"""Pages of measures: all of them, a programme's action plan, and one measure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, OrderBy, Prefetch, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.charts import timeline
from common.twins import twin
from programmes.filters_plan import MeasureSearch, warn_of
from programmes.methods.programme_rules import due_dates
from programmes.models import Funding, Measure, Programme
from programmes.overview import GoalNode
from programmes.plans.actions import Group, goals_in_order, grouped, rows_of
from programmes.plans.deadlines import dated
from programmes.plans.measure_lists import DRAWN, counts_of, money_in, money_of, tally, told
from programmes.templatetags.promises import bodies, deadline
from programmes.views.plans import CITATIONS, only_document

MONEY = Prefetch("funding", Funding.objects.order_by("order"))
PAGE = 20
WIDE, NARROW = 720, 350
FIRST_DUE = "rank", "due_on", "programme", "order", "pk"
COLUMNS = (
    "programme", "code", "number", "name", "goal", "parent", "state", "standing", "due_on", "deadline",
    "responsible", "territories", "planned_million_tenge", "planned_max_million_tenge", "paid_million_tenge",
)  # fmt: skip


@require_safe
def measure_overview(request: HttpRequest) -> HttpResponse:
    """The measures of all programmes, overdue first."""
    search = MeasureSearch(request.GET, timezone.localdate())
    context = {"form": search.form, "total": Measure.objects.count()}
    return _listed(request, search, "measures", FIRST_DUE, context)


@require_safe
def measure_list(request: HttpRequest, code: str) -> HttpResponse:
    """A programme's action plan: overdue first, or goal by goal with `?order=plan`."""
    programme = get_object_or_404(Programme.objects.select_related("territory"), code=code)
    nodes = goals_in_order(programme)
    search = MeasureSearch(request.GET, timezone.localdate(), programme, nodes)
    is_planwise = _is_planwise(request)
    context = {
        "programme": programme,
        "form": search.form,
        "total": programme.measures.count(),
        "is_planwise": is_planwise,
        "nodes": nodes,
    }
    order = (_by_goal(nodes), "order", "pk") if is_planwise else FIRST_DUE
    return _listed(request, search, f"measures-{code}", order, context)


def _is_planwise(request: HttpRequest) -> bool:
    """Whether the order of the plan is asked for; another order than the two is said to be none."""
    order = request.GET.get("order", "")
    if order not in {"", "plan"}:
        messages.warning(request, _("There is no order “%(order)s”.") % {"order": order})
    return order == "plan"


def _by_goal(nodes: Iterable[GoalNode]) -> OrderBy:
    """The place of a measure's goal in the tree; those of the programme as a whole come first."""
    places = [When(goal=node.goal.pk, then=Value(place)) for place, node in enumerate(nodes, 1)]
    return Case(*places, default=Value(0), output_field=IntegerField()).asc()


def _listed(
    request: HttpRequest,
    search: MeasureSearch,
    name: str,
    order: Sequence[str | OrderBy],
    context: dict[str, Any],
) -> HttpResponse:
    """The page of the measures found, or their file."""
    warn_of(request, search)
    found = search.qs.order_by(*order)
    if (file := twin(request, name, COLUMNS, _rows(found))) is not None:
        return file
    counted = tally(counts_of(found))
    rows = found.select_related("programme__territory", "goal", "parent", "unit", "excluded_by")
    shown = rows.prefetch_related("territories", MONEY, CITATIONS)
    paginator = Paginator(shown, PAGE)
    paginator.count = counted.total
    page = paginator.get_page(request.GET.get("page"))
    measures = list(page.object_list)
    nodes = context.pop("nodes", ()) if context.get("is_planwise") else None
    slots = counted.slots(timezone.localdate())
    return render(
        request,
        "programmes/measure_list.html",
        {
            **context,
            "page": page,
            "tally": counted,
            "money": money_of(found),
            "groups": grouped(measures, nodes) if nodes is not None else [Group(None, rows_of(measures))],
            "document": only_document(measures),
            "is_answered_for": any(measure.responsible for measure in measures),
            "is_unnumbered": any(not measure.number for measure in measures),
            "slots": slots,
            "drawn_kinds": DRAWN,
            "told": told(slots),
            "timelines": {
                "wide": timeline.upright(slots, DRAWN, WIDE),
                "narrow": timeline.lying(slots, DRAWN, NARROW),
            },
        },
    )


def _rows(found: QuerySet[Measure]) -> Iterator[tuple[object, ...]]:
    """The measures as rows of a file, with their money in million tenge."""
    measures = found.select_related("programme", "goal", "parent").prefetch_related("territories", MONEY)
    for measure in measures.iterator(2000):
        planned, paid = money_in(list(measure.funding.all()))
        yield (
            measure.programme.code, measure.code, measure.number, measure.name,
            measure.goal.code if measure.goal else None, measure.parent.code if measure.parent else None,
            measure.state, measure.timing, measure.due_on,  # type: ignore[attr-defined]
            deadline(measure.deadline), bodies(measure.responsible),
            ";".join(place.code for place in measure.territories.all()),
            planned and planned.low, planned and planned.high, paid,
        )  # fmt: skip


@require_safe
def measure_detail(request: HttpRequest, code: str, measure: str) -> HttpResponse:
    """One measure: what it promises, by when, who answers, its money by year and its parts."""
    today = timezone.localdate()
    found = get_object_or_404(
        dated(Measure.objects.all(), today)
        .select_related("programme__territory", "goal", "parent", "unit", "excluded_by")
        .prefetch_related("territories", MONEY, CITATIONS),
        programme__code=code,
        code=measure,
    )
    programme = found.programme
    days = due_dates(found.deadline, programme.starts_on, programme.ends_on)
    context = {
        "programme": programme,
        "measure": found,
        "goals_above": [found.goal] if found.goal else [],
        "days": [(day, day < today) for day in days],
        "parts": dated(found.parts.all(), today).order_by("order"),
        "total": money_of(dated(Measure.objects.filter(pk=found.pk), today)),
    }
    return render(request, "programmes/measure_detail.html", context)
