"""Measures, money, other places' figures and legal acts in the API."""

from typing import ClassVar

import django_filters
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cities.models import Territory
from common.rest.fields import Composed, ExactNumber, PublishedSerializer, Reference, Text, Texts
from common.rest.filters import ChoiceFilter, CodeFilter, DateFilter, FilterSet
from common.rest.following import UpdatedAfter
from common.rest.views import ColumnViewSet
from indicators.api import UnitViewSet
from indicators.api_fields import PeriodCode
from indicators.filters import territory_filter
from programmes.api import GoalViewSet, KpiViewSet, OfProgramme, ProgrammeViewSet
from programmes.filters import kpi_filter, programme_filter
from programmes.models import Benchmark, Funding, LegalAct, Measure

MILLION = "Million tenge, digit for digit; null where the document names no sum."


class LegalActSerializer(PublishedSerializer[LegalAct]):
    """An act that adopts, amends or repeals a programme."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    title = Text("title")
    titles = Texts("title")
    issuer = Text("issuer")
    issuers = Texts("issuer")
    note = Text("note")
    notes = Texts("note")

    class Meta:
        model = LegalAct
        fields: ClassVar = [
            "id", "programme", "code", "kind", "number", "adopted_on", "effective_on", "title", "titles",
            "issuer", "issuers", "note", "notes",
        ]  # fmt: skip


class LegalActFilterSet(FilterSet):
    """Acts by programme and kind."""

    programme = programme_filter()
    kind = ChoiceFilter(choices=LegalAct.Kind.choices)
    updated_after = UpdatedAfter("legal-acts")


class LegalActViewSet(OfProgramme, ColumnViewSet[LegalAct]):
    """The acts by which programmes came into force, changed and ended; targets name theirs."""

    queryset = LegalAct.objects.all()
    serializer_class = LegalActSerializer
    filterset_class = LegalActFilterSet
    id_format = "`<programme>:<code>`, for instance `almaty-2025:adoption`."


class MeasureSerializer(PublishedSerializer[Measure]):
    """An item of an action plan."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    goal = Composed("programme__code", "goal__code", allow_null=True, expands=GoalViewSet)
    name = Text("name")
    names = Texts("name")
    parent = Composed("programme__code", "parent__code", allow_null=True)  # type: ignore[assignment]
    completion = Text("completion")
    completions = Texts("completion")
    territories = serializers.ListField(source="territory_codes", child=serializers.CharField())
    deadline = extend_schema_field({"type": ["object", "null"]})(serializers.JSONField)(
        help_text="The deadline as a rule: `type` and what it needs; null where the plan names none."
    )
    unit = Reference("unit.code", allow_null=True, expands=UnitViewSet)
    note = Text("note")
    notes = Texts("note")

    class Meta:
        model = Measure
        fields: ClassVar = [
            "id", "programme", "goal", "code", "number", "order", "name", "names", "parent", "cost",
            "sources", "territories", "completion", "completions", "deadline", "due_on", "state",
            "deliverable_value", "deliverable_max", "qualifier", "unit", "note", "notes",
        ]  # fmt: skip


class MeasureFilterSet(FilterSet):
    """Measures by programme, territory, state and the last day on which they are due."""

    programme = programme_filter()
    territory = territory_filter("territories")
    state = ChoiceFilter(choices=Measure.State.choices)
    due_from = DateFilter("due_on", lookup_expr="gte", help_text=_("Due on the day or later."))
    due_to = DateFilter("due_on", lookup_expr="lte", help_text=_("Due on the day or earlier."))
    updated_after = UpdatedAfter("measures")


class MeasureViewSet(OfProgramme, ColumnViewSet[Measure]):
    """Action plans: what is to be done, where, until when, and how it is proved to be done.

    `due_on` is the last day on which a measure is due while its programme lasts.
    """

    queryset = Measure.objects.annotate(
        territory_codes=ArraySubquery(
            Territory.objects.filter(measures=OuterRef("pk")).order_by("code").values("code")
        )
    )
    serializer_class = MeasureSerializer
    filterset_class = MeasureFilterSet
    orderings: ClassVar = {"order": "order"}
    id_format = "`<programme>:<code>`, for instance `almaty-2025:2.2-1`."


