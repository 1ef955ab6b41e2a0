"""How the API describes itself: OpenAPI 3.1, in English whatever the reader's language."""

from typing import Any

from django import forms
from django.utils import translation
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from common.rest.choosing import EXPAND, FIELDS, ORDERING
from common.rest.problems import MEDIA_TYPE, ProblemSerializer
from common.rest.whole import formats_of

WRITTEN = {"xlsx": OpenApiTypes.BINARY, "geojson": OpenApiTypes.OBJECT}

CHOICES = {
    FIELDS: "The fields to answer with, joined by commas; all if left out:",
    EXPAND: "References to write out in place of their codes, joined by commas:",
    ORDERING: "The order of the rows, joined by commas:",
}


class PublishedSchema(AutoSchema):
    """Describes a `PublishedViewSet`."""

    @property
    def described(self) -> Any:
        """The `PublishedViewSet` at hand."""
        return self.view

    def get_summary(self) -> str:
        """`List territories`, `Get territory by code`."""
        meta = self.described.queryset.model._meta
        return f"List {meta.verbose_name_plural}" if self._is_list() else f"Get {meta.verbose_name} by code"

    def get_description(self) -> str:  # type: ignore[override]
        """What the view says of itself."""
        return get_doc(type(self.described))

    def get_override_parameters(self) -> list[Any]:
        """Parameters of every address, and the id in the path of a detail."""
        form = self.described.form_class()
        form.offer(formats_of(self.described))
        parameters = [
            OpenApiParameter(
                name,
                OpenApiTypes.DATE if isinstance(field, forms.DateField) else OpenApiTypes.STR,
                enum=[word for word, _ in getattr(field, "choices", ())] or None,
                description=str(field.help_text),
            )
            for name, field in form.fields.items()
        ]
        parameters += [
            OpenApiParameter(name, OpenApiTypes.STR, description=f"{CHOICES[name]} {', '.join(words)}.")
            for name, words in self.described.words().items()
        ]
        if not self._is_list():
            name = self.described.lookup_url_kwarg or self.described.lookup_field
            parameters.append(
                OpenApiParameter(
                    name, location=OpenApiParameter.PATH, required=True, description=self.described.id_format
                )
            )
        return parameters

    def get_response_serializers(self) -> Any:
        """Rows as JSON or CSV; what is wrong with a request as problem details."""
        found = "A page of the list." if self._is_list() else "What has the code."
        responses = {
            (200, each.media_type): OpenApiResponse(WRITTEN.get(each.format, OpenApiTypes.STR), found)
            for each in reversed(self.described.get_renderers())
        }
        responses |= {
            (200, "application/json"): OpenApiResponse(self.described.get_serializer(), found),
            (400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Parameters that cannot be used."),
            (406, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "It answers in none of these media types."),
            (429, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "Too many requests in this minute."),
        }
        if not self._is_list():
            responses[404, MEDIA_TYPE] = OpenApiResponse(ProblemSerializer, "Nothing has the code.")
        return responses

    def _is_list(self) -> bool:
        return bool(self.described.action == "list")


class SchemaView(SpectacularAPIView):
    """The OpenAPI document: YAML, or JSON with `?format=json`."""

    is_published = True
    authentication_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The document in English."""
        with translation.override("en"):
            response: Response = self._get_schema_response(request)  # type: ignore[no-untyped-call]
        return response
