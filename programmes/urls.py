"""The public pages' addresses, under the reader's language."""

from django.urls import path, register_converter

from programmes.converters import DayConverter
from programmes.views import (
    evidence,
    funding,
    indicators,
    measures,
    methods,
    monotowns,
    plans,
    programmes,
    promises,
    quality,
    recomputations,
    revisions,
    rules_in_numbers,
    rural,
    strategies,
    tables,
)

app_name = "programmes"
register_converter(DayConverter, "day")

urlpatterns = [
    path("programmes/", promises.programme_list, name="programme-list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme-detail"),
    path("programmes/<slug:code>/progress/", tables.programme_progress, name="programme-progress"),
    path("programmes/<slug:code>/goals/<str:goal>/", programmes.goal_detail, name="goal-detail"),
    path("programmes/<slug:code>/kpis/", programmes.kpi_list, name="kpi-list"),
    path("programmes/<slug:code>/kpis/<str:kpi>/", promises.kpi_detail, name="kpi-detail"),
    path("programmes/<slug:code>/kpis/<str:kpi>/revisions/", revisions.kpi_revisions, name="kpi-revisions"),
    path("programmes/<slug:code>/kpis/<str:kpi>/chart.svg", promises.kpi_chart, name="kpi-chart"),
    path("indicators/<slug:code>/kpis/", indicators.indicator_kpis, name="indicator-kpis"),
    path("discrepancies/", evidence.discrepancy_list, name="discrepancy-list"),
    path(
        "discrepancies/<slug:programme>/<str:code>/", evidence.discrepancy_detail, name="discrepancy-detail"
    ),
    path("provenance/", evidence.provenance_list, name="provenance-list"),
    path("quality/", quality.quality_list, name="quality-list"),
    path("quality/<int:pk>/", quality.quality_acknowledge, name="quality-acknowledge"),
    path("inquiries/", evidence.inquiry_list, name="inquiry-list"),
    path("inquiries/<slug:code>/", evidence.inquiry_detail, name="inquiry-detail"),
    path("measures/", measures.measure_overview, name="measure-overview"),
    path("programmes/<slug:code>/measures/", measures.measure_list, name="measure-list"),
    path("programmes/<slug:code>/measures/<str:measure>/", measures.measure_detail, name="measure-detail"),
    path("funding/", funding.funding_overview, name="funding-overview"),
    path("programmes/<slug:code>/funding/", funding.funding_detail, name="funding-detail"),
    path("programmes/<slug:code>/rules/", plans.rule_list, name="rule-list"),
    path("programmes/<slug:code>/on/", plans.programme_day, name="programme-day"),
    path("programmes/<slug:code>/on/<day:day>/", plans.programme_on_day, name="programme-on-day"),
    path("recomputations/", recomputations.recomputation_list, name="recomputation-list"),
    path("recomputations/start/", recomputations.recomputation_start, name="recomputation-start"),
    path("recomputations/try-again/", recomputations.recomputation_try_again, name="recomputation-try-again"),
    path("recomputations/<int:pk>/", recomputations.recomputation_progress, name="recomputation-progress"),
    path("recomputations/<int:pk>/cancel/", recomputations.recomputation_cancel, name="recomputation-cancel"),
    path("methods/", methods.method_list, name="method-list"),
    path("methods/monotowns/", monotowns.monotown_method, name="monotown-method"),
    path("methods/monotowns/<slug:territory>/", monotowns.monotown_town, name="monotown-town"),
    path("methods/city-strategies/", strategies.city_strategy_method, name="city-strategy-method"),
    path(
        "methods/city-strategies/<slug:programme>/",
        strategies.city_strategy_checklist,
        name="city-strategy-checklist",
    ),
    path("methods/rural-settlements/", rural.rural_method, name="rural-method"),
    path("methods/programme-rules/", rules_in_numbers.programme_rules, name="programme-rules"),
    path("methods/employment-map-2023/", methods.employment_map_2023, name="employment-map"),
]
