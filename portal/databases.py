"""Each request speaks with one database: public reading with a replica, everything else with the primary.

With the primary away all that only reads goes on from a replica, or from the answers that are kept; what
would write is told when to come again, before anything is lost.
"""

from collections.abc import Iterator
from urllib.parse import unquote

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.middleware import GetResponse
from common.databases.choosing import PRIMARY, Asked, Choice, Standing, choose
from common.databases.circuits import circuit, is_away
from common.databases.floor import floor, raise_floor
from common.databases.standing import ask_standing
from common.databases.switching import keep_speaking, speaking_with
from common.unavailable import is_unavailable, unavailable
from portal.kept import door_of
from portal.state import public_states

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
ONLY_THE_PRIMARY = {"as_of", "updated_after"}
"""Parameters for which temporary tables are made, or the primary's own transactions are looked at."""
OF_EACH_PART = {"/healthz", "/metrics"}
"""Addresses that tell how each part is, the primary among them: they answer whatever is away."""


class OneDatabase:
    """The middleware; it stands outside whatever asks a database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in OF_EACH_PART:
            return self.get_response(request)
        asked = kind_of(request)
        response = self._answer(request, asked)
        if is_unavailable(response) and asked is not Asked.WRITING:
            # Its database went away meanwhile, or could not do it: nothing was done, and another one may.
            response = self._answer(request, asked if circuit().is_open else Asked.OWN)
        if asked is Asked.WRITING:
            note_what_was_written()
        return response

    def _answer(self, request: HttpRequest, asked: Asked) -> HttpResponseBase:
        choice = choose(
            asked,
            primary_answers=not circuit().is_open,
            replicas=_standing_replicas(),
            floor=_floor() if settings.REPLICAS and asked is Asked.PUBLIC else None,
            longest_lag=settings.REPLICA_LAG_SECONDS,
        )
        if choice is None and asked is not Asked.PUBLIC:
            return unavailable(request)
        request.database = choice  # type: ignore[attr-defined]
        alias = choice.alias if choice else PRIMARY
        with speaking_with(alias):
            response = self.get_response(request)
        keep_speaking(alias, response)
        return response


def kind_of(request: HttpRequest) -> Asked:
    """What the request is, as far as databases go."""
    if request.method not in SAFE:
        return Asked.WRITING
    door = door_of(request)
    named = unquote(request.META.get("QUERY_STRING", ""))
    is_public = (
        door is not None and door.is_open_to(request) and not any(n in named for n in ONLY_THE_PRIMARY)
    )
    return Asked.PUBLIC if is_public else Asked.OWN


def database_of(request: HttpRequest) -> Choice | None:
    """The database that was chosen for the request; None where none answers."""
    return getattr(request, "database", Choice(PRIMARY))


def _floor() -> int | None:
    """The floor; where it was forgotten, with Redis or with time, the primary stands at what anybody has
    seen at most. None where neither can tell."""
    known = floor()
    if known != 0:
        return known
    try:
        position = ask_standing(connections[PRIMARY]).position
    except (DatabaseError, InterfaceError):
        return None
    return position if raise_floor(position) else None


def _standing_replicas() -> Iterator[tuple[str, Standing]]:
    """Where the replicas stand, those that do not answer left out."""
    for alias in settings.REPLICAS:
        if circuit(alias).is_open:
            continue
        try:
            yield alias, ask_standing(connections[alias])
        except (DatabaseError, InterfaceError) as error:
            connections[alias].close()
            if is_away(error, alias):
                circuit(alias).open()


def note_what_was_written(**_signal: object) -> None:
    """After a request and a job: what changed for the public, replicas must have before they are asked."""
    if not settings.REPLICAS or circuit().is_open:
        return
    try:
        public_states()
    except (DatabaseError, InterfaceError) as error:
        if is_away(error):
            circuit().open()
