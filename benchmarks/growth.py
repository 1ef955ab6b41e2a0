"""How cost grows with the number of figures: imports, recomputing, size, pages and lists of the API.

    BAGDAR_VAR=FOLDER python -m deploy.embedded run -- python -m benchmarks.growth
        [--rows 1000000] [--times 10] [--measure 1 10] [--skip recomputing] [--json FILE]

Begins with the world of `benchmarks.page_world` and so many figures, and adds as many again and again until
there are `times` as many. Where it measures, it brings in by upload a fifth of `rows` as figures of new
series and a fifth as earlier years of series all over the table, asks for pages and lists, computed each
time, promises each indicator in fifty places, recomputes everything, and adds up the sizes. What is there
already, in that folder, is not built again.
"""

import argparse
import csv
import datetime as dt
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files import File  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.page_world import NAMES, PLACES, SHORT, YEARS, build, is_built  # noqa: E402
from benchmarks.pages import Times, move_on, timed  # noqa: E402
from cities.models import Territory, TerritoryGroup  # noqa: E402
from indicators.models import (  # noqa: E402
    Breakdown,
    Indicator,
    Source,
    TouchedSeries,
    Unit,
    UntoldFigures,
    Upload,
)
from indicators.services.uploading import (  # noqa: E402
    apply_upload,
    confirm_upload,
    preview_upload,
    receive_upload,
)
from portal.services.pruning import RULES  # noqa: E402
from programmes.models import Kpi, Programme, Progress, Target  # noqa: E402
from programmes.services.running import recompute_everything  # noqa: E402

FIRST_YEAR, EACH = 2006, PLACES * YEARS
ASKED, PATIENCE = 11, 10
"""How often each page is asked for, and for about how many seconds at most, but three times at least."""
MADE_UP = Indicator.objects.filter(code__startswith="bench-")
PAGES = {
    "home": "/kk/",
    "a KPI": "/kk/programmes/bench-1/kpis/K-1/",
    "a KPI of fifty places": "/kk/programmes/bench-50/kpis/K-1/",
    "revisions of a KPI": "/kk/programmes/bench-1/kpis/K-1/revisions/",
    "a city": "/kk/territories/almaty/",
    "the catalogue": "/kk/indicators/",
    "an indicator": "/kk/indicators/bench-1/",
    "figures": "/api/v1/observations/",
    "1,000 figures of an indicator": "/api/v1/observations/?indicator=bench-7&limit=1000",
    "1,000 figures of a place": "/api/v1/observations/?territory=bench-7&limit=1000",
    "1,000 figures since 2025": "/api/v1/observations/?period_from=2025&limit=1000",
    "figures, none that late": "/api/v1/observations/?period_from=2028",
    "figures that are suppressed, none": "/api/v1/observations/?status=Q",
    "the newest figures first": "/api/v1/observations/?ordering=-published_at",
    "the latest periods first": "/api/v1/observations/?ordering=-period",
    "figures of an indicator as of a day": "/api/v1/observations/?indicator=bench-7&as_of=2020-01-01",
    "revisions": "/api/v1/revisions/",
    "revisions of an indicator": "/api/v1/revisions/?indicator=bench-7",
    "revisions since now": "/api/v1/revisions/?recorded_after={now}",
    "figures published since": "/api/v1/observations/?updated_after={sync}&limit=1000",
    "a programme's feed": "/kk/feeds/programmes/bench-50.atom",
}  # fmt: skip

MORE = """
CREATE TEMPORARY TABLE added ON COMMIT DROP AS
SELECT id FROM indicators_indicator WHERE code = ANY(%s);
INSERT INTO indicators_series (indicator_id, territory_id, breakdown_id, source_id, frequency)
SELECT added.id, t.id, b.id, s.id, 'A'
FROM added, cities_territory t, indicators_breakdown b, indicators_source s
WHERE t.code LIKE 'bench-%%' AND b.code = '' AND s.code = 'bureau' ORDER BY 1, 2;
WITH revised AS (
    INSERT INTO indicators_observationrevision
        (series_id, period_start, value, status, recorded_at, origin, reason)
    SELECT s.id, make_date(y, 1, 1), 50 + s.id %% 40 + (s.id * 31 + y * 17) %% 10 * 0.1, 'A', now(),
           'benchmark', ''
    FROM indicators_series s JOIN added ON added.id = s.indicator_id, generate_series(2006, 2025) y
    ORDER BY 1, 2
    RETURNING series_id, period_start, value, status, recorded_at
)
INSERT INTO indicators_observation (series_id, period_start, value, status, published_at)
SELECT series_id, period_start, value, status, recorded_at FROM revised;
"""


