"""What the addresses have in common at which reports are worked on: who comes in, and what is refused how."""

import hashlib
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import django_filters
from django.db import OperationalError
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse
from psycopg2 import errors
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.authentication import ApiKeyAuthentication, KeyScope
from accounts.permissions import Action, may
from accounts.services.keys import ACTIONS, Scope
from common.rest.bodies import StrictJsonParser, check_body
from common.rest.filters import StrictFilterBackend
from common.rest.pagination import KeysetPagination, PageForm
from common.rest.problems import (
    MEDIA_TYPE,
    Conflict,
    Flaw,
    Forbidden,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    ProblemSerializer,
    UnknownAddress,
    check_parameters,
    flaws_of,
    problem_response,
)
from common.rest.rendering import OrjsonRenderer
from common.rest.views import CommonForm
from indicators.messages import report_error
from indicators.services.entering import ConflictError, ReportError

BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.QueryCanceled)
NOT_FOUND = ("unknown_place", "bad_period", "period_not_covered", "period_not_begun", "line_not_in_form")
KINDS: Mapping[str, type[Problem]] = {
    **dict.fromkeys(NOT_FOUND, UnknownAddress),
    "own_report": Forbidden,
    "reason_required": Problem,
    "out_of_range": Problem,
    "conflict": PreconditionFailed,
    "version_required": PreconditionRequired,
}
"""What kind of problem an error of a report is; any other is a conflict."""

FIELDS = {
    "unknown_place": "territory", "bad_period": "period", "period_not_covered": "period",
    "period_not_begun": "period", "line_not_in_form": "indicator", "out_of_range": "value",
    "conflict": "version", "version_required": "version", "reason_required": "reason",
    "duplicate_row": "indicator",
}  # fmt: skip
"""The part of a request that an error concerns; any other concerns the report."""

_FORMS: Promise = gettext_lazy("Forms, territories, periods and lines are at /api/v1/reporting-forms/.")
CURES: Mapping[str, Promise] = {
    **dict.fromkeys(("unknown_place", "period_not_covered", "period_not_begun", "line_not_in_form"), _FORMS),
    "bad_period": _FORMS,
    "out_of_range": gettext_lazy("Send a figure within the range, or null with a status that says why."),
    "conflict": gettext_lazy("Compare both; to put yours in place of the other, send the other's version."),
    "version_required": gettext_lazy("Read it, and send its ETag as If-Match, or its version in a row."),
    "duplicate_row": gettext_lazy("Send each figure once."),
    "report_is_closed": gettext_lazy("A submitted report can be returned, an approved one reopened."),
    "report_is_empty": gettext_lazy("Send the figures first."),
    "own_report": gettext_lazy("Ask a colleague who may approve."),
    "reason_required": gettext_lazy("Send a reason, for the whole or for single lines."),
    "publishing_paused": gettext_lazy("Send the same again once the pause is over."),
    "report_not_submitted": gettext_lazy("Read its state first."),
    "report_not_approved": gettext_lazy("Read its state first."),
}  # fmt: skip


class MayWork(BasePermission):
    """Those who may do somewhere what the address does."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the user may take one of the actions."""
        return any(may(request.user, action) for action in view.actions())  # type: ignore[attr-defined]


