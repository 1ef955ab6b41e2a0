"""Since when a reader has not been here: two days in a cookie of the portal's own, and nothing else.

The plain address of the first page is answered as if it named the day of the reader's last visit, so that
one kept page serves everybody who was last here on that day.
"""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_from_path

COOKIE = PARAMETER = "visit"
LONGEST = dt.timedelta(days=366)
KEPT_FOR = 366 * 24 * 3600


class Visits:
    """The middleware; it stands outside whatever keeps pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or not _is_first_page(request):
            return self.get_response(request)
        today = timezone.localdate()
        before, latest = visits_of(request.COOKIES.get(COOKIE, ""), today)
        since = before if latest == today else latest
        if since and not request.META.get("QUERY_STRING"):
            request.META["QUERY_STRING"] = urlencode({PARAMETER: since.isoformat()})
        response = self.get_response(request)
        if latest != today and response.status_code == 200:
            days = [each.isoformat() for each in (latest, today) if each]
            response.set_cookie(
                COOKIE, ".".join(days), max_age=KEPT_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )
        return response


def visits_of(text: str, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The visit before the latest, and the latest; what is no day of the past year is none."""
    known = [day for part in text.split(".")[:2] if (day := day_of(part, today))]
    latest = known[-1] if known else None
    return (known[0] if len(known) > 1 and known[0] < known[1] else None), latest


def day_of(text: str, today: dt.date) -> dt.date | None:
    """The day, if it is one of the past year."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if today - LONGEST <= day <= today else None


def _is_first_page(request: HttpRequest) -> bool:
    language = get_language_from_path(request.path_info)
    return language is not None and request.path_info == f"/{language}/"
