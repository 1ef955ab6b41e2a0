"""The common form of every endpoint that shows published data."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from common.databases.planning import planned_briefly
from common.exporting.columns import Table
from common.names import LANGUAGES
from common.rest.catalogue import CATALOGUE, PROBLEMS
from common.rest.choosing import EXPAND, FIELDS, ORDERING, choice_of
from common.rest.columns import Columns, columns_of
from common.rest.fields import Texts
from common.rest.filters import FilterSet, StrictFilterBackend
from common.rest.following import FollowedPagination
from common.rest.pagination import KeysetPagination, PageForm
from common.rest.problems import Flaw, Problem, UnknownAddress, check_parameters, flaws_of, problem_response
from common.rest.rendering import OrjsonRenderer
from common.rest.schema import PublishedSchema
from common.rest.whole import WholeCsv, WholeXlsx, formats_of, unsuitable, whole_list

M = TypeVar("M", bound=Model)


class CommonForm(forms.Form):
    """What every address understands."""

    lang = forms.ChoiceField(
        choices=[(code, code) for code in LANGUAGES], required=False,
        help_text=gettext_lazy("Language of names and messages: kk, ru or en; else that of Accept-Language."),
    )  # fmt: skip
    format = forms.ChoiceField(
        required=False, help_text=gettext_lazy("Format of the answer; else that of the Accept header.")
    )  # fmt: skip

    def offer(self, formats: Sequence[str]) -> None:
        """Takes these formats, and says so to whoever asks for another."""
        field = self.fields["format"]
        field.choices = [(name, name) for name in formats]  # type: ignore[attr-defined]
        field.help_text = _("Formats of this address: %(names)s.") % {"names": ", ".join(formats)}


class PublishedViewSet(ReadOnlyModelViewSet[M]):
    """Published data: the same for everybody, so that neither a session nor a key is looked at."""

    is_published: ClassVar = True
    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = (AllowAny,)
    renderer_classes: Sequence[type[BaseRenderer]] = (OrjsonRenderer, WholeCsv, WholeXlsx)
    filter_backends = (StrictFilterBackend,)
    pagination_class: type[KeysetPagination] | None = FollowedPagination
    schema = PublishedSchema()
    form_class = CommonForm
    filterset_class: ClassVar[type[FilterSet]] = FilterSet
    lookup_field = "code"
    lookup_value_regex = "[^/]+"
    keyset: ClassVar[Sequence[str]] = ("code",)
    id_format: ClassVar[str] = "The public code."
    table: ClassVar[Table | None] = None
    """The same columns as the CSV, written by PostgreSQL: for lists of very many rows."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses parameters that would be ignored, and takes up the language that is asked for."""
        form = self.form_class(request.query_params)
        form.offer(formats_of(self))
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

    def shown_table(self) -> Table | None:
        """The table as this request wants it; None where PostgreSQL cannot write it."""
        return self.table

    def words(self) -> Mapping[str, Collection[str]]:
        """Parameters that take some of a list of words, joined by commas."""
        return {}

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details."""
        return problem_response

    def get_renderers(self) -> list[Any]:
        """Those that suit: some write lists alone."""
        is_list = self.action in {"list", None}
        return [each for each in super().get_renderers() if is_list or not getattr(each, "lists_only", False)]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The renderer; a `Problem` that names the media types of this address, where none suits."""
        try:
            return super().perform_content_negotiation(request, force)
        except exceptions.NotAcceptable as error:
            raise unsuitable(self, request.headers.get("Accept", "")) from error

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Nothing but the header `Allow`."""
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """A page of rows, or the whole list as a stream."""
        if (whole := whole_list(self, request)) is not None:
            return whole
        page = self.paginate_queryset(self.rows(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(self.write(page or []))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row by its public code or id."""
        text = kwargs[self.lookup_url_kwarg or self.lookup_field]
        try:
            with planned_briefly():
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
            self.keyset = (*self.choice.ordering, *self.tie_break(type(self).keyset))  # type: ignore[misc]

    def tie_break(self, names: Sequence[str]) -> list[str]:
        """The order of rows that are alike in what they are ordered by: it runs the same way, so that one
        index serves both directions."""
        ordering = self.choice.ordering
        sign = "-" if ordering and ordering[-1].startswith("-") else ""
        return [f"{sign}{name}" for name in names]

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
        """Dictionaries of the columns and the key that pages go by; the same statement in all processes."""
        key = [name.lstrip("-") for name in self.keyset]
        return queryset.values(*dict.fromkeys([*self.choice.columns.paths, *key]))

    def shown_table(self) -> Table | None:
        """The chosen columns in the chosen order."""
        if self.table is None or self.choice.expanded:
            return None
        chosen = {name: self.table.columns[name] for name in self.columns_of_csv()}
        order = (*self.choice.ordering, *self.tie_break(self.table.order))
        return replace(self.table, columns=chosen, order=order)

    def shown_fields(self) -> Mapping[str, Any]:
        """Those that were chosen."""
        return self.choice.columns.fields

    def write(self, rows: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Dictionaries of the answer."""
        columns = self.choice.columns
        answers = columns.write(rows)
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
        return {row[cls.lookup_url_kwarg or cls.lookup_field]: row for row in columns.write(rows)}

    @classmethod
    def any_of(cls, codes: Collection[str]) -> Q:
        """Those of any of the codes."""
        return Q(**{f"{cls.lookup_field}__in": codes})


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """The catalogue of problems and flaws, in English as the API's description is."""
    return render(request, "api/problems.html", {"problems": PROBLEMS, "flaws": CATALOGUE})


@csrf_exempt
def unknown_address(request: HttpRequest, path: str) -> HttpResponse:
    """A problem for an address below the API's that leads nowhere."""
    cure = _("The addresses are listed at %(path)s.") % {"path": request.path.removesuffix(path) + "docs/"}
    flaw = Flaw("unknown_path", "path", path, _("There is nothing at this address."), cure)
    return UnknownAddress(flaw).response()
