"""The API's own description, and an answer for every address that is none. Included last."""

from django.urls import path, re_path, reverse_lazy
from django.views.generic import RedirectView, TemplateView

from common.rest.schema import SchemaView
from common.rest.views import problems, unknown_address

urlpatterns = [
    path(
        "",
        RedirectView.as_view(url=reverse_lazy("api-docs"), http_method_names=["get", "head", "options"]),
        name="api-root",
    ),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("problems/", problems, name="api-problems"),
    path("docs/", TemplateView.as_view(template_name="api/docs.html"), name="api-docs"),
    re_path(r"^(?P<path>(?s:.*)/)$", unknown_address),
]
