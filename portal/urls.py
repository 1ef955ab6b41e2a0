"""The readers' addresses, under the reader's language."""

from django.urls import path

from portal.views import comparison, deputy, indicators, profiles, search, style, territories

app_name = "portal"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("indicators/", indicators.indicator_list, name="indicator-list"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator-detail"),
    path("territories/", territories.territory_list, name="territory-list"),
    path("territories/<slug:code>/", profiles.territory_detail, name="territory-detail"),
    path("compare/", comparison.comparison, name="comparison"),
    path("deputy/", deputy.deputy_briefing, name="deputy"),
    path("style/", style.style, name="style"),
]
