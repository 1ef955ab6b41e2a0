"""Statistics in the administration: catalogues and forms to edit, what was published to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin_bases import ExchangeAdmin, ModelAdmin, NamedAdmin, ReadOnlyAdmin, TabularInline
from indicators.messages import watch_problem
from indicators.models import (
    Breakdown,
    Category,
    Dimension,
    FormLine,
    Indicator,
    LearntName,
    ObservationRevision,
    Report,
    ReportingForm,
    Source,
    TableMapping,
    Unit,
    Upload,
    WatchedFile,
)
from indicators.resources import IndicatorResource, SourceResource, UnitResource


class CategoryInline(TabularInline):
    """A dimension's categories, on its page."""

    model = Category
    extra = 0


class FormLineInline(TabularInline):
    """A form's lines, on its page."""

    model = FormLine
    extra = 0
    autocomplete_fields = ("indicator", "breakdown")


@admin.register(Unit)
class UnitAdmin(ExchangeAdmin):
    """Units of measure, in and out as a file."""

    resource_classes = (UnitResource,)
    list_display = ("code", "title", "symbol")


@admin.register(Source)
class SourceAdmin(ExchangeAdmin):
    """Who says so, in and out as a file."""

    resource_classes = (SourceResource,)
    list_display = ("code", "title", "kind", "licence")
    list_filter = ("kind",)


@admin.register(Indicator)
class IndicatorAdmin(ExchangeAdmin):
    """What is measured, in and out as a file."""

    resource_classes = (IndicatorResource,)
    list_display = ("code", "title", "unit", "frequency", "aggregation", "polarity", "organisation")
    list_filter = ("frequency", "aggregation", "polarity", "organisation", "dimensions")
    list_select_related = ("unit", "organisation")
    search_fields = (*NamedAdmin.search_fields, "bureau_key")
    autocomplete_fields = ("unit", "numerator", "denominator", "dimensions", "organisation")


@admin.register(Dimension)
class DimensionAdmin(NamedAdmin):
    """Ways of breaking figures down, with their categories."""

    inlines = (CategoryInline,)


@admin.register(Breakdown)
class BreakdownAdmin(ReadOnlyAdmin):
    """Combinations of categories: made where figures come in, since their code follows from their parts."""

    list_display = ("__str__", "label")
    search_fields = ("code",)
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Breakdown]:
        """With the categories that the labels name."""
        return super().get_queryset(request).prefetch_related("categories")


@admin.register(ReportingForm)
class ReportingFormAdmin(NamedAdmin):
    """What organisations report regularly."""

    list_display = ("code", "title", "organisation", "source", "frequency", "due_days")
    list_filter = ("frequency", "organisation")
    list_select_related = ("organisation", "source")
    autocomplete_fields = ("organisation", "source", "territories")
    inlines = (FormLineInline,)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Forms filled in; they are edited and decided upon in the portal."""

    list_display = ("form", "territory", "period", "state", "submitted_by", "decided_by", "decided_at")
    list_filter = ("state", "form")
    list_select_related = ("form", "territory", "submitted_by", "decided_by")
    search_fields = ("form__code", "territory__code")
    ordering = ("-period_start",)


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Files sent in, and how far each has got."""

    list_display = ("file_name", "state", "source", "indicator", "user", "created_at", "applied_at")
    list_filter = ("state", "source")
    list_select_related = ("source", "indicator", "user")
    search_fields = ("file_name", "sha256", "user__email")


class LearntAdmin(ReadOnlyAdmin):
    """What was learnt of files: to look at, and to forget. It is taught on the pages of uploads."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was learnt wrongly is forgotten."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(LearntName)
class LearntNameAdmin(LearntAdmin):
    """Names that people explained."""

    list_display = ("text", "kind", "code", "learnt_from", "learnt_at")
    list_select_related = ("learnt_from",)
    list_filter = ("kind",)
    search_fields = ("text", "key", "code")


@admin.register(TableMapping)
class TableMappingAdmin(LearntAdmin):
    """How tables of a shape are read, as people corrected them."""

    list_display = ("fingerprint", "indicator", "learnt_from", "learnt_at")
    list_select_related = ("learnt_from", "indicator")


@admin.register(ObservationRevision)
class ObservationRevisionAdmin(ReadOnlyAdmin):
    """Every change of a published figure, with its reason and origin."""

    list_display = ("series", "period_start", "value", "status", "recorded_at", "user", "reason", "origin")
    list_filter = ("status", "recorded_at")
    list_select_related = (
        "series__indicator", "series__territory", "series__breakdown", "series__source", "user",
    )  # fmt: skip
    search_fields = ("=series__indicator__code", "=series__territory__code")
    ordering = ("-id",)


@admin.register(WatchedFile)
class WatchedFileAdmin(ModelAdmin):
    """Files that are looked at regularly; what is new in one becomes an upload of its user."""

    list_display = ("address", "source", "user", "every_hours", "is_active", "looked_at", "trouble")
    list_filter = ("is_active", "source")
    list_select_related = ("source", "user")
    search_fields = ("address", "user__email")
    autocomplete_fields = ("source", "indicator", "user")
    readonly_fields = ("looked_at", "trouble", "failures", "sha256", "etag", "last_modified", "fingerprints")
    exclude = ("problem",)
    ordering = ("address",)

    @admin.display(description=_("problem"))
    def trouble(self, watch: WatchedFile) -> str:
        """What is wrong, in the reader's language."""
        return watch_problem(watch.problem["code"], watch.problem["params"]) if watch.problem else ""
