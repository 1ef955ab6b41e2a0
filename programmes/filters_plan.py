"""The filters of a programme's action plan, for its page."""

import datetime as dt
from typing import Any

import django_filters
from django.db.models import F, Func, QuerySet, TextField
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.collation import sort_key
from common.names import LANGUAGES, NAMES
from common.rest.filters import FilterSet
from indicators.periods import FIRST_YEAR, LAST_YEAR
from programmes.filters_evidence import ALL, LONGEST_SEARCH, having
from programmes.methods.programme_rules import Deadline, due_dates
from programmes.models import Measure, Programme
from programmes.overview import GoalNode

NOT_STATED = "none"
EVER = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
WORDS = (
    *NAMES, *(f"{field}_{code}" for field in ("completion", "note") for code in LANGUAGES), "code", "number",
    "bodies",
)  # fmt: skip


class MeasureSearch(FilterSet):
    """The measures of one programme by goal, state, territory, year due, and words."""

    q = django_filters.CharFilter(
        method="filter_words", max_length=LONGEST_SEARCH, label=_("Words, or who answers")
    )
    goal = django_filters.ChoiceFilter(method="filter_goal", empty_label=ALL, label=_("Goal"))
    state = django_filters.ChoiceFilter(choices=Measure.State.choices, empty_label=ALL, label=_("State"))
    territory = django_filters.ChoiceFilter("territories__code", empty_label=ALL, label=_("Territory"))
    due = django_filters.ChoiceFilter(method="filter_due", empty_label=ALL, label=_("Year due"))

    def __init__(self, data: Any, programme: Programme, nodes: list[GoalNode]) -> None:
        """`nodes` are the programme's goals in the order of the tree."""
        super().__init__(data, programme.measures.all())
        self.nodes = {node.goal.code: node for node in nodes}
        deadlines = programme.measures.values_list("pk", "deadline")
        self.due = {measure: _due_years(rule, programme) for measure, rule in deadlines}
        places = Territory.objects.filter(measures__programme=programme).distinct()
        self._offer("goal", [(code, _goal_words(node)) for code, node in self.nodes.items()])
        named = [(place.code, place.name) for place in places]
        self._offer("territory", sorted(named, key=lambda choice: sort_key(choice[1])))
        years = sorted({year for due in self.due.values() for year in due})
        unstated = [] if all(self.due.values()) else [(NOT_STATED, _("not stated"))]
        self._offer("due", [*((str(year), str(year)) for year in years), *unstated])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Gives the filter its choices; one without any goes."""
        if choices:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

    def filter_words(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those in which all the words stand, in whichever language."""
        bodies = Func(
            F("responsible"), function="jsonb_path_query_array", output_field=TextField(),
            template="%(function)s(%(expressions)s, '$[*].name.*')::text",
        )  # fmt: skip
        return having(rows.annotate(bodies=bodies), value, WORDS)

    def filter_goal(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those of the goal and of all its parts."""
        return rows.filter(goal__in=[part.goal.pk for part in self.nodes[value].walk()])

    def filter_due(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those that fall due in the year, or whose deadline is not stated."""
        if value == NOT_STATED:
            return rows.filter(pk__in=[measure for measure, years in self.due.items() if not years])
        return rows.filter(pk__in=[measure for measure, years in self.due.items() if int(value) in years])


def _due_years(deadline: Deadline | None, programme: Programme) -> set[int]:
    """The years in which something is due; what recurs does so while the programme lasts."""
    recurs = deadline is not None and deadline["type"] in {"recurring", "yearly"}
    first, last = (programme.starts_on, programme.ends_on) if recurs else EVER
    return {day.year for day in due_dates(deadline, first, last)}


def _goal_words(node: GoalNode) -> str:
    return f"{node.goal.number} {node.goal.name}".strip()
