"""The import path beside a bare COPY of the same rows into the same table with its indexes.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.import_path --rows 100000 [--json FILE]

Prints seconds, rows a second and the ratio to the COPY for each step, and the memory that the import took.
The figures are made up and rolled back. Foreign keys, which are checked when a transaction ends, are a step
of their own, of the import and of the COPY; undoing the import is another.
"""

import argparse
import csv
import itertools
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files import File  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from cities.models import Territory  # noqa: E402
from indicators.models import Indicator, Source  # noqa: E402
from indicators.services.copying import copy_rows  # noqa: E402
from indicators.services.reverting import figures_to_undo, revert_upload, undo_upload  # noqa: E402
from indicators.services.uploading import (  # noqa: E402
    apply_upload,
    confirm_upload,
    preview_upload,
    receive_upload,
)
from programmes.models import LoadedPackage  # noqa: E402

YEARS = range(1950, 2026)
COLUMNS = ("series_id", "period_start", "value", "status", "published_at")


class RollBack(Exception):  # noqa: N818 - no error: the measured rows are not kept
    """Ends the measuring transaction."""


def tidy_rows(count: int) -> Iterator[tuple[str, str, int, str]]:
    """So many rows of indicator, territory, year and value, each key once."""
    indicators = Indicator.objects.filter(kpis=None, bureau_where={}, minimum=0, maximum=None)
    codes = indicators.values_list("code", flat=True)
    keys = itertools.product(codes, Territory.objects.values_list("code", flat=True), YEARS)
    for number, (indicator, territory, year) in enumerate(itertools.islice(keys, count)):
        yield indicator, territory, year, f"{number % 997}.{number % 10}"


def measure(rows: int) -> dict[str, float]:
    """Seconds of each step for so many rows; under `memory` the megabytes that the import took at most."""
    seconds: dict[str, float] = {}

    def timed(name: str, step: Callable[[], object]) -> None:
        began = time.perf_counter()
        step()
        seconds[name] = time.perf_counter() - began

    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.MEDIA_ROOT = folder
        file = Path(folder) / "figures.csv"
        with file.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
            writer.writerows(tidy_rows(rows))
        user, source = User.objects.get(email="analyst@bagdar.example"), Source.objects.get(code="bureau")
        with file.open("rb") as sent:
            upload = receive_upload(file=File(sent, file.name), user=user, source=source)
        timed("preview", lambda: preview_upload(upload.pk))
        upload.refresh_from_db()
        if upload.counts.get("new") != rows:
            raise SystemExit(f"Only {upload.counts} of {rows} rows were staged: {upload.failure}")
        timed("confirm", lambda: confirm_upload(upload=upload, by=user))
        timed("apply", lambda: apply_upload(upload.pk))
        seconds["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        timed("foreign keys", check_foreign_keys)
        upload.refresh_from_db()
        timed("undo: page", lambda: list(figures_to_undo(upload)[:100]))
        timed("undo: decide", lambda: revert_upload(upload=upload, by=user, reason="benchmark"))
        timed("undo", lambda: undo_upload(upload.pk))
        seconds |= {name: rows * spent for name, spent in seconds_of_bare_copy().items()}
        transaction.set_rollback(True)
    return seconds


def check_foreign_keys() -> None:
    """Checks now what the end of the transaction would check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def seconds_of_bare_copy() -> dict[str, float]:
    """Per row: all observations into a copy of their table with its constraints and indexes, without and with
    the check of its foreign key."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM indicators_observation")
        rows = cursor.fetchall()
        cursor.execute("CREATE TABLE bare (LIKE indicators_observation INCLUDING ALL)")
        cursor.execute(
            "ALTER TABLE bare ADD FOREIGN KEY (series_id) REFERENCES indicators_series "
            "DEFERRABLE INITIALLY DEFERRED"
        )
        began = time.perf_counter()
        copy_rows("bare", COLUMNS, rows)
        copied = time.perf_counter() - began
        check_foreign_keys()
        checked = time.perf_counter() - began
    return {"bare COPY": copied / len(rows), "COPY with key": checked / len(rows)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not LoadedPackage.objects.exists():
        call_command("prepare", stdout=sys.stderr)
    seconds = measure(options.rows)
    seconds["whole import"] = seconds["preview"] + seconds["confirm"] + seconds["apply"]
    seconds["with keys"] = seconds["whole import"] + seconds["foreign keys"]
    if options.json:
        options.json.write_text(json.dumps({"rows": options.rows, "seconds": seconds}, indent=2))
    report(options.rows, seconds)


def report(rows: int, seconds: dict[str, float]) -> None:
    """A table on standard output."""
    memory = seconds.pop("memory")
    print(f"{rows:,} rows".replace(",", " "))
    print(f"{'step':14}{'seconds':>10}{'rows/s':>12}{'× COPY':>10}{'× with key':>12}")
    for name, spent in seconds.items():
        bare, keyed = (spent / seconds[copy] for copy in ("bare COPY", "COPY with key"))
        print(f"{name:14}{spent:10.2f}{rows / spent:12,.0f}{bare:10.1f}{keyed:12.1f}")
    print(f"peak memory of the import {memory:.0f} MB")


if __name__ == "__main__":
    main()
