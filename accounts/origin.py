"""Where an action comes from, kept beside the request so that services need not be told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The door through which somebody acted."""

    PAGE = "page"
    API = "api"
    UPLOAD = "upload"
    COMMAND = "command"
    JOB = "job"


@dataclass(frozen=True)
class Origin:
    """The door, and the network address (IPv4 or IPv6) where there is one."""

    channel: Channel = Channel.JOB
    address: str | None = None


_origin: ContextVar[Origin] = ContextVar("origin")


def current_origin() -> Origin:
    """What `coming_from` says; where nobody said anything, a job is at work."""
    return _origin.get(Origin())


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Whatever is done within comes from there: a request, a command."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
