"""A reader who never stops reading, and counts what he is answered."""

import time
from collections import Counter
from http import HTTPStatus
from threading import Event, Thread

import requests

from deploy.demonstration.network import address_of
from deploy.demonstration.world import WEB_PORT

PAGES = ("/kk/", "/ru/programmes/", "/en/programmes/almaty-2025/", "/api/v1/programmes/?limit=5")


def url(host: int, path: str) -> str:
    """The address of a page on the host."""
    return f"http://{address_of(host)}:{WEB_PORT}{path}"


def status(host: int, path: str, method: str = "GET", timeout: float = 20) -> int:
    """What the host answers; 0 for nothing."""
    try:
        return requests.request(method, url(host, path), timeout=timeout, allow_redirects=False).status_code
    except requests.RequestException:
        return 0


def readiness(host: int) -> str:
    """`ready`, `read-only` or something worse."""
    try:
        return str(requests.get(url(host, "/readyz"), timeout=20).json().get("status", ""))
    except (requests.RequestException, ValueError):
        return ""


class Reader:
    """Reads public pages of one host, four a second, until he is told to stop."""

    def __init__(self, host: int) -> None:
        self.host = host
        self.seen: Counter[int] = Counter()
        self.longest = 0.0
        self._stopped = Event()
        self._thread = Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopped.set()
        self._thread.join(30)

    def _read(self) -> None:
        number = 0
        while not self._stopped.wait(0.25):
            began = time.monotonic()
            self.seen[status(self.host, PAGES[number % len(PAGES)])] += 1
            self.longest = max(self.longest, time.monotonic() - began)
            number += 1

    @property
    def told(self) -> str:
        """What he saw, in words."""
        errors = sum(count for code, count in self.seen.items() if code != HTTPStatus.OK)
        return f"{sum(self.seen.values())} pages read, {errors} errors, the slowest in {self.longest:.1f} s"
