"""Public pages over a country's worth of promises: computed and kept, beside a trivial Django view.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.pages [--rows 1000000] [--kpis 5000]
        [--only PART] [--json FILE] [--profile PART]

Makes up so many observations and KPIs, then asks for every public page of the URL configuration
(tests/pages.py): computed, with the state of the data moved on before each request, and kept. Prints the
median and the 95th percentile in milliseconds, the number of queries, and the ratios to a view that answers
"ok" in the same run.
"""

import argparse
import cProfile
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
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from benchmarks.page_world import PROGRAMMES, build, is_built  # noqa: E402
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
COMPUTED, KEPT = 12, 60
HEADS = f"{'least':>8}{'median':>8}{'p95':>8}{'×':>6}"
GZIP = {"Accept-Encoding": "gzip"}


class Times(NamedTuple):
    """Milliseconds. The least tells more than the others where the machine has other work."""

    least: float
    median: float
    p95: float


class Row(NamedTuple):
    """A page's measures."""

    page: str
    computed: Times
    kept: Times
    queries: int


def in_words(times: Times, base: Times) -> str:
    """The times, and how often the trivial view's median goes into theirs."""
    ratio = times.median / base.median
    return f"{times.least:>8.1f}{times.median:>8.1f}{times.p95:>8.1f}{ratio:>6.1f}"


def trivial(request: HttpRequest) -> HttpResponse:
    """What the others are compared with."""
    return HttpResponse("ok")


urlpatterns = [path("trivial/", trivial), *addresses]


def timed(ask: Callable[[], object], count: int, before: Callable[[], object] = lambda: None) -> Times:
    """Of so many times; `before` is not counted."""
    times = []
    for _ in range(count):
        before()
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
    return Times(min(times), statistics.median(times), sorted(times)[int(count * 0.95)])


def measure(client: Client, page: str) -> Row:
    """A page, after it was asked for once: imports and templates are not what is measured."""

    def ask() -> None:
        assert client.get(page, headers=GZIP).status_code == 200, page

    ask()
    move_on()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)
    return Row(page, timed(ask, COMPUTED, move_on), timed(ask, KEPT), queries)


def move_on() -> None:
    """The state of the public data becomes another, as if every table had been written to."""
    PublicChange.objects.all().delete()
    PublicChange.objects.bulk_create(PublicChange(table_name=table) for table in public_tables())


def profile(client: Client, page: str) -> None:
    """Where a page's time goes: functions, then the slowest queries."""
    client.get(page, headers=GZIP)  # imports and templates are not what is looked for
    move_on()
    with cProfile.Profile(time.process_time) as found:
        client.get(page, headers=GZIP)
    pstats.Stats(found).sort_stats("cumulative").print_stats(45)
    move_on()
    with CaptureQueriesContext(connection) as captured:
        client.get(page, headers=GZIP)
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
    settings.ROOT_URLCONF = "benchmarks.pages"
    settings.ALLOWED_HOSTS.append("testserver")
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    EXAMPLES.update(LARGE)
    client, found = Client(), sorted({f"/kk/{page.path}" for page in public_pages()})
    if options.profile:
        for page in found:
            if options.profile in page:
                profile(client, page)
        return
    client.get("/trivial/")
    base = timed(lambda: client.get("/trivial/", headers=GZIP), 5 * KEPT)
    print(f"a trivial view: least {base.least:.2f} ms, median {base.median:.2f} ms, p95 {base.p95:.2f} ms\n")
    print(f"{'':60}{'computed':>30}{'kept':>30}")
    print(f"{'page':60}{2 * HEADS}{'queries':>9}")
    rows = [measure(client, page) for page in found if options.only in page]
    for row in sorted(rows, key=lambda row: -row.computed.p95):
        computed, kept = (in_words(times, base) for times in (row.computed, row.kept))
        print(f"{row.page:60}{computed}{kept}{row.queries:>9}", flush=True)
    if options.json:
        rows_as_json = {row.page: row._asdict() for row in rows}
        options.json.write_text(json.dumps({"trivial": base._asdict(), "pages": rows_as_json}, indent=2))


if __name__ == "__main__":
    main()
