"""The filters of a programme's KPIs, for the page that lists them all."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from common.names import NAMES
from common.rest.filters import FilterSet
from programmes.codes import KEPT, SLIPPED
from programmes.filters_evidence import ALL, LONGEST_SEARCH, having
from programmes.glance import Part
from programmes.labels import STANDINGS
from programmes.models import Kpi, Programme, Standing

GROUPS = {"kept": KEPT, "slipped": SLIPPED}


class KpiSearch(FilterSet):
    """A programme's KPIs by goal, by how they stand, and by words; of a group's KPI any member counts."""

    q = django_filters.CharFilter(method="filter_words", max_length=LONGEST_SEARCH, label=_("Name or code"))
    goal = django_filters.ChoiceFilter(method="filter_goal", empty_label=ALL, label=_("Goal"))
    standing = django_filters.ChoiceFilter(
        method="filter_standing",
        choices=[("kept", _("kept or on course")), ("slipped", _("slipped")), *STANDINGS],
        empty_label=ALL, label=_("How it stands"),
    )  # fmt: skip

    def __init__(self, data: Any, programme: Programme, parts: Iterable[Part]) -> None:
        """`parts` are the programme's goals in the order of the tree."""
        super().__init__(data, programme.kpis.all())
        self.parts = {part.goal.code: part for part in parts}
        if self.parts:
            names = (
                (code, f"{part.goal.number} {part.goal.name}".strip()) for code, part in self.parts.items()
            )
            self.filters["goal"].extra["choices"] = list(names)
        else:
            del self.filters["goal"]

    def filter_words(self, rows: QuerySet[Kpi], name: str, value: str) -> QuerySet[Kpi]:
        """Those with all the words in their names or codes."""
        return having(rows, value, [*NAMES, "code"])

    def filter_goal(self, rows: QuerySet[Kpi], name: str, value: str) -> QuerySet[Kpi]:
        """Those of the goal and of all its parts."""
        return rows.filter(goal__in=[part.goal.pk for part in self.parts[value].walk()])

    def filter_standing(self, rows: QuerySet[Kpi], name: str, value: str) -> QuerySet[Kpi]:
        """Those that stand so, or in one of the ways of a group."""
        words = GROUPS.get(value, {value})
        return rows.filter(Exists(Standing.objects.filter(kpi=OuterRef("pk"), standing__in=words)))
