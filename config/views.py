"""The door: the bare address leads to the reader's language, which can be chosen; the page of errors."""

import errno
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language_from_path, override
from django.views import defaults
from django.views.decorators.http import require_safe
from psycopg2 import errors

from accounts.models import User
from common.databases.choosing import PRIMARY
from common.databases.circuits import circuit, is_away, is_beyond_a_replica
from common.unavailable import unavailable


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Redirects to the home page in the remembered language: the cookie's, the user's own, else Kazakh.

    The browser's list of languages is not asked: most devices here are set up in Russian or English, and
    the state's language comes first unless a reader has chosen another (docs/decisions/0005-languages.md).
    """
    own = request.user.language if isinstance(request.user, User) else ""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") or own
    known = chosen in dict(settings.LANGUAGES) and check_for_language(chosen)
    with override(chosen if known else settings.LANGUAGE_CODE):
        response = HttpResponseRedirect(reverse("home"))
    response["Vary"] = "Cookie"
    return response


@require_safe
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remembers the language and leads to the page at `?next=` in it.

    A link and not a form: pages without a form's token are the same for everybody and can be kept.
    """
    if code not in dict(settings.LANGUAGES):
        raise Http404
    page = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        page = reverse("home")
    with override(get_language_from_path(urlsplit(page).path) or code):
        response = HttpResponseRedirect(translate_url(page, code))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an error of ours; a full disk is none, nor a database that has gone away, which is left
    alone for a while."""
    error = sys.exc_info()[1]
    if _is_full(error):
        return unavailable(request, is_full=True)
    if is_away(error, connection.alias):
        circuit(connection.alias).open()
        connection.close()
    elif connection.alias == PRIMARY or not is_beyond_a_replica(error):
        return defaults.server_error(request)
    return unavailable(request, is_begun=True)


def _is_full(error: BaseException | None) -> bool:
    """Whether a disk is full, ours or PostgreSQL's."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, DatabaseError) and isinstance(error.__cause__, errors.DiskFull)
