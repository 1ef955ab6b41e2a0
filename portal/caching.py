"""Answers for everybody, kept in Redis until the data that they were made of change.

Kept are the pages of readers who are not logged in and what the API publishes. An answer is kept under its
whole address (language and `as_of` are parts of it), the day and the release of the code, beside the state of
the tables that it was made of (`portal.state`, `portal.reading`): it holds while they are in that state, and
a client that has it is told so without its being computed. It is never kept, nor answered from what is kept,
where something of the reader's is in it: a session, a message, a form's token, a cookie that is set, or a
view that declares its answer `Cache-Control: private` or `no-store`. Without Redis all are computed.

The state that an answer is kept under is asked of the database that the answer is read from, first
(`portal.databases`): it is never newer than the answer. With no database to ask, what is kept is answered,
whatever its state.
"""

import hashlib
import logging
import time
from functools import cache as once
from pathlib import Path

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from redis.exceptions import RedisError

from accounts.middleware import GetResponse
from common.databases.circuits import circuit, is_away
from common.unavailable import unavailable
from portal.compressing import coding_of, compress
from portal.databases import database_of
from portal.kept import Door, Kept, address_of, door_of
from portal.reading import Reading
from portal.state import OWN_APPS, States, public_states

logger = logging.getLogger(__name__)

SECONDS = 3600
MOST_PAGES = 5_000
"""Of one state, so that nobody fills the memory by asking for addresses that he makes up."""
MOST_BYTES = 1_000_000
LOT = 50
"""So many pages are counted at once, so that few wait for it."""
MOST_REMEMBERED = 2_000
"""Answers, without their bodies, that a process knows without asking Redis."""
PATIENCE_SECONDS = 10
"""How long Redis is left alone after it did not answer."""
CONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
"""Rare ones, which come before the others."""
TOLD = ("ETag", "Last-Modified", "Cache-Control", "CDN-Cache-Control", "Vary")
"""What a client hears that has the answer already."""
CODE = {*OWN_APPS, "common", "config", "drawings", "templates", "locale"}


class PublicPages:
    """The middleware; it stands outside whatever opens sessions and finds languages, and compresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._away_until = 0.0
        self._remembered: dict[str, Kept] = {}
        self._room = ("", 0)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        door = door_of(request)
        if door is None:
            return self.get_response(request)
        if not door.admits(request):
            return _own(self.get_response(request))
        address = address_of(request, door, release())
        choice = database_of(request)
        try:
            states = public_states(choice.standing) if choice else None
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error, connection.alias):
                return _own(self.get_response(request))
            circuit(connection.alias).open()
            connection.close()
            return unavailable(request)
        if states is None:
            return self._whatever_is_kept(request, address)
        if kept := self._kept(address, states):
            answer = self._from_kept(request, address, kept)
            if answer is not None:
                request.kept = "hit"  # type: ignore[attr-defined]
                return answer
        request.kept = "miss"  # type: ignore[attr-defined]
        return self._computed(request, address, door, states)

    def _kept(self, address: str, states: States) -> Kept | None:
        """What is kept of the answer and still holds: in this process, or by another one in Redis."""
        kept = self._remembered.get(address)
        if kept is None or kept.mark != states.mark(kept.tables):
            found = self._get(f"page:{address}")
            if not isinstance(found, Kept) or found.mark != states.mark(found.tables):
                return None
            kept = found
            self._remember(address, kept)
        return kept

    def _whatever_is_kept(self, request: HttpRequest, address: str) -> HttpResponseBase:
        """With no database to tell whether it still holds: the last answer, to be checked each time."""
        found = self._get(f"page:{address}") or self._remembered.get(address)
        answer = self._from_kept(request, address, found) if isinstance(found, Kept) else None
        if answer is None:
            return unavailable(request)
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers.pop("CDN-Cache-Control", None)
        return answer

    def _remember(self, address: str, kept: Kept) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[address] = kept

    def _from_kept(self, request: HttpRequest, address: str, kept: Kept) -> HttpResponseBase | None:
        """The kept answer, or that the client has it; None where only its headers are kept."""
        headers = kept.headers_now()
        told = {name: headers[name] for name in TOLD if name in headers}
        if request.META.get("HTTP_IF_NONE_MATCH") == kept.etag and CONDITIONS.isdisjoint(request.META):
            return HttpResponseNotModified(headers=told)
        decided = get_conditional_response(request, kept.etag, kept.last_modified, HttpResponse(headers=told))
        if decided is not None and decided.status_code != 200:
            return decided
        content = self._get(f"body:{address}:{kept.mark}")
        if not isinstance(content, bytes):
            return None
        # Another process may have computed the same page to another length.
        headers["Content-Length"] = str(len(content))
        return HttpResponse(content, headers=headers)

    def _computed(self, request: HttpRequest, address: str, door: Door, states: States) -> HttpResponseBase:
        """The answer of those within, kept if it is for everybody."""
        reading = Reading()
        request.public_states = states  # type: ignore[attr-defined]
        with connection.execute_wrapper(reading):
            response = self.get_response(request)
        if not _is_for_everybody(request, response):
            return _own(response)
        if isinstance(response, HttpResponse):
            compress(response, coding_of(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        tables = None if response.streaming else reading.tables
        kept = Kept.of(response, door, address, tables, states.mark(tables))
        self._keep(address, kept, response, states)
        for name, value in kept.headers_now().items():
            response.headers[name] = value
        return get_conditional_response(request, kept.etag, None, response) or response  # type: ignore[arg-type]

    def _keep(self, address: str, kept: Kept, response: HttpResponseBase, states: States) -> None:
        """With its body where that is not too large: a client can be told at least that it is unchanged."""
        self._remember(address, kept)
        if not self._has_room(states):
            return
        parts: dict[str, object] = {f"page:{address}": kept}
        if isinstance(response, HttpResponse) and len(response.content) <= MOST_BYTES:
            parts[f"body:{address}:{kept.mark}"] = response.content
        try:
            cache.set_many(parts, SECONDS)
        except RedisError:
            self._leave_alone()

    def _has_room(self, states: States) -> bool:
        """For one more page of this state; all processes count together, a lot of pages at a time."""
        if time.monotonic() < self._away_until:
            return False
        state = states.mark()
        counted, left = self._room
        if counted != state or not left:
            left = self._lot_of(state)
        self._room = (state, max(left - 1, 0))
        return left > 0

    def _lot_of(self, state: str) -> int:
        """How many more pages this process may keep."""
        lot, count = min(LOT, MOST_PAGES), f"pages:{state}"
        try:
            cache.add(count, 0, SECONDS)
            return lot if cache.incr(count, lot) <= MOST_PAGES else 0
        except ValueError:
            return 0  # the count has just run out of time
        except RedisError:
            self._leave_alone()
            return 0

    def _get(self, key: str) -> object:
        if time.monotonic() < self._away_until:
            return None
        try:
            return cache.get(key)
        except RedisError:
            self._leave_alone()
            return None

    def _leave_alone(self) -> None:
        logger.warning("Redis does not answer: pages are computed for %s seconds", PATIENCE_SECONDS)
        self._away_until = time.monotonic() + PATIENCE_SECONDS


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer holds nothing that is meant for this reader alone."""
    declared = response.headers.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
        and not getattr(get_messages(request), "added_new", False)
        and not any(word in declared for word in ("private", "no-store", "no-cache"))
    )


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
