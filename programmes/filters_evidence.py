"""The filters of the pages of evidence, named as the API names them: one choice each, and words of a name."""

import re
from collections.abc import Sequence
from typing import TypeVar

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.names import NAMES
from common.rest.filters import FilterSet
from programmes.evidence.tracing import KIND_WORDS
from programmes.labels import FINDERS
from programmes.models import Citation, Discrepancy, Document, Programme

M = TypeVar("M", bound=Model)

ALL = _("all")
LONGEST_SEARCH = 100
NAMED = (
    "series__indicator", "target__kpi", "baseline", "measure", "funding", "benchmark", "rule",
    "statement__discrepancy",
)  # fmt: skip
"""Whose name a figure bears."""


def having(rows: QuerySet[M], text: str, fields: Sequence[str]) -> QuerySet[M]:
    """The rows in which every word of the text stands in one of the fields, in whichever case."""
    for word in text.split():
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(wanted)
    return rows


class DiscrepancySearch(FilterSet):
    """Contradictions by programme, kind, who found them, and words of the name or the code."""

    q = django_filters.CharFilter(method="filter_words", max_length=LONGEST_SEARCH, label=_("Name or code"))
    programme = django_filters.ChoiceFilter(
        "programme__code", empty_label=ALL, label=_("Programme"),
        choices=lambda: [(each.code, each.short_name) for each in Programme.objects.all()],
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(choices=Discrepancy.Kind.choices, empty_label=ALL, label=_("Kind"))
    rule = django_filters.ChoiceFilter(choices=FINDERS, empty_label=ALL, label=_("Found by the rule"))
    is_recorded = django_filters.BooleanFilter(
        label=_("Recorded"),
        widget=forms.Select(choices=[("", ALL), ("true", _("by a person")), ("false", _("by a rule alone"))]),
    )

    def filter_words(self, rows: QuerySet[Discrepancy], name: str, value: str) -> QuerySet[Discrepancy]:
        """Those with all the words in their names or codes."""
        return having(rows, value, [*NAMES, "code"])


class FigureSearch(FilterSet):
    """Places that print a figure, by document, section, what the figure is, and words of its name."""

    q = django_filters.CharFilter(method="filter_words", max_length=LONGEST_SEARCH, label=_("Name"))
    document = django_filters.ChoiceFilter(
        "document__code", empty_label=ALL, label=_("Document"),
        choices=lambda: [(each.code, each.title) for each in Document.objects.order_by("code")],
    )  # fmt: skip
    section = django_filters.ChoiceFilter(
        choices=lambda: [(each, each) for each in _sections()], empty_label=ALL, label=_("Section")
    )
    kind = django_filters.ChoiceFilter(
        method="filter_kind", choices=list(KIND_WORDS.items()), empty_label=ALL, label=_("Kind of figure")
    )

    def filter_words(self, rows: QuerySet[Citation], name: str, value: str) -> QuerySet[Citation]:
        """Those of things with all the words in their names."""
        return having(rows, value, [f"{owner}__{field}" for owner in NAMED for field in NAMES])

    def filter_kind(self, rows: QuerySet[Citation], name: str, value: str) -> QuerySet[Citation]:
        """Those of things of the kind."""
        return rows.filter(**{f"{'series' if value == 'statistic' else value}__isnull": False})


def _sections() -> list[str]:
    """Every section that is cited; 4.2 stands before 4.10, annex 3 before annex 10."""
    cited = Citation.objects.exclude(section="").order_by().values_list("section", flat=True).distinct()
    return sorted(cited, key=lambda section: re.sub(r"\d+", lambda number: number[0].zfill(4), section))
