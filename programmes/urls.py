"""The public pages' addresses, under the reader's language."""

from django.urls import path

from programmes import views

app_name = "programmes"

urlpatterns = [
    path("programmes/", views.programme_list, name="programme-list"),
    path("programmes/<slug:code>/", views.programme_detail, name="programme-detail"),
    path("programmes/<slug:code>/goals/<str:goal>/", views.goal_detail, name="goal-detail"),
    path("programmes/<slug:code>/kpis/<str:kpi>/", views.kpi_detail, name="kpi-detail"),
    path("programmes/<slug:code>/kpis/<str:kpi>/chart.svg", views.kpi_chart, name="kpi-chart"),
]
