"""The API's addresses, gathered from the apps."""

from django.urls import include, path

urlpatterns = [
    path("", include("cities.api_urls")),
    path("", include("indicators.api_urls")),
    path("", include("programmes.api_urls")),
    path("", include("papers.api_urls")),
    path("", include("portal.api_urls")),
    path("", include("common.rest.urls")),
]
