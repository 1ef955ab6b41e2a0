"""A WSGI application that takes its time, or counts what it takes, for tests/deploy/test_gunicorn.py."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.page_faults import most_faults

PIECES = 8


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """A piece each half second; at /faults, how often the kernel was asked at the worst depth of calls."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/faults":
        yield str(most_faults()).encode()
        return
    for number in range(PIECES):
        time.sleep(0.5)
        yield f"{number}\n".encode()
