"""The readers' addresses, under the reader's language."""

from django.urls import path

from portal.views import style

app_name = "portal"

urlpatterns = [
    path("style/", style.style, name="style"),
]
