"""Public pages over a country's worth of promises: computed and kept, beside a trivial Django view.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.pages [--rows 1000000] [--kpis 5000]
        [--only PART] [--json FILE] [--profile PART]

Makes up so many observations and KPIs, then asks gunicorn (one process, as it is run) on the loopback, as a
browser does, for every public page of the URL configuration (tests/pages.py): computed, with the state of
the data moved on before each request, and kept. Prints the median and the 95th percentile in milliseconds,
from the question to the last byte, the number of queries, and the ratios to a view that answers "ok" and is
asked in the same way between the pages.
"""

import argparse
import cProfile
import http.client
import json
import os
import pstats
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from benchmarks.page_world import PROGRAMMES, build, is_built  # noqa: E402
from benchmarks.serving import serving  # noqa: E402
from config.urls import urlpatterns as addresses  # noqa: E402
from portal.models import PublicChange  # noqa: E402
from portal.state import public_tables  # noqa: E402
from tests.pages import EXAMPLES, public_pages  # noqa: E402

LARGE: dict[str, list[list[object]]] = {
    "programmes:programme-detail": [["bench-1"], [f"bench-{PROGRAMMES}"]],
    "programmes:programme-progress": [["bench-1"], [f"bench-{PROGRAMMES}"]],
    "programmes:goal-detail": [["bench-1", "1"]],
    "programmes:kpi-detail": [["bench-1", "K-1"], [f"bench-{PROGRAMMES}", "K-1"]],
    "programmes:kpi-revisions": [["bench-1", "K-1"]],
    "programmes:indicator-kpis": [["bench-1"]],
    "programmes:measure-list": [["bench-1"]],
    "programmes:funding-detail": [["bench-1"]],
}
COMPUTED, KEPT = 40, 60
HEADS = f"{'least':>8}{'median':>8}{'p95':>8}{'×':>6}"
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}


class Times(NamedTuple):
    """Milliseconds. The least tells more than the others where the machine has other work."""

    least: float
    median: float
    p95: float


class Row(NamedTuple):
    """A page's measures, and those of the trivial view beside it."""

    page: str
    computed: Times
    kept: Times
    trivial: Times
    queries: int


def in_words(times: Times, base: Times) -> str:
    """The times, and how often the trivial view's median goes into theirs."""
    ratio = times.median / base.median
    return f"{times.least:>8.1f}{times.median:>8.1f}{times.p95:>8.1f}{ratio:>6.1f}"


def trivial(request: HttpRequest) -> HttpResponse:
    """What the others are compared with."""
    return HttpResponse("ok")


urlpatterns = [path("trivial/", trivial), *addresses]


def prepared() -> None:
    """The portal's addresses with the trivial view beside them, and no need of gathered static files."""
    settings.ROOT_URLCONF = "benchmarks.pages"
    settings.ALLOWED_HOSTS.append("testserver")
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}


def application() -> WSGIHandler:
    """What gunicorn serves."""
    prepared()
    return WSGIHandler()


def timed(ask: Callable[[], object], count: int, before: Callable[[], object] = lambda: None) -> Times:
    """Of so many times; `before` is not counted."""
    times = []
    for _ in range(count):
        before()
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return Times(min(times), statistics.median(times), sorted(times)[int(count * 0.95)])


def ask(server: str, page: str) -> None:
    """Asks as a browser does: a connection of its own, all of the answer."""
    connection = http.client.HTTPConnection(server, timeout=60)
    connection.request("GET", page, headers=BROWSER)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, (page, answer.status)


def measure(server: str, page: str) -> Row:
    """A page, after it was asked for: imports and templates are not what is measured."""
    client = Client()
    client.get(page, headers=BROWSER)
    move_on()
    with CaptureQueriesContext(connection) as captured:
        client.get(page, headers=BROWSER)
    for _ in range(3):
        move_on()
        ask(server, page)
    computed = timed(lambda: ask(server, page), COMPUTED, move_on)
    kept = timed(lambda: ask(server, page), KEPT)
    return Row(page, computed, kept, timed(lambda: ask(server, "/trivial/"), KEPT), len(captured))


def move_on() -> None:
    """The state of the public data becomes another, as if every table had been written to."""
    PublicChange.objects.all().delete()
    PublicChange.objects.bulk_create(PublicChange(table_name=table) for table in public_tables())


def profile(client: Client, page: str) -> None:
    """Where a page's time goes: functions, then the slowest queries."""
    client.get(page, headers=BROWSER)  # imports and templates are not what is looked for
    move_on()
    with cProfile.Profile(time.process_time) as found:
        client.get(page, headers=BROWSER)
    pstats.Stats(found).sort_stats("cumulative").print_stats(45)
    move_on()
    with CaptureQueriesContext(connection) as captured:
        client.get(page, headers=BROWSER)
    for query in sorted(captured.captured_queries, key=lambda query: -float(query["time"]))[:6]:
        print(query["time"], query["sql"][:1500], "\n")


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kpis", type=int, default=5_000)
    parser.add_argument("--only", default="", help="pages whose address contains this")
    parser.add_argument("--profile", help="profile the pages whose address contains this instead")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not is_built():
        build(options.rows, options.kpis)
    prepared()
    EXAMPLES.update(LARGE)
    found = sorted({f"/kk/{page.path}" for page in public_pages()})
    if options.profile:
        for page in found:
            if options.profile in page:
                profile(Client(), page)
        return
    with serving("benchmarks.pages:application()", WEB_CONCURRENCY="1") as server:
        rows = [measure(server, page) for page in found if options.only in page]
    report(rows)
    if options.json:
        options.json.write_text(json.dumps([row._asdict() for row in rows], indent=2))


def report(rows: list[Row]) -> None:
    """Prints the pages, the slowest first."""
    medians = [row.trivial.median for row in rows]
    middle = statistics.median(medians)
    print(f"a trivial view: {min(medians):.2f} to {max(medians):.2f} ms, {middle:.2f} in the middle\n")
    print(f"{'':60}{'computed':>30}{'kept':>30}")
    print(f"{'page':60}{2 * HEADS}{'queries':>9}")
    for row in sorted(rows, key=lambda row: -row.computed.p95):
        computed, kept = (in_words(times, row.trivial) for times in (row.computed, row.kept))
        print(f"{row.page:60}{computed}{kept}{row.queries:>9}", flush=True)


if __name__ == "__main__":
    main()
