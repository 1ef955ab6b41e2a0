"""The readers' addresses, under the reader's language."""

from django.urls import URLPattern

app_name = "portal"

urlpatterns: list[URLPattern] = []
