"""The readers' addresses, under the reader's language."""

from django.urls import URLPattern, path

from portal.views import deputy

app_name = "portal"

urlpatterns: list[URLPattern] = [
    path("deputy/", deputy.deputy_briefing, name="deputy"),
]
