"""The common form of every endpoint that shows published data."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
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
from common.rest.choosing import EXPAND, FIELDS, ORDERING, choice_of
from common.rest.columns import Columns, columns_of
from common.rest.fields import Texts
from common.rest.filters import StrictFilterBackend
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
    pagination_class: type[KeysetPagination] | None = KeysetPagination
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
        allowed, repeatable = {*form.fields, *self.words()}, set()
        if self.action == "list":
            filters = self.filterset_class.base_filters
            allowed |= {*filters, *(PageForm.base_fields if self.pagination_class is not None else ())}
            multiple = django_filters.MultipleChoiceFilter
            repeatable = {name for name, each in filters.items() if isinstance(each, multiple)}
        check_parameters(request.query_params, allowed, repeatable)
        super().initial(request, *args, **kwargs)

    def words(self) -> Mapping[str, Collection[str]]:
        """Parameters that take some of a list of words, joined by commas."""
        return {}

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

    def shown_fields(self) -> Mapping[str, Any]:
        """The fields of the answer."""
        fields: Mapping[str, Any] = self.get_serializer().fields  # type: ignore[attr-defined]
        return fields

    def columns_of_csv(self) -> Sequence[str]:
        """The heading of the CSV: a text in three languages takes three columns."""
        fields = self.shown_fields()
        return [
            column
            for name, field in fields.items()
            for column in ([f"{name}_{code}" for code in LANGUAGES] if isinstance(field, Texts) else [name])
        ]


class ColumnViewSet(PublishedViewSet[M]):
    """Lists written from the database's columns, as the serializer's fields say (common/rest/columns.py).

    A client may choose the fields, have references written out, and choose the order among `orderings`:
    columns that are never empty.
    """

    orderings: ClassVar[Mapping[str, str]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Takes up the fields, references and order that are asked for."""
        super().initial(request, *args, **kwargs)
        if self.action in {"list", "retrieve"}:
            self.choice = choice_of(request.query_params, self.every_column(), self.orderings)
            self.keyset = (*self.choice.ordering, *type(self).keyset)  # type: ignore[misc]

    @classmethod
    def every_column(cls) -> Columns:
        """What the serializer's fields are read from."""
        serializer: Any = cls.serializer_class
        return columns_of(serializer)

    def words(self) -> Mapping[str, Collection[str]]:
        """What can be chosen, by parameter."""
        if self.action not in {"list", "retrieve"}:
            return {}
        columns = self.every_column()
        found: dict[str, Collection[str]] = {FIELDS: columns.fields, EXPAND: columns.expandable}
        if self.action == "list":
            found[ORDERING] = [f"{sign}{word}" for word in self.orderings for sign in ("", "-")]
        return {name: words for name, words in found.items() if words}

    def rows(self, queryset: QuerySet[M]) -> QuerySet[M, Any]:
        """Dictionaries of the columns and of the key that pages go by."""
        return queryset.values(*{*self.choice.columns.paths, *(name.lstrip("-") for name in self.keyset)})

    def shown_fields(self) -> Mapping[str, Any]:
        """Those that were chosen."""
        return self.choice.columns.fields

    def write(self, rows: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Dictionaries of the answer."""
        columns = self.choice.columns
        answers = list(map(columns.write, rows))
        for name in self.choice.expanded:
            codes = {code for answer in answers if (code := answer[name]) is not None}
            found = columns.expandable[name].by_code(codes)
            for answer in answers:
                answer[name] = found.get(answer[name])
        return answers

    @classmethod
    def by_code(cls, codes: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """The answers of those codes or ids; one query."""
        columns = cls.every_column()
        rows = cls.queryset.filter(cls.any_of(codes)).values(*columns.paths)  # type: ignore[union-attr]
        return {row[cls.lookup_url_kwarg or cls.lookup_field]: row for row in map(columns.write, rows)}

    @classmethod
    def any_of(cls, codes: Collection[str]) -> Q:
        """Those of any of the codes."""
        return Q(**{f"{cls.lookup_field}__in": codes})


@csrf_exempt
def unknown_address(request: HttpRequest, path: str) -> HttpResponse:
    """A problem for an address below the API's that leads nowhere."""
    cure = _("The addresses are listed at %(path)s.") % {"path": request.path.removesuffix(path) + "docs/"}
    flaw = Flaw("unknown_path", "path", path, _("There is nothing at this address."), cure)
    return UnknownAddress(flaw).response()
