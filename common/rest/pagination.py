"""Pages by key: each begins after the last key of the page before.

Rows that appear or disappear while a client walks through a list neither repeat others nor hide them,
and the thousandth page costs as much as the first.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from common.databases.planning import planned_briefly
from common.rest.problems import Flaw, Problem, flaws_of

M = TypeVar("M", bound=Model)

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000


class PageForm(forms.Form):
    """How much a client asks for at once, and from where on."""

    limit = forms.IntegerField(
        min_value=1, max_value=MAX_LIMIT, required=False,
        help_text=gettext_lazy(
            "Rows on a page: a whole number from 1 to 10000; 100 if left out. all: every row, as CSV or XLSX."
        ),
    )  # fmt: skip
    cursor = forms.CharField(
        required=False,
        help_text=gettext_lazy("The cursor of the page before, exactly as its link to the next page has it."),
    )


class KeysetPagination(BasePagination):
    """Pages over the view's `keyset`: names of columns, never empty, that together are unique; a minus before
    a name turns its order round."""

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[M, Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The rows of the page; `Problem` where the limit or the cursor is of no use."""
        form = PageForm(request.query_params)
        if not form.is_valid():
            raise Problem(*flaws_of(form))
        keyset: Sequence[str] = view.keyset  # type: ignore[union-attr]
        self.signer = signing.Signer(salt=f"cursor:{request.path}:{','.join(keyset)}")
        limit = form.cleaned_data["limit"] or DEFAULT_LIMIT
        if cursor := form.cleaned_data["cursor"]:
            queryset = queryset.filter(_after(keyset, self._read(cursor)))
        with planned_briefly():
            rows = list(queryset.order_by(*keyset)[: limit + 1])
        self.next_link = None
        if len(rows) > limit:
            key = [_column(rows[limit - 1], name) for name in keyset]
            self.next_link = replace_query_param(request.build_absolute_uri(), "cursor", self._write(key))
        return rows[:limit]

    def get_paginated_response(self, data: Any) -> Response:
        """The page, with the address of the next one (in the `Link` header too, for CSV)."""
        headers = {"Link": f'<{self.next_link}>; rel="next"'} if self.next_link else None
        return Response({"next": self.next_link, "results": data}, headers=headers)

    def _write(self, key: Sequence[object]) -> str:
        return self.signer.sign_object([str(part) for part in key])

    def _read(self, cursor: str) -> list[str]:
        try:
            key: list[str] = self.signer.unsign_object(cursor)
        except (signing.BadSignature, json.JSONDecodeError) as error:
            cure = _("Take the address of the next page from the answer before, or start without a cursor.")
            detail = _("This cursor was not issued for this list.")
            raise Problem(Flaw("bad_cursor", "cursor", cursor, detail, cure)) from error
        return key

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page in OpenAPI."""
        link = {
            "type": ["string", "null"], "format": "uri",
            "description": "Address of the next page; null on the last.",
        }  # fmt: skip
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """`limit` and `cursor` in OpenAPI."""
        fields = PageForm.base_fields
        number = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT}
        limit = {"oneOf": [number, {"type": "string", "enum": ["all"]}], "default": DEFAULT_LIMIT}
        return [
            {"name": name, "in": "query", "description": str(fields[name].help_text), "schema": schema}
            for name, schema in (("limit", limit), ("cursor", {"type": "string"}))
        ]


def _after(keyset: Sequence[str], key: Sequence[str]) -> Q:
    """Rows whose key comes after the given one: (a, b) > (x, y). Where all columns run the same way, an index
    over them begins right there; else `a >= x` is said first for the index."""
    directions = {name.startswith("-") for name in keyset}
    if len(keyset) > 1 and len(directions) == 1:
        beyond = TupleLessThan if directions.pop() else TupleGreaterThan
        return Q(beyond(Tuple(*(F(name.lstrip("-")) for name in keyset)), tuple(key)))
    condition = Q()
    for name, value in zip(reversed(keyset), reversed(key), strict=True):
        further = _beyond(name, value)
        condition = further | (Q(**{name.lstrip("-"): value}) & condition) if condition else further
    return _beyond(keyset[0], key[0], "e") & condition


def _beyond(name: str, value: str, or_equal: str = "") -> Q:
    """Values after the given one; before it where the column's name begins with a minus."""
    lookup = "lt" if name.startswith("-") else "gt"
    return Q(**{f"{name.lstrip('-')}__{lookup}{or_equal}": value})


def _column(row: Model | Mapping[str, object], name: str) -> object:
    name = name.lstrip("-")
    return row[name] if isinstance(row, Mapping) else getattr(row, name)
