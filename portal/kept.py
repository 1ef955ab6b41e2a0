"""What may be kept for everybody, by its door: pages for the eye, and what the API publishes."""

import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language_from_path, get_language_from_request

API = "/api/v1/"
OF_A_READER = ("messages",)
"""Cookies, beside the session's, with which a page is the reader's own."""


@dataclass(frozen=True)
class Door:
    """How answers of a kind may be kept by others, and what they depend on besides their address."""

    cache_control: str
    vary: tuple[str, ...]
    looks_at_cookies: bool

    def admits(self, request: HttpRequest) -> bool:
        """Whether the answer is the same for everybody who asks in this way.

        Where no cookie is looked at, none is left: not even the one that remembers a language.
        """
        if request.method not in {"GET", "HEAD"}:
            return False
        if not self.looks_at_cookies:
            request.COOKIES = {}
            return True
        own = {settings.SESSION_COOKIE_NAME, *OF_A_READER}
        return request.method == "GET" and own.isdisjoint(request.COOKIES)


PAGES = Door("no-cache", ("Cookie", "Accept-Encoding"), looks_at_cookies=True)
PUBLISHED = Door(
    "public, max-age=30, must-revalidate", ("Accept", "Accept-Language", "Accept-Encoding"),
    looks_at_cookies=False,
)  # fmt: skip


@lru_cache(10_000)
def door_of(path: str) -> Door | None:
    """By which door a request to the path comes in; None where nothing is ever kept."""
    if get_language_from_path(path) is not None:
        return PAGES
    if not path.startswith(API):
        return None
    try:
        view = resolve(path).func
    except Resolver404:
        return None
    return PUBLISHED if getattr(getattr(view, "cls", None), "is_published", False) else None


def address_of(request: HttpRequest, door: Door, release: str) -> str:
    """A name for all that tells answers to this request apart, but the state of the data."""
    parts = [
        release,
        timezone.localdate().isoformat(),
        "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "",
        request.build_absolute_uri(),
    ]
    if not door.looks_at_cookies:
        parts += [request.headers.get("Accept", ""), get_language_from_request(request)]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


@dataclass(frozen=True)
class Kept:
    """An answer without its body: the tables that it was made of (None for all), their state, its headers."""

    tables: frozenset[str] | None
    mark: str
    headers: dict[str, str]
    last_modified: int
    """The first whole second in which the answer was known to hold: no other answer ever has the same."""

    @classmethod
    def of(
        cls, response: HttpResponseBase, door: Door, address: str, tables: frozenset[str] | None, mark: str
    ) -> "Kept":
        """From a computed answer, with what clients and caches between need to ask again cheaply."""
        digest = hashlib.blake2b(f"{address} {mark}".encode(), digest_size=16).hexdigest()
        marked = HttpResponse(headers=dict(response.headers))
        marked.headers["ETag"] = f'W/"{digest}"'
        marked.headers["Cache-Control"] = door.cache_control
        patch_vary_headers(marked, door.vary)
        return cls(tables, mark, dict(marked.headers), int(time.time()) + 1)

    @property
    def etag(self) -> str:
        """Weak: the same answer may be written otherwise, compressed for instance."""
        return self.headers["ETag"]

    def headers_now(self) -> dict[str, str]:
        """The headers, with the time of the last change as far as it has come: none may lie ahead."""
        return {**self.headers, "Last-Modified": http_date(min(self.last_modified, int(time.time())))}
