"""Where an action comes from, kept beside the request so that services need not be told."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

PREFIX_OF_A_HOUSEHOLD = 64


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


def household_of(address: str) -> str:
    """Whoever may be behind the address: of IPv6 a client takes any that it likes within its network."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed, PREFIX_OF_A_HOUSEHOLD), strict=False))


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Whatever is done within comes from there: a request, a command."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
