"""The readers' addresses, under the reader's language."""

from django.urls import path

from portal.views import comparison, profiles, territories

app_name = "portal"

urlpatterns = [
    path("territories/", territories.territory_list, name="territory-list"),
    path("territories/<slug:code>/", profiles.territory_detail, name="territory-detail"),
    path("compare/", comparison.comparison, name="comparison"),
]