class Spent(NamedTuple):
    """Seconds by the clock, and those of the processor in this process and in its connection's server."""

    clock: float
    processor: float

    def per_million(self, count: int) -> "Spent":
        """The same for a million."""
        return Spent(self.clock * 1e6 / count, self.processor * 1e6 / count)

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.processor:.1f} of the processor)"


def spent(step: Callable[[], object]) -> Spent:
    """How long the step takes."""
    began, busy = time.perf_counter(), processor()
    step()
    return Spent(time.perf_counter() - began, processor() - busy)


def processor() -> float:
    """Seconds that this process and its connection's server have worked; the latter on the same machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def have() -> int:
    """How many figures were made up so far, earlier years that were added to measure aside."""
    return MADE_UP.count() * EACH


def add(rows: int) -> None:
    """So many figures with their revisions, of new indicators."""
    codes = add_indicators(rows // EACH)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MORE, [codes])


def add_indicators(count: int) -> list[str]:
    """So many more in the catalogue; their codes."""
    known, unit = MADE_UP.count(), Unit.objects.get(code="PT")
    codes = [f"bench-{known + number}" for number in range(1, count + 1)]
    Indicator.objects.bulk_create(
        Indicator(code=code, unit=unit, decimals=1, frequency="A", **NAMES) for code in codes
    )
    return codes


def promise() -> None:
    """A programme whose KPIs promise in fifty places each of the indicators that are not promised so yet."""
    number = Programme.objects.filter(code__startswith="growth-").count() + 1
    programme = Programme.objects.create(
        code=f"growth-{number}", territory=Territory.objects.get(parent=None), starts_on=dt.date(2010, 1, 1),
        ends_on=dt.date(2030, 12, 31), **NAMES, **SHORT,
    )  # fmt: skip
    total, group = Breakdown.objects.get(code=""), TerritoryGroup.objects.get(code="bench")
    kpis = Kpi.objects.bulk_create(
        Kpi(
            programme=programme, code=each.code, indicator=each, breakdown=total, group=group, form="level",
            comparator="at_least", baseline_value=50, baseline_start=dt.date(2010, 1, 1), **NAMES,
        )
        for each in MADE_UP.exclude(kpis__programme__code__startswith="growth-")
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(kpi=kpi, period_start=dt.date(year, 1, 1), value=year - 1955)
        for kpi in kpis
        for year in (2015, 2020, 2025, 2030)
    )


def figures(codes: Iterable[str], years: Iterable[int]) -> Iterator[tuple[str, str, int, str]]:
    """Indicator, territory, year and value of each."""
    keys = itertools.product(codes, range(1, PLACES + 1), years)
    for number, (indicator, place, year) in enumerate(keys):
        yield indicator, f"bench-{place}", year, f"{50 + number % 47}.{number % 10}"


def bring_in(rows: Iterable[tuple[str, str, int, str]]) -> tuple[Spent, Spent]:
    """Uploads the figures; for a million of them, what the preview takes, and what publishing them takes.

    The cells of the upload before are forgotten first, as they are after ninety days; what it touched is
    forgotten in the end, since everything is recomputed.
    """
    RULES["staged_figures"](timezone.now())
    user, source = User.objects.get(email="analyst@bagdar.example"), Source.objects.get(code="bureau")
    with tempfile.NamedTemporaryFile("w+", suffix=".csv", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
        writer.writerows(rows)
        stream.flush()
        with Path(stream.name).open("rb") as sent:
            upload = receive_upload(file=File(sent, "figures.csv"), user=user, source=source)
    previewed = spent(lambda: preview_upload(upload.pk))
    upload.refresh_from_db()
    count = upload.counts.get("new", 0)
    if set(upload.counts) - {"new", "missing"} or not count:
        raise SystemExit(f"Not all is new: {upload.counts} {upload.failure}")
    confirm_upload(upload=upload, by=user)
    applied = spent(lambda: apply_upload(upload.pk))
    if Upload.objects.get(pk=upload.pk).state != Upload.State.APPLIED:
        raise SystemExit("It was not published.")
    for outbox in (TouchedSeries, UntoldFigures):
        outbox.objects.all().delete()
    return previewed.per_million(count), applied.per_million(count)


def recomputed() -> Spent:
    """What a million results take in a full recomputation."""
    promise()
    return spent(recompute_everything).per_million(Progress.objects.count())


def sizes() -> dict[str, float]:
    """Bytes of the whole database, of all rows in it without anything around them, and of each larger table
    its rows alone, the table and its indexes."""
    found: dict[str, float] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT coalesce(sum(pg_column_size(each.*)), 0), pg_table_size('{table}'), "
                f"pg_indexes_size('{table}') FROM {table} each"
            )
            names = (f"{table}: {part}" for part in ("rows", "table", "indexes"))
            found |= dict(zip(names, map(float, cursor.fetchone()), strict=True))
        rows = sum(size for name, size in found.items() if name.endswith(": rows"))
        cursor.execute("SELECT pg_database_size(current_database())")
        whole = float(cursor.fetchone()[0])
    large = {name: size for name, size in found.items() if size > whole / 100}
    return {"database": whole, "bare rows": rows, **large}


def asked(client: Client) -> dict[str, Times]:
    """Milliseconds of each page and list, computed: with the state of the data moved on before each."""
    sync = client.get("/api/v1/observations/?limit=1").json()["sync"]
    now = timezone.now().isoformat().replace("+", "%2B")
    found = {}
    for name, address in PAGES.items():
        path = address.format(sync=sync, now=now)
        client.get(path)
        move_on()
        began = time.perf_counter()
        answer = client.get(path)
        turns = max(3, min(ASKED, round(PATIENCE / (time.perf_counter() - began))))
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.content[:300]!r}")
        found[name] = timed(partial(client.get, path), turns, move_on)
    return found


def measure(client: Client, rows: int, *, recomputes: bool) -> dict[str, Any]:
    """Everything that is measured with what there is, uploads being of so many figures."""
    count, years = rows // EACH, 4
    codes = list(MADE_UP.order_by("pk").values_list("code", flat=True))
    spread = codes[:: len(codes) * years // (count * YEARS) or 1][: count * YEARS // years]
    oldest = FIRST_YEAR - years * Upload.objects.filter(file_name="figures.csv").count()
    found: dict[str, Any] = {}
    for kind, rows_of_kind in (
        ("earlier years", figures(spread, range(oldest - years, oldest))),
        ("new series", figures(add_indicators(count), range(FIRST_YEAR, FIRST_YEAR + YEARS))),
    ):
        found[f"{kind}: preview"], found[f"{kind}: publishing"] = bring_in(rows_of_kind)
    RULES["staged_figures"](timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    times = asked(client)
    if recomputes:
        found["recomputing"] = recomputed()
    return {"spent": found, "sizes": sizes(), "asked": times}


def show(figures: int, found: dict[str, Any], first: dict[str, Any]) -> None:
    """What was measured, and how it stands to what was measured first."""
    size, rows = found["sizes"], found["sizes"]["bare rows"]
    print(f"\n{figures:,} figures")
    for name, cost in found["spent"].items():
        ratio = cost.processor / first["spent"].get(name, cost).processor
        print(f"{name:45}{cost!s:>32} a million, × {ratio:.2f} by the processor")
    for name, bytes_ in size.items():
        print(f"{name:45}{bytes_ / 1e6:10.0f} MB {bytes_ / rows:8.2f} × the bare rows")
    for name, times in found["asked"].items():
        base = first["asked"][name]
        print(f"{name:45}{times.least:10.1f} ms at least, {times.median:8.1f} median, {times.p95:8.1f} p95, "
              f"× {times.least / base.least:.2f}, {times.median / base.median:.2f}", flush=True)  # fmt: skip


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--measure", type=int, nargs="*", default=[1, 10])
    parser.add_argument("--skip", nargs="*", default=[], choices=["recomputing"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS.append("testserver")
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}
    if not is_built():
        build(options.rows, 5_000)
    client = Client()
    found: dict[int, dict[str, Any]] = {}
    while True:
        times = have() // options.rows
        if times in options.measure:
            found[times] = measure(client, options.rows // 5, recomputes="recomputing" not in options.skip)
            show(have(), found[times], next(iter(found.values())))
        if times >= options.times:
            break
        print(f"adding {options.rows:,} figures: {spent(lambda: add(options.rows))}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
