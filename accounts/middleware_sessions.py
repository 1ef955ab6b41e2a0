"""How long a log-in lasts: an idle limit and a last moment, told apart from what the cookie says."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.middleware import GetResponse

NOTED_EVERY = 300
"""Seconds between two notes of activity: not every request writes."""
BEGAN, SEEN = "began", "seen"


def session_lifetime_middleware(get_response: GetResponse) -> GetResponse:
    """Ends a log-in that was idle or lasted too long; what is asked is then asked by a stranger."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return get_response(request)
        now = int(time.time())
        if _is_over(request.session, now):
            logout(request)
        elif now - request.session[SEEN] >= NOTED_EVERY:
            request.session[SEEN] = now
        response = get_response(request)
        # After the log-out nobody finds the page with the button that leads back.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return respond


def begin_session(*, request: HttpRequest, **_signal: object) -> None:
    """Notes when somebody logged in."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _is_over(session: SessionBase, now: int) -> bool:
    """Whether the log-in has ended; one of which nobody knows when it began has."""
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return True
    if not session.get_expire_at_browser_close():
        return bool(now - began >= settings.SESSION_COOKIE_AGE)
    is_idle: bool = now - seen >= settings.SESSION_IDLE_MINUTES * 60
    return is_idle or now - began >= settings.SESSION_HOURS * 3600
