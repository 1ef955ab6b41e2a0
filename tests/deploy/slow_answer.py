"""A WSGI application that takes its time, for tests/deploy/test_gunicorn.py."""

import time
from collections.abc import Callable, Iterator
from typing import Any

PIECES = 8


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """A piece each half second."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    for number in range(PIECES):
        time.sleep(0.5)
        yield f"{number}\n".encode()
