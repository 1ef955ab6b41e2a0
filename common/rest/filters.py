"""Filters that pages and the API share, and the backend that never ignores a value it does not understand."""

from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.views import APIView

from common.rest.problems import Problem, flaws_of

M = TypeVar("M", bound=Model)


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one list: the same for its page, its endpoint and its exports.

    A page shows all of them. An endpoint needs those alone that are `named` in the data: the others would let
    everything through.
    """

    base_filters: dict[str, django_filters.Filter]

    def __init__(self, data: QueryDict | None = None, *args: Any, named: bool = False, **kwargs: Any) -> None:
        if named:
            self.base_filters = {
                name: each for name, each in self.base_filters.items() if name in (data or ())
            }
        super().__init__(data, *args, **kwargs)
        if named:
            for each in self.filters.values():
                if isinstance(each, CodeFilter):
                    each.ask_for_codes_alone()


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    """Applies the view's filters; `Problem` with each bad value and its cure."""

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[M], view: APIView) -> dict[str, Any]:
        """Also that only what the request names is wanted."""
        return {**super().get_filterset_kwargs(request, queryset, view), "named": True}

    def filter_queryset(self, request: Request, queryset: QuerySet[M], view: APIView) -> QuerySet[M]:
        """The rows that the filters let through."""
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise Problem(*flaws_of(filterset.form))
        filtered: QuerySet[M] = filterset.qs
        return filtered


def describe(each: django_filters.Filter, **schema: Any) -> None:
    """States in OpenAPI what the filter takes; its help text is the description."""
    extend_schema_field({**schema, "description": each.extra["help_text"]})(each)


class CodeFilter(django_filters.ModelMultipleChoiceFilter):  # type: ignore[misc]
    """Rows that refer to one of the things named by their public codes; may be repeated.

    `endpoint` is the list in which the codes are found. Ids are looked up first: the rows themselves
    are then found by an index.
    """

    queryset: QuerySet[Any]

    def __init__(self, *args: Any, endpoint: str, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "code")
        kwargs.setdefault("help_text", format_lazy(_("A code from {list}; may be repeated."), list=endpoint))
        super().__init__(*args, distinct=False, **kwargs)
        describe(self, type="string")

    def ask_for_codes_alone(self) -> None:
        """All else of what can be chosen is for pages, whose forms show its names."""
        code = self.extra["to_field_name"]
        if any(field.name == code for field in self.queryset.model._meta.fields):
            self.queryset = self.queryset.only(code)

    def filter(self, qs: QuerySet[M], value: QuerySet[Any]) -> QuerySet[M]:
        """Those that refer to any of the values; one that refers to several of them is there once."""
        if not value:
            return qs
        wanted = {f"{self.field_name}__in": list(value)}
        if qs.model._meta.get_field(self.field_name.partition("__")[0]).many_to_many:
            return qs.filter(pk__in=qs.model._base_manager.filter(**wanted).values("pk"))
        return qs.filter(**wanted)


class ChoiceFilter(django_filters.MultipleChoiceFilter):  # type: ignore[misc]
    """Rows with one of the listed words; may be repeated."""

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        words = ", ".join(str(word) for word, _label in choices)
        help_text = format_lazy(_("One of: {words}; may be repeated."), words=words)
        super().__init__(*args, choices=choices, distinct=False, help_text=help_text, **kwargs)


class DateField(forms.DateField):
    """A day in ISO 8601, whatever the language of the request."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs, input_formats=["%Y-%m-%d"])


class DateFilter(django_filters.DateFilter):  # type: ignore[misc]
    """Rows by a day."""

    field_class = DateField
