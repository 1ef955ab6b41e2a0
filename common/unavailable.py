"""What is answered while the database that a request needs is away: what to do, and when to come again."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import (
    get_language_from_path,
    get_language_from_request,
    override,
)
from django.utils.translation import gettext as _

from common.rest.problems import ServiceUnavailable

RETRY_SECONDS = 10
API = "/api/"


def unavailable(request: HttpRequest, *, is_begun: bool = False, is_full: bool = False) -> HttpResponse:
    """503 as a page, or as a problem to programs, in the language of the request.

    `is_begun` where the database went away while it was writing: nobody knows whether it had finished;
    `is_full` where nothing was missing but room on a disk.
    """
    with override(get_language_from_path(request.path_info) or get_language_from_request(request)):
        if request.path_info.startswith(API) or not _takes_pages(request):
            response = ServiceUnavailable(_told(request, is_begun, is_full)).response()
        else:
            is_reading = request.method in {"GET", "HEAD"}
            context = {"is_reading": is_reading, "is_begun": is_begun, "is_full": is_full}
            response = render(request, "503.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    response.is_for_want_of_a_database = not is_full  # type: ignore[attr-defined]
    return response


def is_unavailable(response: HttpResponseBase) -> bool:
    """Whether a database was missing."""
    return getattr(response, "is_for_want_of_a_database", False)


def _takes_pages(request: HttpRequest) -> bool:
    """Whether a browser shows the answer; the entry grid's own requests take JSON alone."""
    return request.get_preferred_type(["text/html", "application/json"]) != "application/json"


def _told(request: HttpRequest, is_begun: bool, is_full: bool) -> str:
    if is_full:
        return _("The disk is full. Nothing was stored: send the same again when there is room.")
    if request.method in {"GET", "HEAD"}:
        return _("The database does not answer just now. Ask again in a few seconds.")
    if is_begun:
        return _(
            "The database went away while this was being saved. Send it again with the same "
            "Idempotency-Key, or look first whether it was stored."
        )
    return _("Nothing can be saved just now. Nothing was changed: send the same again in a few seconds.")
