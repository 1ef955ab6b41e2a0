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

from portal.compressing import coding_of

API = "/api/v1/"
CDN = "max-age={0}, stale-while-revalidate={0}, stale-if-error=86400"
"""For caches that the portal's operator runs (RFC 9213); browsers and other proxies do not look at it."""
ANYTHING = "*/*"
"""What a client accepts that does not say what it accepts (RFC 9110, 12.5.1)."""
OF_A_READER = ("messages",)
"""Cookies, beside the session's, with which a page is the reader's own."""


@dataclass(frozen=True)
class Door:
    """How answers of a kind may be kept by others, and what they depend on besides their address."""

    cache_control: str
    vary: tuple[str, ...]
    looks_at_cookies: bool

    def is_open_to(self, request: HttpRequest) -> bool:
        """Whether the answer is the same for everybody who asks in this way."""
        if not self.looks_at_cookies:
            return request.method in {"GET", "HEAD"}
        own = {settings.SESSION_COOKIE_NAME, *OF_A_READER}
        return request.method == "GET" and own.isdisjoint(request.COOKIES)

    def admits(self, request: HttpRequest) -> bool:
        """The same; where no cookie is looked at, none is left, not even the remembered language."""
        if not self.is_open_to(request):
            return False
        if not self.looks_at_cookies:
            request.COOKIES = {}
        return True


PAGES = Door("no-cache", ("Cookie", "Accept-Encoding"), looks_at_cookies=True)
PUBLISHED = Door(
    "public, max-age=30, must-revalidate", ("Accept", "Accept-Language", "Accept-Encoding"),
    looks_at_cookies=False,
)  # fmt: skip


def door_of(request: HttpRequest) -> Door | None:
    """By which door the request comes in; None where nothing is ever kept."""
    if get_language_from_path(request.path_info) is not None:
        return PAGES
    is_published = request.path_info.startswith(API) and _is_published(request.path_info)
    return PUBLISHED if is_published else None


@lru_cache(maxsize=4096)
def _is_published(address: str) -> bool:
    """Whether a view that publishes answers there."""
    try:
        view = resolve(address).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "cls", None), "is_published", False))


def address_of(request: HttpRequest, door: Door, release: str) -> str:
    """A name for all that tells answers to this request apart, but the state of the data."""
    asked = request.META
    parts = [
        release,
        _day(int(time.time() // 60)),
        coding_of(asked.get("HTTP_ACCEPT_ENCODING", "")),
        request.scheme or "",
        asked.get("HTTP_HOST") or f"{asked.get('SERVER_NAME')}:{asked.get('SERVER_PORT')}",
        request.get_full_path(),
    ]
    if not door.looks_at_cookies:
        parts += [asked.get("HTTP_ACCEPT") or ANYTHING, get_language_from_request(request)]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


@lru_cache(maxsize=2)
def _day(minute: int) -> str:
    """Today, where the portal is; asked for once a minute."""
    return timezone.localdate().isoformat()


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
        if settings.CDN_SECONDS:
            marked.headers["CDN-Cache-Control"] = CDN.format(settings.CDN_SECONDS)
        patch_vary_headers(marked, door.vary)
        return cls(tables, mark, dict(marked.headers), int(time.time()) + 1)

    @property
    def etag(self) -> str:
        """Weak: the same answer may be written otherwise, compressed for instance."""
        return self.headers["ETag"]

    def headers_now(self) -> dict[str, str]:
        """The headers, with the time of the last change as far as it has come: none may lie ahead."""
        moment = min(self.last_modified, int(time.time()))
        return {**self.headers, "Last-Modified": http_date(moment)}
