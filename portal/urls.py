"""The readers' addresses, under the reader's language."""

from django.urls import path

from portal.views import indicators, search, style

app_name = "portal"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("indicators/", indicators.indicator_list, name="indicator-list"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator-detail"),
    path("style/", style.style, name="style"),
]
