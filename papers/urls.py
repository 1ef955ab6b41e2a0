"""The addresses of papers, under the reader's language."""

from django.urls import URLPattern

app_name = "papers"

urlpatterns: list[URLPattern] = []
