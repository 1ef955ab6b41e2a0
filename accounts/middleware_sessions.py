"""How long a log-in lasts: an idle limit and a last moment, told apart from what the cookie says."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.middleware import GetResponse
from accounts.permissions import approves_or_administers
from common.databases.switching import speaks_with_the_primary

NOTED_EVERY = 300
"""Seconds between two notes of activity: not every request writes."""
BEGAN, SEEN = "began", "seen"


def session_lifetime_middleware(get_response: GetResponse) -> GetResponse:
    """Ends a log-in that was idle or lasted too long; what is asked is then asked by a stranger."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        now = int(time.time())
        if _is_over(request, now):
            _end(request)
        elif now - request.session[SEEN] >= NOTED_EVERY and speaks_with_the_primary():
            request.session[SEEN] = now
        response = get_response(request)
        # After the log-out nobody finds the page with the button that leads back.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond


def begin_session(*, request: HttpRequest, **_signal: object) -> None:
    """Notes when somebody logged in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _is_over(request: HttpRequest, now: int) -> bool:
    """Whether the log-in has ended; one of which nobody knows when it began has. Who was given a mandate to
    approve since is not remembered any longer."""
    session = request.session
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return True
    if not session.get_expire_at_browser_close() and not approves_or_administers(request.user):
        return bool(now - began >= settings.SESSION_COOKIE_AGE)
    is_idle: bool = now - seen >= settings.SESSION_IDLE_MINUTES * 60
    return is_idle or now - began >= settings.SESSION_HOURS * 3600


def _end(request: HttpRequest) -> None:
    """For good where that can be written, else for this request."""
    if speaks_with_the_primary():
        logout(request)
    else:
        request.user = AnonymousUser()