class WorkingViewSet(GenericViewSet[Any]):
    """What is not public: reports, their forms and entries."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (MayWork, KeyScope)
    throttle_scope = "working"
    parser_classes = (StrictJsonParser,)
    filter_backends: Any = (StrictFilterBackend,)
    pagination_class: Any = KeysetPagination
    filterset_class: ClassVar[Any] = None
    lookup_field = "id"
    lookup_value_regex = "[^/]+"
    keyset = ("pk",)
    most_bytes = 64 * 1024
    body_digest = ""
    taken: ClassVar[Mapping[str, Action]] = {}
    """What one must be allowed to do for an action of the view; others are for all who work on reports."""
    also_take: ClassVar[Mapping[str, frozenset[str]]] = {}
    """Parameters of single actions."""

    def actions(self) -> set[Action]:
        """What one of must be allowed to whoever comes in."""
        taken = self.taken.get(self.action or "")
        return {taken} if taken else {Action.ENTER, Action.APPROVE}

    def scopes(self) -> set[Scope]:
        """What one of a key must be issued for."""
        return {scope for scope, action in ACTIONS.items() if action in self.actions()}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses bodies that are too large and parameters that would be ignored; takes up the language."""
        check_body(request, self.most_bytes)
        form = CommonForm(request.query_params)
        form.offer(["json"])
        if not form.is_valid():
            raise Problem(*flaws_of(form))
        if language := form.cleaned_data["lang"]:
            translation.activate(language)
        allowed, repeatable = {*form.fields, *self.also_take.get(self.action or "", ())}, set[str]()
        if self.action == "list":
            filters = self.filterset_class.base_filters if self.filterset_class else {}
            multiple = django_filters.MultipleChoiceFilter
            repeatable = {name for name, each in filters.items() if isinstance(each, multiple)}
            allowed |= {*filters, *(PageForm.base_fields if self.pagination_class else ())}
        super().initial(request, *args, **kwargs)
        check_parameters(request.query_params, allowed, repeatable)

    def get_exception_handler(self) -> Any:
        """Problems are answered as problem details; so is a lock that somebody else holds too long."""
        return _problem_response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody between may keep the answer."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Cache-Control"] = "private, no-cache"
        patch_vary_headers(finished, ("Authorization", "Cookie", "Accept-Language"))
        return finished

    def answer_list(self, queryset: Any, write: Callable[[list[Any]], Any]) -> HttpResponse:
        """A page of the rows."""
        page = self.paginate_queryset(self.filter_queryset(queryset))
        return unless_known(self.request, self.get_paginated_response(write(list(page or []))))


def tag_of(data: Any, mark: str = "") -> str:
    """An ETag of the answer, which begins with the mark."""
    digest = hashlib.blake2b(OrjsonRenderer().render(data), digest_size=8).hexdigest()
    return f'"{mark}-{digest}"' if mark else f'"{digest}"'


def unless_known(request: Request, response: Response, mark: str = "") -> HttpResponse:
    """The answer with its ETag; 304 where the client has it."""
    etag = tag_of(response.data, mark)
    response.headers["ETag"] = etag
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in {each.removeprefix("W/") for each in known}:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    return response


def flaw_of(error: ReportError, value: str = "", field: str = "") -> Flaw:
    """The error as a flaw of the request."""
    cure = str(CURES.get(error.code, ""))
    if isinstance(error, ConflictError) and error.theirs is None:
        return Flaw("conflict", field or "version", value, _("Nothing is stored there."), cure)
    return Flaw(error.code, field or FIELDS.get(error.code, "report"), value, report_error(error), cure)


def problem_of(error: ReportError, value: str, field: str = "") -> Problem:
    """The error as the answer to a request about one thing."""
    kind = KINDS.get(error.code, Conflict)
    return kind(flaw_of(error, value, "id" if kind is UnknownAddress else field))


def _problem_response(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    if isinstance(exc, OperationalError) and isinstance(exc.__cause__, BUSY):
        detail = _("Somebody else is saving or publishing these figures just now: try again in a minute.")
        exc = Conflict(Flaw("figures_busy", "", "", detail, _("Send the same again.")))
    return problem_response(exc, context)


SAID = {
    400: "Something is missing or wrong; nothing was stored.",
    401: "Nobody is logged in, or the key opens nothing.",
    403: "It is not yours to do, or the key is for something else.",
    404: "There is no such thing, or it is not yours.",
    409: "It cannot be done as things stand.",
    411: "The length of the body is not said.",
    412: "Somebody else has changed it; both figures and authors are in the answer.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "It cannot be carried out; nothing was stored.",
    428: "If-Match is missing.",
    429: "Too many requests: the header Retry-After says when to ask again.",
}


def refused(*statuses: int) -> dict[Any, Any]:
    """Problems in OpenAPI: at the statuses, and at those that every address has."""
    every = sorted({400, 401, 403, 429, *statuses})
    return {key: answer for status in every for key, answer in refusal(status, ProblemSerializer).items()}


def refusal(status: int, problem: Any) -> dict[Any, Any]:
    """A problem in OpenAPI that says more than others."""
    return {(status, MEDIA_TYPE): OpenApiResponse(problem, SAID[status])}


IF_MATCH = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"')
"""The ETag of an entry, or its version alone; the first group is the version."""
