"""Filters of indicators and figures, for pages and API alike."""

from collections.abc import Callable
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.rest.filters import ChoiceFilter, CodeFilter, FilterSet, describe
from common.rest.following import Point, UpdatedAfter
from indicators.fields import FREQUENCIES, Status
from indicators.models import (
    Breakdown,
    Indicator,
    Observation,
    ObservationRevision,
    Report,
    ReportingForm,
    Source,
    Unit,
)
from indicators.periods import Period, PeriodError

M = TypeVar("M", bound=Model)

TOTAL = "_T"
"""How the total is written where a code is needed; SDMX's word. Breakdowns store it as an empty code."""


class PeriodField(forms.CharField):
    """A reporting period as SDMX writes it."""

    default_error_messages = {"invalid": _("This is not a period.")}

    def clean(self, value: str | None) -> Period | None:
        """The period; None where nothing is asked for."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except PeriodError as error:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from error


class PeriodFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows whose period begins in a span: `edge` takes from a period the day to compare with."""

    field_class = PeriodField

    def __init__(
        self, *, edge: Callable[[Period], Any], field_name: str = "period_start", **kwargs: Any
    ) -> None:
        self.edge = edge
        super().__init__(field_name, **kwargs)
        describe(self, type="string")

    def filter(self, qs: QuerySet[M], value: Period | None) -> QuerySet[M]:
        """The rows in the span; all of them without a period."""
        return qs if value is None else super().filter(qs, self.edge(value))


def period_from(field_name: str = "period_start") -> PeriodFilter:
    """Periods that begin on the first day of the given one or later."""
    return PeriodFilter(
        edge=lambda period: period.start, field_name=field_name, lookup_expr="gte",
        help_text=_("The earliest period, such as 2024, 2024-S1, 2024-Q3 or 2024-05."),
    )  # fmt: skip


def period_to(field_name: str = "period_start") -> PeriodFilter:
    """Periods that begin on the last day of the given one or earlier."""
    return PeriodFilter(
        edge=lambda period: period.end, field_name=field_name, lookup_expr="lte",
        help_text=_("The latest period, such as 2024, 2024-S1 or 2024-05: whatever begins in it counts."),
    )  # fmt: skip


class BreakdownFilter(CodeFilter):
    """Rows of the named breakdowns, `_T` being the total."""

    def __init__(self, field_name: str = "breakdown") -> None:
        breakdowns = Breakdown.objects.annotate(
            public_code=Coalesce(NullIf(F("code"), Value("")), Value(TOTAL))
        )
        super().__init__(
            field_name, endpoint="", queryset=breakdowns, to_field_name="public_code",
            help_text=_("DIMENSION=CATEGORY, joined with & (in an address %26), or _T for the total."),
        )  # fmt: skip


def indicator_filter(field_name: str = "indicator") -> CodeFilter:
    """Rows of the named indicators."""
    return CodeFilter(field_name, queryset=Indicator.objects.all(), endpoint="/api/v1/indicators/")


def territory_filter(field_name: str = "territory") -> CodeFilter:
    """Rows of the named territories."""
    return CodeFilter(field_name, queryset=Territory.objects.all(), endpoint="/api/v1/territories/")


class IndicatorFilterSet(FilterSet):
    """Indicators by unit and frequency."""

    unit = CodeFilter(queryset=Unit.objects.all(), endpoint="/api/v1/units/")
    frequency = ChoiceFilter(choices=FREQUENCIES)
    updated_after = UpdatedAfter("indicators")


class UnitFilterSet(FilterSet):
    """Units, which can only be followed."""

    updated_after = UpdatedAfter("units")


class SourceFilterSet(FilterSet):
    """Sources by kind."""

    kind = ChoiceFilter(choices=Source.Kind.choices)
    updated_after = UpdatedAfter("sources")


class FiguresUpdatedAfter(UpdatedAfter):
    """Figures with a revision that came after a point in time; before the log begins, by their own time."""

    def touched(self, rows: QuerySet[Observation], point: Point) -> QuerySet[Observation]:  # type: ignore[override]
        """Those revised since, all revisions from the first number on that was free then."""
        wanted = Q(published_at__gt=point.moment) if point.is_before_the_log else Q(pk__in=())
        if numbers := point.changes(self.name).keys:
            revisions = ObservationRevision.objects.filter(
                series=OuterRef("series_id"), period_start=OuterRef("period_start"), pk__gte=min(numbers)
            )
            wanted |= Q(Exists(revisions))
        return rows.filter(wanted)

    def gone(self, rows: QuerySet[Any, Any], point: Point) -> dict[str, list[str]]:
        """What was deleted: figures never are, but by hand."""
        return {"deleted": sorted(point.changes(self.name).ids)}


class ObservationFilterSet(FilterSet):
    """Published figures by series, period and moment of publication."""

    indicator = indicator_filter("series__indicator")
    territory = territory_filter("series__territory")
    breakdown = BreakdownFilter("series__breakdown")
    source = CodeFilter("series__source", queryset=Source.objects.all(), endpoint="/api/v1/sources/")
    frequency = ChoiceFilter("series__frequency", choices=FREQUENCIES)
    status = ChoiceFilter(choices=Status.choices)
    period_from = period_from()
    period_to = period_to()
    updated_after = FiguresUpdatedAfter("observations", not_with=("status",))


class RevisionFilterSet(FilterSet):
    """Changes by series, period and moment."""

    indicator = indicator_filter("series__indicator")
    territory = territory_filter("series__territory")
    breakdown = BreakdownFilter("series__breakdown")
    source = CodeFilter("series__source", queryset=Source.objects.all(), endpoint="/api/v1/sources/")
    period_from = period_from()
    period_to = period_to()
    recorded_after = django_filters.IsoDateTimeFilter(
        "recorded_at", lookup_expr="gt",
        help_text=_("A moment such as 2025-12-31T00:00:00Z; write + as %2B. Only changes after it."),
    )  # fmt: skip


def form_filter(field_name: str = "form") -> CodeFilter:
    """Rows of the named reporting forms."""
    return CodeFilter(field_name, queryset=ReportingForm.objects.all(), endpoint="/api/v1/reporting-forms/")


class ReportFilterSet(FilterSet):
    """Reports by form, territory, period and state."""

    form = form_filter()
    territory = territory_filter()
    state = ChoiceFilter(choices=Report.State.choices)
    period_from = period_from()
    period_to = period_to()


class EntryFilterSet(FilterSet):
    """Entries by their report and line."""

    form = form_filter("report__form")
    territory = territory_filter("report__territory")
    state = ChoiceFilter("report__state", choices=Report.State.choices)
    indicator = indicator_filter()
    breakdown = BreakdownFilter()
    period_from = period_from("report__period_start")
    period_to = period_to("report__period_start")
    changed_after = django_filters.IsoDateTimeFilter(
        "changed_at", lookup_expr="gt",
        help_text=_("A moment such as 2025-12-31T00:00:00Z; write + as %2B. Only entries saved later."),
    )  # fmt: skip
