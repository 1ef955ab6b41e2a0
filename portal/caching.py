"""Pages of readers who are not logged in, kept in Redis until the public data change.

A page is kept under its whole address (language and `as_of` are parts of it), the day, the state of the
public data (`portal.state`) and the release of the code. It is never kept, nor answered from what is kept,
where something of the reader's is in it: a session, a message, a form's token, a cookie that is set, or a
view that declares its answer `Cache-Control: private` or `no-store`. Without Redis every page is computed.
"""

import hashlib
import logging
import time
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_path
from redis.exceptions import RedisError

from accounts.middleware import GetResponse
from portal.state import OWN_APPS, public_state

logger = logging.getLogger(__name__)

SECONDS = 3600
MOST_PAGES = 5_000
"""Of one state, so that nobody fills the memory by asking for addresses that he makes up."""
MOST_BYTES = 1_000_000
PATIENCE_SECONDS = 10
"""How long Redis is left alone after it did not answer."""
OF_A_READER = ("messages",)
"""Cookies, beside the session's, with which a page is the reader's own."""
CODE = {*OWN_APPS, "common", "config", "templates", "locale"}

Kept = tuple[dict[str, str], bytes]


class PublicPages:
    """The middleware; it stands outside whatever compresses, opens sessions and finds languages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._away_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if get_language_from_path(request.path_info) is None:
            return self.get_response(request)
        key = self._key(request) if _is_anybody(request) else None
        if key is None:
            return _own(self.get_response(request))
        kept = self._get(key)
        if kept is None:
            response = self.get_response(request)
            if not isinstance(response, HttpResponse) or not _is_for_everybody(request, response):
                return _own(response)
            _mark(response)
            kept = dict(response.headers), response.content
            self._put(key, kept)
        headers, content = kept
        answer = HttpResponse(content, headers=headers)
        return get_conditional_response(request, etag=headers["ETag"], response=answer) or HttpResponse()

    def _key(self, request: HttpRequest) -> str | None:
        """The name under which the page is kept; None where the state of the data cannot be asked for."""
        try:
            state = public_state()
        except DatabaseError:
            return None
        packed = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else ""
        parts = (release(), state, timezone.localdate().isoformat(), packed, request.build_absolute_uri())
        digest = hashlib.blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()
        return f"page:{state}:{digest}"

    def _get(self, key: str) -> Kept | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            kept: Kept | None = cache.get(key)
        except RedisError:
            self._leave_alone()
            return None
        return kept

    def _put(self, key: str, kept: Kept) -> None:
        if time.monotonic() < self._away_until or len(kept[1]) > MOST_BYTES:
            return
        count = f"pages:{key.split(':')[1]}"
        try:
            cache.add(count, 0, SECONDS)
            if cache.incr(count) <= MOST_PAGES:
                cache.set(key, kept, SECONDS)
        except ValueError:
            pass  # the count has just run out of time
        except RedisError:
            self._leave_alone()

    def _leave_alone(self) -> None:
        logger.warning("Redis does not answer: pages are computed for %s seconds", PATIENCE_SECONDS)
        self._away_until = time.monotonic() + PATIENCE_SECONDS


def _is_anybody(request: HttpRequest) -> bool:
    """Whether nothing tells the reader from others."""
    own = {settings.SESSION_COOKIE_NAME, *OF_A_READER}
    return request.method == "GET" and own.isdisjoint(request.COOKIES)


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer holds nothing that is meant for this reader alone."""
    declared = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
        and not getattr(get_messages(request), "added_new", False)
        and not any(word in declared for word in ("private", "no-store", "no-cache"))
    )


def _mark(response: HttpResponse) -> None:
    """What browsers need to ask again cheaply: is it still the same?"""
    response.headers["ETag"] = f'W/"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])


def _own(response: HttpResponseBase) -> HttpResponseBase:
    """An answer that nobody between may keep."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


@once
def release() -> str:
    """A mark of the code, its templates and translations, as this process has them."""
    root: Path = settings.BASE_DIR
    files = [file for folder in CODE for file in (root / folder).rglob("*.*") if file.suffix != ".pyc"]
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(files)]
    return hashlib.blake2b(repr(facts).encode(), digest_size=8).hexdigest()
