"""Filters of programmes, promises and progress, for pages and API alike."""

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from cities.models import TerritoryGroup
from cities.querysets import in_force
from common.rest.filters import ChoiceFilter, CodeFilter, DateFilter, FilterSet, describe
from common.rest.following import Point, UpdatedAfter
from indicators.filters import indicator_filter, period_from, period_to, territory_filter
from indicators.periods import FIRST_YEAR, LAST_YEAR
from programmes.labels import COURSES, STANDINGS, VERDICTS
from programmes.models import Goal, Kpi, Programme, Target


def programme_filter(field_name: str = "programme") -> CodeFilter:
    """Rows of the named programmes."""
    return CodeFilter(field_name, queryset=Programme.objects.all(), endpoint="/api/v1/programmes/")


def group_filter() -> CodeFilter:
    """Rows that hold for each territory of the named groups."""
    return CodeFilter(
        "group", queryset=TerritoryGroup.objects.all(), endpoint="",
        help_text=_("The code of a group of territories; may be repeated."),
    )  # fmt: skip


def kpi_filter(field_name: str = "kpi") -> CodeFilter:
    """Rows of the KPIs named by their ids, such as `almaty-2025:KPI-7`."""
    kpis = Kpi.objects.annotate(public_id=Concat(F("programme__code"), Value(":"), F("code")))
    return CodeFilter(
        field_name, queryset=kpis, to_field_name="public_id", endpoint="",
        help_text=_("An id from /api/v1/kpis/, such as almaty-2025:KPI-7; may be repeated."),
    )  # fmt: skip


class YearFilter(django_filters.Filter):  # type: ignore[misc]
    """Rows by calendar year."""

    field_class = forms.IntegerField

    def __init__(self, lookup_expr: str, **kwargs: Any) -> None:
        super().__init__("year", lookup_expr, min_value=FIRST_YEAR, max_value=LAST_YEAR, **kwargs)
        describe(self, type="integer", minimum=FIRST_YEAR, maximum=LAST_YEAR)


class ProgrammeFilterSet(FilterSet):
    """Programmes by the territory or group that they are for."""

    territory = territory_filter()
    group = group_filter()
    updated_after = UpdatedAfter("programmes")


class GoalFilterSet(FilterSet):
    """Goals by programme and kind."""

    programme = programme_filter()
    kind = ChoiceFilter(choices=Goal.Kind.choices)
    updated_after = UpdatedAfter("goals")


class KpiFilterSet(FilterSet):
    """KPIs by programme, indicator and the territory or group that they are for."""

    programme = programme_filter()
    indicator = indicator_filter()
    territory = territory_filter()
    group = group_filter()
    updated_after = UpdatedAfter("kpis")


class TargetFilterSet(FilterSet):
    """Targets by KPI, period and the day on which they are in force."""

    programme = programme_filter("kpi__programme")
    kpi = kpi_filter()
    period_from = period_from()
    period_to = period_to()
    in_force_on = DateFilter(
        method="filter_in_force", help_text=_("Those in force on the day, such as 2025-12-31.")
    )
    updated_after = UpdatedAfter("targets")

    def filter_in_force(self, queryset: QuerySet[Target], name: str, value: dt.date) -> QuerySet[Target]:
        """Those in force on the day."""
        return queryset.filter(in_force(value))


class ResultsUpdatedAfter(UpdatedAfter):
    """Results of the KPIs that were recomputed after a point in time: all of their rows take the place of all
    that were there."""

    def touched(self, rows: QuerySet[Any], point: Point) -> QuerySet[Any]:
        """All rows of those KPIs."""
        return rows if point.is_before_the_log else rows.filter(kpi__in=point.changes(self.name).keys)

    def gone(self, rows: QuerySet[Any, Any], point: Point) -> dict[str, list[str]]:
        """The KPIs, deleted ones too."""
        changes = point.changes(self.name)
        known = Kpi.objects.filter(pk__in=changes.keys)
        ids = {f"{programme}:{code}" for programme, code in known.values_list("programme__code", "code")}
        return {"replaced": sorted(ids | set(changes.ids))}


class ProgressFilterSet(FilterSet):
    """Computed progress by KPI, territory, year and judgement."""

    programme = programme_filter("kpi__programme")
    kpi = kpi_filter()
    territory = territory_filter()
    year_from = YearFilter("gte", help_text=_("The first year."))
    year_to = YearFilter("lte", help_text=_("The last year."))
    verdict = ChoiceFilter(choices=VERDICTS)
    course = ChoiceFilter(choices=COURSES)
    updated_after = ResultsUpdatedAfter("progress")


class StandingFilterSet(FilterSet):
    """Standings by KPI, territory and word."""

    programme = programme_filter("kpi__programme")
    kpi = kpi_filter()
    territory = territory_filter()
    standing = ChoiceFilter(choices=STANDINGS)
    updated_after = ResultsUpdatedAfter("standings")
