"""The public pages' addresses, under the reader's language."""

from django.urls import path, register_converter

from programmes.converters import DayConverter
from programmes.views import (
    evidence,
    funding,
    indicators,
    inquiries,
    inquiry_work,
    kpi_parts,
    kpis,
    measures,
    methods,
    monotowns,
    plans,
    programmes,
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
    path("programmes/", programmes.programme_list, name="programme-list"),
    path("programmes/<slug:code>/", programmes.programme_detail, name="programme-detail"),
    path("programmes/<slug:code>/progress/", tables.programme_progress, name="programme-progress"),
    path("programmes/<slug:code>/goals/<str:goal>/", programmes.goal_detail, name="goal-detail"),
    path("programmes/<slug:code>/kpis/", programmes.kpi_list, name="kpi-list"),
    path("programmes/<slug:code>/kpis/<str:kpi>/", kpis.kpi_detail, name="kpi-detail"),
    path("programmes/<slug:code>/kpis/<str:kpi>/revisions/", revisions.kpi_revisions, name="kpi-revisions"),
    path(
        "programmes/<slug:code>/kpis/<str:kpi>/chart.svg",
        kpis.kpi_chart_file,
        {"kind": "svg"},
        name="kpi-chart",
    ),
    path(
        "programmes/<slug:code>/kpis/<str:kpi>/chart.png",
        kpis.kpi_chart_file,
        {"kind": "png"},
        name="kpi-chart-png",
    ),
    path("programmes/<slug:code>/kpis/<str:kpi>/embed/", kpis.kpi_embed, name="kpi-embed"),
    path("programmes/<slug:code>/kpis/<str:kpi>/places/", kpi_parts.kpi_places, name="kpi-places"),
    path(
        "programmes/<slug:code>/kpis/<str:kpi>/breakdowns/", kpi_parts.kpi_breakdowns, name="kpi-breakdowns"
    ),
    path("indicators/<slug:code>/kpis/", indicators.indicator_kpis, name="indicator-kpis"),
    path("discrepancies/", evidence.discrepancy_list, name="discrepancy-list"),
    path(
        "discrepancies/<slug:programme>/<str:code>/", evidence.discrepancy_detail, name="discrepancy-detail"
    ),
    path("provenance/", evidence.provenance_list, name="provenance-list"),
    path("quality/", quality.quality_list, name="quality-list"),
    path("quality/<int:pk>/", quality.quality_acknowledge, name="quality-acknowledge"),
    path("inquiries/", inquiries.inquiry_list, name="inquiry-list"),
    path("inquiries/new/", inquiry_work.inquiry_register, name="inquiry-register"),
    path("inquiries/<slug:code>/", inquiries.inquiry_detail, name="inquiry-detail"),
    path("inquiries/<slug:code>/figures/", inquiry_work.inquiry_figures, name="inquiry-figures"),
    path("inquiries/<slug:code>/assign/", inquiry_work.inquiry_assign, name="inquiry-assign"),
    path("inquiries/<slug:code>/answer/", inquiry_work.inquiry_answer, name="inquiry-answer"),
    path("inquiries/<slug:code>/decide/", inquiry_work.inquiry_decide, name="inquiry-decide"),
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
