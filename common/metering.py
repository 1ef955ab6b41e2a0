"""How many requests were answered, how fast, with how many queries: each web process counts its own.

The counts stand in small files that prometheus-client maps into memory, a set for each process of this host.
A process that begins takes over a set that nobody holds and counts on in it: restarts lose nothing and leave
no files behind. The files get their room on the disk at once: writing to them never fails when it is full.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Histogram, Summary, values
from prometheus_client.multiprocess import MultiProcessCollector

GetResponse = Callable[[HttpRequest], HttpResponseBase]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
FILE_BYTES = 1024 * 1024
KINDS = ("counter", "histogram", "summary")

logger = logging.getLogger(__name__)
answers = logging.getLogger("bagdar.requests")


class Meters:
    """What this process counts."""

    def __init__(self) -> None:
        take_files(folder())
        registry = CollectorRegistry()
        self.requests = Counter(
            "bagdar_requests", "Requests answered.", ["view", "method", "status"], registry=registry
        )
        self.seconds = Histogram(
            "bagdar_request_seconds", "Seconds until the answer began.", ["view"], buckets=BUCKETS,
            registry=registry,
        )  # fmt: skip
        self.queries = Summary(
            "bagdar_request_queries", "Queries that a request asked.", ["view"], registry=registry
        )
        self.kept = Counter(
            "bagdar_kept_answers", "Public answers, by whether they were kept.", ["result"], registry=registry
        )


def folder() -> Path:
    """Where the counts of this host's web processes stand."""
    return Path(settings.METRICS_DIR or settings.VAR_DIR / "run" / "metrics")


def take_files(directory: Path) -> None:
    """Takes the first set of files that no living process holds; the kernel gives it back. Raises OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    slot = 0
    while True:
        lock = os.open(directory / f"{slot}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            os.close(lock)
            slot += 1
    for kind in KINDS:
        with (directory / f"{kind}_{slot}.db").open("ab") as file:
            if file.tell() == 0:
                os.posix_fallocate(file.fileno(), 0, FILE_BYTES)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]


@cache
def meters() -> Meters | None:
    """Those of this process; None where its files cannot be written: then it works without counting."""
    try:
        return Meters()
    except OSError as error:
        logger.warning("Requests are not counted, %s cannot be written: %s", folder(), error)
        return None


def counted() -> CollectorRegistry:
    """What all web processes of this host have counted."""
    registry = CollectorRegistry()
    if folder().is_dir():
        MultiProcessCollector(registry, str(folder()))  # type: ignore[no-untyped-call]
    return registry


class _Queries:
    """Counts the queries that pass through it."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)


def metered(get_response: GetResponse) -> GetResponse:
    """The middleware; only what gives the request its id stands outside."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        began, queries = time.perf_counter(), _Queries()
        wrappers = [connections[alias].execute_wrappers for alias in connections]
        for each in wrappers:
            each.append(queries)
        try:
            response = get_response(request)
        finally:
            for each in wrappers:
                each.remove(queries)
        _count(request, response, time.perf_counter() - began, queries.count)
        return response

    return respond


def _count(request: HttpRequest, response: HttpResponseBase, seconds: float, queries: int) -> None:
    view, status = _view_of(request), str(response.status_code)
    method = request.method if request.method in METHODS else "other"
    if meter := meters():
        meter.requests.labels(view, method, status).inc()
        meter.seconds.labels(view).observe(seconds)
        meter.queries.labels(view).observe(queries)
        if result := getattr(request, "kept", ""):
            meter.kept.labels(result).inc()
    if answers.isEnabledFor(logging.INFO):
        facts = {"view": view, "method": method, "status": response.status_code, "queries": queries}
        milliseconds = round(seconds * 1000, 1)
        answers.info("%s %s %s", method, view, status, extra={**facts, "milliseconds": milliseconds})


def _view_of(request: HttpRequest) -> str:
    """The view's name; in brackets what was answered before any view was looked for."""
    if match := request.resolver_match:
        return match.view_name or match.route or "(front)"
    if getattr(request, "kept", "") == "hit":
        return "(kept)"
    return "(static)" if request.path_info.startswith(settings.STATIC_URL) else "(none)"
