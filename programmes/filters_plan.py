"""The filters of measures, for the page of all and for the page of each programme's action plan."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, Func, JSONField, Q, QuerySet, TextField
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.collation import sort_key
from common.names import LANGUAGES, NAMES, choices_of, language
from common.rest.filters import FilterSet
from indicators.periods import FIRST_YEAR, LAST_YEAR
from programmes.filters_evidence import ALL, LONGEST_SEARCH, having
from programmes.methods.programme_rules import Deadline, due_dates
from programmes.models import Measure, Programme
from programmes.overview import GoalNode
from programmes.plans.deadlines import Timing, ranked

NOT_STATED = "none"
EVER = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 12, 31)
WORDS = (
    *NAMES, *(f"{field}_{code}" for field in ("completion", "note") for code in LANGUAGES), "code", "number",
    "bodies",
)  # fmt: skip
Choices = list[tuple[str, Any]]


class MeasureSearch(FilterSet):
    """Measures by programme or goal, who answers, state, year due, territory, whether overdue, and words.

    A value that is no choice filters nothing; `warn_of` says so on the page.
    """

    q = django_filters.CharFilter(
        method="filter_words", max_length=LONGEST_SEARCH, label=_("Words, or who answers")
    )
    programme = django_filters.ChoiceFilter("programme__code", empty_label=ALL, label=_("Programme"))
    goal = django_filters.ChoiceFilter(method="filter_goal", empty_label=ALL, label=_("Goal"))
    organisation = django_filters.ChoiceFilter(
        method="filter_organisation", empty_label=ALL, label=_("Who answers")
    )
    state = django_filters.ChoiceFilter(
        choices=Measure.State.choices, empty_label=ALL, label=_("State on record")
    )
    territory = django_filters.ChoiceFilter("territories__code", empty_label=ALL, label=_("Territory"))
    due = django_filters.ChoiceFilter(method="filter_due", empty_label=ALL, label=_("Year due"))
    overdue = django_filters.ChoiceFilter(
        method="filter_overdue", choices=[("yes", _("overdue only")), ("no", _("all others"))],
        empty_label=ALL, label=_("Overdue"),
    )  # fmt: skip

    def __init__(
        self, data: Any, today: dt.date, programme: Programme | None = None, nodes: Iterable[GoalNode] = ()
    ) -> None:
        """Of one programme, whose goals are the `nodes` in the order of the tree, or of all."""
        self.of = Measure.objects.filter(programme=programme) if programme else Measure.objects.all()
        super().__init__(data, ranked(self.of, today))
        self.nodes = {node.goal.code: node for node in nodes}
        self._offer("programme", [] if programme else self._programmes())
        self._offer("goal", [(code, _goal_words(node)) for code, node in self.nodes.items()])
        self._offer("organisation", self._organisations())
        self._offer("territory", self._territories())
        self._offer("due", self._years())

    def _offer(self, name: str, choices: Choices) -> None:
        """Gives the filter its choices; one without any goes."""
        if choices:
            self.filters[name].extra["choices"] = choices
        else:
            del self.filters[name]

    def _programmes(self) -> Choices:
        return [(each.code, each.short_name) for each in Programme.objects.exclude(measures=None).distinct()]

    def _organisations(self) -> Choices:
        body = Func(F("responsible"), function="jsonb_array_elements", output_field=JSONField())
        named = Func(body, template="%(expressions)s #- '{by_agreement}'", output_field=JSONField())
        bodies = self.of.order_by().annotate(body=named).values_list("body", flat=True).distinct()
        names = {body["organisation"]: _named(body["name"]) for body in bodies if "organisation" in body}
        return sorted(names.items(), key=lambda choice: sort_key(choice[1]))

    def _territories(self) -> Choices:
        return choices_of(Territory.objects.filter(measures__in=self.of).distinct())

    def _years(self) -> Choices:
        years = sorted({year for _programme, _rule, due in self.deadlines for year in due})
        unstated = (
            [] if all(due for _programme, _rule, due in self.deadlines) else [(NOT_STATED, _("not stated"))]
        )
        return [*((str(year), str(year)) for year in years), *unstated]

    @cached_property
    def deadlines(self) -> list[tuple[int, Deadline | None, set[int]]]:
        """Each deadline that occurs in a programme, and the years in which something is due by it."""
        terms = "programme", "deadline", "programme__starts_on", "programme__ends_on"
        rows = self.of.order_by().values_list(*terms).distinct()
        return [(programme, rule, _due_years(rule, *term)) for programme, rule, *term in rows]

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

    def filter_organisation(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those for which the organisation answers, alone or with others."""
        return rows.filter(responsible__contains=[{"organisation": value}])

    def filter_due(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those that fall due in the year, or whose deadline is not stated."""
        if value == NOT_STATED:
            return rows.filter(due_on=None)
        wanted = Q(pk=None)
        for programme, rule, due in self.deadlines:
            if int(value) in due:
                wanted |= Q(programme=programme, deadline=rule)
        return rows.filter(wanted)

    def filter_overdue(self, rows: QuerySet[Measure], name: str, value: str) -> QuerySet[Measure]:
        """Those that are overdue, or all others."""
        overdue = Q(timing=Timing.OVERDUE)
        return rows.filter(overdue if value == "yes" else ~overdue)


def warn_of(request: HttpRequest, search: FilterSet) -> None:
    """Says on the page which of the address's conditions are ignored, and why."""
    for name, errors in search.form.errors.items():
        values = {"condition": search.form[name].label, "error": " ".join(errors)}
        messages.warning(request, gettext("“%(condition)s” is ignored: %(error)s") % values)


def _named(name: dict[str, str]) -> str:
    """A name in the reader's language, else in one that there is."""
    return next((name[code] for code in (language(), *LANGUAGES) if name.get(code)), "")


def _due_years(deadline: Deadline | None, starts_on: dt.date, ends_on: dt.date) -> set[int]:
    """The years in which something is due; what recurs does so while the programme lasts."""
    recurs = deadline is not None and deadline["type"] in {"recurring", "yearly"}
    first, last = (starts_on, ends_on) if recurs else EVER
    return {day.year for day in due_dates(deadline, first, last)}


def _goal_words(node: GoalNode) -> str:
    return f"{node.goal.number} {node.goal.name}".strip()