class FundingSerializer(PublishedSerializer[Funding]):
    """A line of money."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    goal = Composed("programme__code", "goal__code", allow_null=True, expands=GoalViewSet)
    measure = Composed("programme__code", "measure__code", allow_null=True, expands=MeasureViewSet)
    parent = Composed("programme__code", "parent__code", allow_null=True)  # type: ignore[assignment]
    name = Text("name")
    names = Texts("name")
    planned = ExactNumber(allow_null=True, help_text=MILLION)
    planned_max = ExactNumber(allow_null=True, help_text="The upper end of a range. " + MILLION)
    paid = ExactNumber(allow_null=True, help_text=MILLION)
    note = Text("note")
    notes = Texts("note")

    class Meta:
        model = Funding
        fields: ClassVar = [
            "id", "programme", "goal", "measure", "code", "order", "name", "names", "parent", "relation",
            "level", "year_from", "year_to", "is_yearly", "planned", "planned_max", "qualifier", "paid",
            "is_indicative", "note", "notes",
        ]  # fmt: skip


class FundingFilterSet(FilterSet):
    """Lines of money by programme, measure and source."""

    programme = programme_filter()
    measure = CodeFilter(
        "measure", queryset=Measure.objects.all(), endpoint="",
        help_text=_("The code of a measure within its programme; may be repeated."),
    )  # fmt: skip
    level = ChoiceFilter(choices=Funding.Level.choices)
    is_paid = django_filters.BooleanFilter(
        "paid", lookup_expr="isnull", exclude=True, help_text=_("Those with a sum paid: true or false.")
    )
    updated_after = UpdatedAfter("funding")


class FundingViewSet(OfProgramme, ColumnViewSet[Funding]):
    """Money planned and paid: a tree of totals, parts, shares of sources and of periods.

    Add up lines of one level of the tree only: `relation` says what a line is to its `parent`.
    """

    queryset = Funding.objects.all()
    serializer_class = FundingSerializer
    filterset_class = FundingFilterSet
    orderings: ClassVar = {"order": "order"}
    id_format = "`<programme>:<code>`."


class BenchmarkSerializer(PublishedSerializer[Benchmark]):
    """Another place's figure that a programme measures itself by."""

    id = Composed("programme__code", "code")
    programme = Reference("programme.code", expands=ProgrammeViewSet)
    goal = Composed("programme__code", "goal__code", allow_null=True, expands=GoalViewSet)
    kpi = Composed("programme__code", "kpi__code", allow_null=True, expands=KpiViewSet)
    name = Text("name")
    names = Texts("name")
    place = Text("place")
    places = Texts("place")
    unit = Reference("unit.code", expands=UnitViewSet)
    period = PeriodCode("frequency", "period_start", allow_null=True)
    note = Text("note")
    notes = Texts("note")

    class Meta:
        model = Benchmark
        fields: ClassVar = [
            "id", "programme", "goal", "kpi", "code", "order", "name", "names", "place", "places", "unit",
            "period", "value", "value_max", "qualifier", "note", "notes",
        ]  # fmt: skip


class BenchmarkFilterSet(FilterSet):
    """Other places' figures by programme and KPI."""

    programme = programme_filter()
    kpi = kpi_filter()
    updated_after = UpdatedAfter("benchmarks")


class BenchmarkViewSet(OfProgramme, ColumnViewSet[Benchmark]):
    """Figures of other cities and countries that the programmes print beside their own."""

    queryset = Benchmark.objects.all()
    serializer_class = BenchmarkSerializer
    filterset_class = BenchmarkFilterSet
    id_format = "`<programme>:<code>`."
