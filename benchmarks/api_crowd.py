"""Readers and writers of the API together: fifty clients, and somebody who revises figures all the while.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.api_crowd [--rows N] [--seconds 120]

Gunicorn with two processes over so many observations. Readers ask for lists and single rows, with the ETag of
the last answer every other time. The writer publishes a revision, asks for the figure at once with the ETag
that it had before, and expects the new value, ten times a second. Prints the requests, their 50th, 95th and
99th percentile and the slowest in milliseconds, the errors, and how many answers were stale.
"""

import argparse
import datetime as dt
import http.client
import json
import os
import random
import statistics
import threading
import time
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from benchmarks.page_world import PROGRAMMES, build, is_built  # noqa: E402
from benchmarks.serving import serving  # noqa: E402
from indicators.models import Series  # noqa: E402
from indicators.services.publishing import Figure, publish  # noqa: E402

READERS, PAUSE = 50, 0.1
YEAR = "2020"


def ask(connection: http.client.HTTPConnection, path: str, etag: str = "") -> tuple[int, str, bytes]:
    """Status, ETag and body of an answer."""
    connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
    response = connection.getresponse()
    return response.status, response.headers.get("ETag", ""), response.read()


class Crowd:
    """What the readers have seen."""

    def __init__(self, server: str, until: float) -> None:
        self.server, self.until = server, until
        self.times: list[float] = []
        self.statuses: list[int] = []

    def read(self, number: int) -> None:
        """A reader, until the time is over."""
        choose = random.Random(number)
        etags: dict[str, str] = {}
        connection = http.client.HTTPConnection(self.server, timeout=60)
        while time.monotonic() < self.until:
            path = self.path(choose)
            began = time.perf_counter()
            status, etag, _body = ask(connection, path, etags.get(path, "") if choose.random() < 0.5 else "")
            self.times.append((time.perf_counter() - began) * 1000)
            self.statuses.append(status)
            etags[path] = etag
            time.sleep(choose.uniform(0, 2 * PAUSE))

    def path(self, choose: random.Random) -> str:
        """An address: lists of a programme mostly, figures of an indicator, single rows."""
        programme = f"bench-{choose.randint(1, PROGRAMMES - 1)}"
        indicator = f"bench-{choose.randint(1, 1_000)}"
        return choose.choice(
            [
                f"/api/v1/kpis/?programme={programme}",
                f"/api/v1/standings/?programme={programme}",
                f"/api/v1/progress/?programme={programme}&year_from=2024",
                f"/api/v1/observations/?indicator={indicator}&limit=1000",
                f"/api/v1/kpis/{programme}:K-{choose.randint(0, 99)}/",
                "/api/v1/programmes/",
            ]
        )


def write(server: str, until: float) -> tuple[int, int]:
    """How many revisions were published, and how many answers right after did not have them."""
    series = Series.objects.select_related("indicator", "territory", "source").get(
        indicator__code="bench-1", territory__code="bench-1"
    )
    of = (series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency)
    names = (series.indicator.code, series.territory.code, "_T", series.source.code, YEAR)
    path = f"/api/v1/observations/{':'.join(names)}/"
    connection = http.client.HTTPConnection(server, timeout=60)
    revisions = stale = 0
    _status, etag, _body = ask(connection, path)
    while time.monotonic() < until:
        value = Decimal(revisions % 89) + Decimal("0.5")
        publish([Figure(*of, dt.date(int(YEAR), 1, 1), value, "A", "benchmark")], reason="measured")
        status, etag, body = ask(connection, path, etag)
        revisions += 1
        stale += status != 200 or Decimal(str(json.loads(body)["value"])) != value
        time.sleep(PAUSE)
    return revisions, stale


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kpis", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    if not is_built():
        build(options.rows, options.kpis)
    with serving() as server:
        crowd = Crowd(server, time.monotonic() + options.seconds)
        readers = [threading.Thread(target=crowd.read, args=[number]) for number in range(READERS)]
        for reader in readers:
            reader.start()
        revisions, stale = write(server, crowd.until)
        for reader in readers:
            reader.join()
    cuts = statistics.quantiles(crowd.times, n=100)
    print(f"{len(crowd.times)} requests, {len(crowd.times) / options.seconds:.0f} a second")
    middle, most, nearly_all = cuts[49], cuts[94], cuts[98]
    print(
        f"p50 {middle:.0f} ms, p95 {most:.0f} ms, p99 {nearly_all:.0f} ms, slowest {max(crowd.times):.0f} ms"
    )
    print(f"not modified: {crowd.statuses.count(304)}")
    print(f"errors: {sum(status not in {200, 304} for status in crowd.statuses)}")
    print(f"revisions: {revisions}, stale answers: {stale}")


if __name__ == "__main__":
    main()
