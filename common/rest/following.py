"""How a client keeps an exact copy of a list: what has changed since its last visit, deletions too.

Every page of a followed list says in `sync` from which point in time on changes are still to be asked for:
that of the first page, since rows may change while a client walks on. Asked with it as `updated_after`, the
list holds the rows that have been touched since, and says which ids are gone (docs/api/sync.md).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

import django_filters
from django import forms
from django.core import signing
from django.db.models import F, Func, Model, QuerySet, TextField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.changes import BEGINNING, Changes, TooOldError, changes_since, cluster, snapshot_by, snapshot_now
from common.rest.filters import describe
from common.rest.pagination import KeysetPagination
from common.rest.problems import Flaw, Problem

M = TypeVar("M", bound=Model)
PARAMETER = "updated_after"


class TooOld(Problem):
    """A point in time from which on changes can no longer be told."""

    status_code = HTTPStatus.GONE
    default_code = "sync_too_old"


class Point:
    """A point in time that a client names: a `sync` of an answer, or a moment."""

    signer = signing.Signer(salt="sync")

    def __init__(self, text: str, snapshot: str = "", moment: dt.datetime | None = None) -> None:
        self.text, self.moment, self._snapshot = text, moment, snapshot

    @classmethod
    def of(cls, snapshot: str) -> "Point":
        """The point of a snapshot of this database."""
        return cls(cls.signer.sign_object([cluster(), snapshot]), snapshot)

    @classmethod
    def read(cls, text: str) -> "Point":
        """The point that is meant; `ValueError` for anything else."""
        if moment := parse_datetime(text):
            return cls(text, moment=moment if timezone.is_aware(moment) else timezone.make_aware(moment))
        try:
            where, snapshot = cls.signer.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise ValueError(text) from error
        if where != cluster():
            raise cls(text).gone()
        return cls(text, snapshot)

    @cached_property
    def snapshot(self) -> str:
        """What was over by then; nothing where the log begins later. Raises `TooOld`."""
        if self.moment is None:
            return self._snapshot
        try:
            return snapshot_by(self.moment) or BEGINNING
        except TooOldError as error:
            raise self.gone() from error

    @property
    def is_before_the_log(self) -> bool:
        """Whether everything in the list is newer, or may be."""
        return self.snapshot == BEGINNING

    def changes(self, name: str) -> Changes:
        """What changed in the list since; raises `TooOld`."""
        try:
            return changes_since(name, self.snapshot)
        except TooOldError as error:
            raise self.gone() from error

    def gone(self) -> TooOld:
        """The problem that its changes can no longer be told."""
        detail = _("What has changed since then can no longer be told.")
        cure = _("Fetch the whole list anew, without updated_after, and go on from the sync of its answer.")
        return TooOld(Flaw("sync_too_old", PARAMETER, self.text, detail, cure))


class PointField(forms.CharField):
    """A point in time as a client sends it back, or a moment."""

    default_error_messages = {"invalid": gettext_lazy("This is neither a moment nor the sync of an answer.")}

    def clean(self, value: str | None) -> Point | None:
        """The point; None where nothing is asked for."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Point.read(text)
        except ValueError as error:
            raise forms.ValidationError(
                self.error_messages["invalid"], "invalid", {"value": value}
            ) from error


class UpdatedAfter(django_filters.Filter):  # type: ignore[misc]
    """The rows of a followed list that were touched after a point in time.

    `name` is the list's in the log. It goes not with filters that rows pass or fail without being touched
    themselves (`not_with`).
    """

    field_class = PointField

    def __init__(self, name: str, *, not_with: Sequence[str] = ()) -> None:
        help_text = gettext_lazy(
            "The sync of an earlier answer, or a moment such as 2025-12-31T00:00:00Z (write + as %2B): "
            "only what has changed since, with the ids of what is gone."
        )
        super().__init__(help_text=help_text)
        self.name, self.not_with = name, not_with
        describe(self, type="string")

    def filter(self, qs: QuerySet[M], value: Point | None) -> QuerySet[M]:
        """Those that were touched, and perhaps some that were not."""
        return self.touched(qs, value) if value else qs

    def touched(self, rows: QuerySet[M], point: Point) -> QuerySet[M]:
        """Those that were touched after the point."""
        return rows if point.is_before_the_log else rows.filter(pk__in=point.changes(self.name).keys)

    def gone(self, rows: QuerySet[M, Any], point: Point) -> Mapping[str, Sequence[str]]:
        """The ids that the rows touched, as they are filtered now, no longer have."""
        ids = set(point.changes(self.name).ids)
        if ids:
            own = Func(F("pk"), function=f"id_in_{self.name.replace('-', '_')}", output_field=TextField())
            ids -= set(rows.order_by().values_list(own, flat=True))
        return {"deleted": sorted(ids)}


class FollowedPagination(KeysetPagination):
    """Pages of a list that say from which point in time on to follow it; the first also what is gone."""

    point: str | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[M, Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The rows of the page."""
        query = request.query_params
        self.gone: Mapping[str, Sequence[str]] = {}
        self.follows: UpdatedAfter | None = view.filterset_class.base_filters.get(PARAMETER)  # type: ignore[union-attr]
        if self.follows and PARAMETER in query:
            _check(query, self.follows)
        if self.follows and "as_of" not in query:
            self.point = Point.of(_snapshot_of(request)).text
        rows = super().paginate_queryset(queryset, request, view)
        if self.follows and PARAMETER in query and "cursor" not in query:
            self.gone = self.follows.gone(queryset, Point.read(query[PARAMETER]))
        return rows

    def _write(self, key: Sequence[object]) -> str:
        return super()._write([*key, self.point or ""])

    def _read(self, cursor: str) -> list[str]:
        *key, point = super()._read(cursor)
        self.point = point or None
        return key

    def get_paginated_response(self, data: Any) -> Response:
        """The page; formats without a place for it find `sync` in the header `Sync-Token`."""
        response = super().get_paginated_response(data)
        results = response.data.pop("results")
        gone = {"deleted": [], "replaced": [], **self.gone}
        response.data |= {"sync": self.point, **gone, "results": results}
        if self.point:
            response.headers["Sync-Token"] = self.point
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page in OpenAPI."""
        described = super().get_paginated_response_schema(schema)
        ids = {"type": "array", "items": {"type": "string"}}
        properties = {
            "sync": {
                "type": ["string", "null"],
                "description": "What to send as `updated_after` next time; null if it cannot be followed.",
            },
            "deleted": {
                **ids,
                "description": "With `updated_after`, on the first page: ids that are gone, or that the "
                "filters no longer let through.",
            },
            "replaced": {
                **ids,
                "description": "With `updated_after`, on the first page: KPIs of which all rows are to be "
                "forgotten before those of this answer are taken in.",
            },
        }
        return {
            **described,
            "required": ["next", *properties, "results"],
            "properties": {"next": described["properties"]["next"], **properties, "results": schema},
        }


def _check(query: Mapping[str, str], follows: UpdatedAfter) -> None:
    """Raises `Problem` where the list is asked for in a way in which it cannot be followed."""
    flaws = [
        Flaw(
            "contradictory_parameters", name, query[name],
            _("It cannot be combined with updated_after."), _("Leave one of the two out."),
        )
        for name in ("as_of", *follows.not_with)
        if name in query
    ]  # fmt: skip
    if flaws:
        raise Problem(*flaws)


def _snapshot_of(request: HttpRequest | Request) -> str:
    """The point in time before the answer's first query: as it was noted at the door, else the present."""
    states = getattr(request, "public_states", None)
    return states.snapshot if states else snapshot_now()
