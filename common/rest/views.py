"""The common form of every endpoint that shows published data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from common.names import LANGUAGES
from common.rest.fields import Texts
from common.rest.filters import StrictFilterBackend
from common.rest.following import FollowedPagination
from common.rest.pagination import KeysetPagination, PageForm
from common.rest.problems import Flaw, Problem, UnknownAddress, check_parameters, flaws_of, problem_response
from common.rest.rendering import CsvRenderer, OrjsonRenderer
from common.rest.schema import PublishedSchema

M = TypeVar("M", bound=Model)


class CommonForm(forms.Form):
    """What every address understands."""

    lang = forms.ChoiceField(
        choices=[(code, code) for code in LANGUAGES], required=False,
        help_text=gettext_lazy("Language of names and messages: kk, ru or en; else that of Accept-Language."),
    )  # fmt: skip
    format = forms.ChoiceField(
        choices=[("json", "json"), ("csv", "csv")], required=False,
        help_text=gettext_lazy("Format of the answer: json or csv; else that of the Accept header."),
    )  # fmt: skip


class PublishedViewSet(ReadOnlyModelViewSet[M]):
    """Published data: the same for everybody, so that neither a session nor a key is looked at."""

    is_published: ClassVar = True
    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = (AllowAny,)
    renderer_classes = (OrjsonRenderer, CsvRenderer)
    filter_backends = (StrictFilterBackend,)
    pagination_class: type[KeysetPagination] | None = FollowedPagination
    schema = PublishedSchema()
    form_class = CommonForm
    filterset_class: ClassVar[type[django_filters.FilterSet]] = django_filters.FilterSet
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    keyset: ClassVar[Sequence[str]] = ("code",)
    id_format: ClassVar[str] = "The public code."

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses parameters that would be ignored, and takes up the language that is asked for."""
        form = self.form_class(request.query_params)
        if not form.is_valid():
            raise Problem(*flaws_of(form))
        if language := form.cleaned_data["lang"]:
            translation.activate(language)
        allowed, repeatable = set(form.fields), set()
        if self.action == "list":
            filters = self.filterset_class.base_filters
            allowed |= {*filters, *(PageForm.base_fields if self.pagination_class is not None else ())}
            multiple = django_filters.MultipleChoiceFilter
            repeatable = {name for name, each in filters.items() if isinstance(each, multiple)}
        check_parameters(request.query_params, allowed, repeatable)
        super().initial(request, *args, **kwargs)

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of rows."""
        page = self.paginate_queryset(self.rows(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(self.write(page or []))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row by its public code or id."""
        text = kwargs[self.lookup_url_kwarg or self.lookup_field]
        try:
            row = get_object_or_404(self.rows(self.get_queryset()), **self.key_of(text))
        except (Http404, ValueError) as error:
            name = self.lookup_url_kwarg or self.lookup_field
            cure = _("The list is at %(path)s.") % {"path": request.path.removesuffix(f"{text}/")}
            detail = _("Nothing has this code.")
            raise UnknownAddress(Flaw("unknown_code", name, text, detail, cure)) from error
        return Response(self.write([row])[0])

    def key_of(self, text: str) -> Mapping[str, object]:
        """What an id in an address looks up; `ValueError` where it cannot be one."""
        return {self.lookup_field: text}

    def rows(self, queryset: QuerySet[M]) -> QuerySet[M, Any]:
        """The rows as they are to be fetched."""
        return queryset

    def write(self, rows: Iterable[Any]) -> Sequence[Mapping[str, Any]]:
        """The rows as they are answered."""
        serializer: Any = self.get_serializer(rows, many=True)
        data: Sequence[Mapping[str, Any]] = serializer.data
        return data

    def columns_of_csv(self) -> Sequence[str]:
        """The heading of the CSV: a text in three languages takes three columns."""
        fields = self.get_serializer().fields  # type: ignore[attr-defined]
        return [
            column
            for name, field in fields.items()
            for column in ([f"{name}_{code}" for code in LANGUAGES] if isinstance(field, Texts) else [name])
        ]


class FactViewSet(PublishedViewSet[M]):
    """Facts, of which there are many: written from the database's columns; the serializer describes them.

    `columns` maps each stored name of the answer to where it lies; `finish` adds what is composed of them.
    """

    lookup_url_kwarg = "id"
    columns: ClassVar[Mapping[str, str]]

    def rows(self, queryset: QuerySet[M]) -> QuerySet[M, Any]:
        """Dictionaries of the columns and of the key that pages go by."""
        return queryset.values(*{*self.columns.values(), *self.keyset})

    def write(self, rows: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Dictionaries of the answer."""
        return [self.finish({name: row[path] for name, path in self.columns.items()}) for row in rows]

    def finish(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row with what is composed of its columns."""
        return row


@csrf_exempt
def unknown_address(request: HttpRequest, path: str) -> HttpResponse:
    """A problem for an address below the API's that leads nowhere."""
    cure = _("The addresses are listed at %(path)s.") % {"path": request.path.removesuffix(path) + "docs/"}
    flaw = Flaw("unknown_path", "path", path, _("There is nothing at this address."), cure)
    return UnknownAddress(flaw).response()
