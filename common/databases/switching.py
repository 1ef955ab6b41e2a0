"""One database for all that a request does: what Django calls `default` is meanwhile the one that was chosen.

Not a router of Django's, which is asked query by query and hears nothing of plain SQL, COPY and transactions:
an answer of which half came from the primary and half from a replica would be one that never was true.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.http.response import HttpResponseBase

from common.databases.choosing import PRIMARY
from common.databases.circuits import circuit


@contextmanager
def speaking_with(alias: str) -> Iterator[None]:
    """Within it this thread's `default` connection is the one of the alias."""
    if alias == PRIMARY:
        yield
        return
    primary, chosen = connections[PRIMARY], connections[alias]
    connections[PRIMARY] = chosen
    try:
        yield
    finally:
        connections[PRIMARY] = primary


def speaks_with_the_primary() -> bool:
    """Whether this thread's request can write: what may wait is not tried on a replica."""
    return connections[PRIMARY].alias == PRIMARY and not circuit().is_open


def keep_speaking(alias: str, response: HttpResponseBase) -> None:
    """Has what a streamed answer still reads come from the same database."""
    if alias != PRIMARY and response.streaming:
        response.streaming_content = _streamed(alias, response.streaming_content)  # type: ignore[attr-defined]


def _streamed(alias: str, pieces: Any) -> Iterator[bytes]:
    """Between two pieces the thread does nothing else: the server asks for the next at once."""
    iterator = iter(pieces)
    try:
        while True:
            with speaking_with(alias):
                try:
                    piece = next(iterator)
                except StopIteration:
                    return
            yield piece
    finally:
        with speaking_with(alias):
            if hasattr(iterator, "close"):
                iterator.close()
