"""Programmes in the administration: promises to edit, what was computed to look at."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from import_export.results import Result

from common.admin_bases import ExchangeAdmin, Fields, ModelAdmin, NamedAdmin, ReadOnlyAdmin, TabularInline
from indicators.period_input import PeriodForm
from programmes.admin_forms import MakesForms
from programmes.models import (
    Benchmark,
    Citation,
    Discrepancy,
    DiscrepancyStatement,
    Document,
    Funding,
    Goal,
    Inquiry,
    Kpi,
    LegalAct,
    Measure,
    Programme,
    ProgressRun,
    Question,
    Rule,
    RuleParameter,
    Target,
)
from programmes.resources import KpiResource, ProgrammeResource, TargetResource
from programmes.services.recomputing import touch
from programmes.tasks import send_drain

Inlines = tuple[type[TabularInline], ...]


class JudgedAdmin(ExchangeAdmin):
    """Promises: whatever changes one has its KPIs recomputed once the change is stored.

    `of_kpi` leads from a KPI to the row.
    """

    of_kpi: ClassVar[str]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After a page was saved."""
        super().save_related(request, form, formsets, change)
        self._touch([form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Before a row is deleted: afterwards nothing leads to it."""
        self._touch([obj.pk])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Before rows are deleted."""
        self._touch(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """After a file was imported."""
        self._touch([row.object_id for row in result.rows if row.object_id])
        return super().process_result(result, request)

    def _touch(self, rows: Iterable[Any]) -> None:
        touch(Kpi.objects.filter(**{f"{self.of_kpi}__in": list(rows)}).distinct())
        transaction.on_commit(send_drain)


class TargetForm(PeriodForm):
    """A target, with its period typed as one text."""

    class Meta:
        model = Target
        fields = (
            "kpi", "period", "act", "value", "value_max", "qualifier", "is_additional", "is_date_implied",
            "valid_from", "valid_to", "note_kk", "note_ru", "note_en",
        )  # fmt: skip


class KpiForm(PeriodForm):
    """A KPI, with the period of its baseline typed as one text."""

    frequency_name, start_name = "baseline_frequency", "baseline_start"

    class Meta:
        model = Kpi
        fields = (
            "programme", "goal", "code", "order", "name_kk", "name_ru", "name_en", "indicator", "breakdown",
            "territory", "group", "comparator", "form", "accumulation", "path", "period", "baseline_value",
            "baseline_basis", "together_with", "is_headline", "weight", "preferred_source",
            "tolerance_months", "note_kk", "note_ru", "note_en",
        )  # fmt: skip


class BenchmarkForm(PeriodForm):
    """Another place's figure, with its period, where it is known, typed as one text."""

    class Meta:
        model = Benchmark
        fields = (
            "programme", "goal", "kpi", "code", "name_kk", "name_ru", "name_en", "place_kk", "place_ru",
            "place_en", "unit", "period", "value", "value_max", "qualifier", "note_kk", "note_ru", "note_en",
        )  # fmt: skip


class CitationInline(TabularInline):
    """Where a promise or a figure is written, on its page."""

    model = Citation
    fields = ("document", "section", "lines")
    autocomplete_fields = ("document",)
    extra = 0


class KpiCitationInline(CitationInline):
    """Where a KPI is written; where its baseline is, its package says."""

    fk_name = "kpi"


class TargetInline(TabularInline):
    """A KPI's targets, on its page; notes and citations are on their own."""

    model = Target
    form = TargetForm
    fields = ("period", "value", "value_max", "qualifier", "act", "valid_from", "valid_to")
    autocomplete_fields = ("act",)
    show_change_link = True
    extra = 0


class StatementInline(TabularInline):
    """The versions that contradict each other, on the page of the discrepancy."""

    model = DiscrepancyStatement
    extra = 0
    autocomplete_fields = ("unit",)


@admin.register(Programme)
class ProgrammeAdmin(JudgedAdmin):
    """Programmes, in and out as a file."""

    of_kpi = "programme"
    resource_classes = (ProgrammeResource,)
    list_display = ("code", "title", "territory", "group", "starts_on", "ends_on")
    list_select_related = ("territory", "group")
    autocomplete_fields = ("organisation", "territory", "group")
    inlines = (CitationInline,)


class PartAdmin(NamedAdmin):
    """Parts of a programme, known by a code within it."""

    list_display: Fields = ("code", "title", "programme")
    list_filter: ClassVar[Fields] = ("programme",)
    list_select_related: ClassVar[Fields] = ("programme",)
    ordering = ("programme", "code")
    inlines: ClassVar[Inlines] = (CitationInline,)


@admin.register(Document)
class DocumentAdmin(ModelAdmin):
    """Texts that state promises or figures."""

    list_display: Fields = ("code", "title", "kind", "programme")
    list_filter: ClassVar[Fields] = ("programme",)
    list_select_related = ("programme",)
    search_fields: ClassVar[Fields] = ("code", "title_kk", "title_ru", "title_en")
    autocomplete_fields = ("programme",)
    ordering: ClassVar[Fields] = ("code",)


@admin.register(LegalAct)
class LegalActAdmin(DocumentAdmin):
    """Acts that make, change or end programmes."""

    list_display = ("code", "title", "kind", "number", "adopted_on", "programme")
    list_filter = ("programme", "kind")
    search_fields = (*DocumentAdmin.search_fields, "number", "programme__code")
    ordering = ("programme", "adopted_on")
    inlines = (CitationInline,)


@admin.register(Goal)
class GoalAdmin(PartAdmin):
    """What programmes are for."""

    list_display = ("code", "title", "kind", "parent", "programme")
    list_filter = ("programme", "kind")
    list_select_related = ("programme", "parent")
    autocomplete_fields = ("programme", "parent")
    ordering = ("programme", "order")


@admin.register(Kpi)
class KpiAdmin(MakesForms, JudgedAdmin):
    """Measurable promises, in and out as a file."""

    of_kpi = "pk"
    form = KpiForm
    resource_classes = (KpiResource,)
    list_display = ("code", "title", "programme", "indicator", "territory", "group", "comparator", "form")
    list_filter = ("programme", "comparator", "form", "baseline_basis")
    list_select_related = ("programme", "indicator", "territory", "group")
    search_fields = (*NamedAdmin.search_fields, "programme__code", "indicator__code")
    autocomplete_fields = (
        "programme", "goal", "indicator", "breakdown", "territory", "group", "preferred_source",
        "together_with",
    )  # fmt: skip
    ordering = ("programme", "order")
    inlines = (TargetInline, KpiCitationInline)


@admin.register(Target)
class TargetAdmin(JudgedAdmin):
    """What KPIs must reach and when, in and out as a file."""

    of_kpi = "targets"
    form = TargetForm
    resource_classes = (TargetResource,)
    list_display = ("kpi", "period", "value", "value_max", "qualifier", "act", "valid_from", "valid_to")
    list_filter = ("kpi__programme", "frequency", "qualifier")
    list_select_related = ("kpi__programme", "act")
    search_fields = ("=kpi__code", "kpi__name_kk", "kpi__name_ru", "kpi__name_en", "kpi__programme__code")
    autocomplete_fields = ("kpi", "act")
    ordering = ("kpi__programme", "kpi__order", "period_start")
    inlines = (CitationInline,)


@admin.register(Measure)
class MeasureAdmin(PartAdmin):
    """Items of action plans."""

    list_display = ("code", "title", "state", "programme")
    list_filter = ("programme", "state")
    autocomplete_fields = ("programme", "goal", "parent", "territories", "excluded_by", "unit")
    ordering = ("programme", "order")


@admin.register(Funding)
class FundingAdmin(PartAdmin):
    """Money, planned and paid."""

    list_display = ("code", "title", "level", "year_from", "year_to", "planned", "paid", "programme")
    list_filter = ("programme", "level")
    autocomplete_fields = ("programme", "goal", "measure", "parent")


@admin.register(Benchmark)
class BenchmarkAdmin(PartAdmin):
    """Other places' figures."""

    form = BenchmarkForm
    list_display = ("code", "title", "place", "value", "value_max", "unit", "programme")
    list_select_related = ("programme", "unit")
    autocomplete_fields = ("programme", "goal", "kpi", "unit")


class ParameterInline(TabularInline):
    """The numbers of a rule, on its page."""

    model = RuleParameter
    extra = 0
    autocomplete_fields = ("unit",)


@admin.register(Rule)
class RuleAdmin(PartAdmin):
    """Provisions of documents."""

    list_display = ("code", "title", "kind", "paragraph", "programme")
    list_filter = ("programme", "kind")
    autocomplete_fields = ("programme",)
    ordering = ("programme", "order")
    inlines = (ParameterInline, CitationInline)


class QuestionInline(TabularInline):
    """What an inquiry asks and what it is answered, on its page."""

    model = Question
    exclude = ("answered_by",)
    extra = 0


@admin.register(Inquiry)
class InquiryAdmin(ModelAdmin):
    """Deputies' inquiries that documents hold, and the replies to them; others go their way on the pages."""

    list_display = ("number", "topic", "date_printed", "programme")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    search_fields = ("number", "topic_kk", "topic_ru", "topic_en")
    autocomplete_fields = ("programme", "document", "kpis", "territories")
    exclude = (
        "state", "language", "asker", "addressed_to", "organisation", "territory", "due_on", "registered_by",
        "registered_at", "assignee", "drafted_by", "drafted_at", "approved_by", "approved_at",
        "return_reason",
    )  # fmt: skip
    inlines = (QuestionInline, CitationInline)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Those of documents."""
        return super().get_queryset(request).filter(document__isnull=False)


@admin.register(Discrepancy)
class DiscrepancyAdmin(PartAdmin):
    """Contradictions in and between documents, with every version."""

    list_display = ("code", "title", "kind", "programme")
    list_filter = ("programme", "kind")
    autocomplete_fields = ("programme", "kpis")
    inlines = (StatementInline,)


@admin.register(ProgressRun)
class ProgressRunAdmin(ReadOnlyAdmin):
    """Recomputations of everything."""

    list_display = ("started_at", "finished_at", "state", "kpis", "rows", "error")
    list_filter = ("state",)
