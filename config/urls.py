"""Addresses: pages under their language, the API and the machine's endpoints without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config.health import healthz, readyz
from config.views import choose_language, front_door
from portal.views.home import home

urlpatterns = [
    path("", front_door),
    path("healthz", healthz),
    path("readyz", readyz),
    path("language/<slug:code>/", choose_language, name="choose-language"),
    path("api/v1/", include("config.api_urls")),
    *i18n_patterns(
        path("", home, name="home"),
        path("accounts/", include("allauth.account.urls")),
        path("", include("accounts.urls")),
        path("admin/", admin.site.urls),
        path("", include("programmes.urls")),
        path("", include("indicators.urls")),
        path("", include("papers.urls")),
        path("", include("portal.urls")),
    ),
]
