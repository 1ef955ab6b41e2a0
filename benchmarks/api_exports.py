"""Whole lists of the API beside what PostgreSQL and XlsxWriter can do at best.

    python -m deploy.embedded run --throwaway -- python -m benchmarks.api_exports [--rows 1000000]

Makes up so many observations in a database that is thrown away. Streams all of them as CSV and as SDMX-CSV
through the API's view, and takes the same rows by a bare `COPY … TO STDOUT`; makes a workbook of 100,000 of
them, and one of the same cells by a bare loop of XlsxWriter; makes a bulk snapshot of everything. Every
measure has a process of its own, whose peak memory is shown. Prints the middle of some turns, and the ratios.
"""

import argparse
import json
import multiprocessing
import os
import re
import shutil
import statistics
import time
from collections.abc import Callable
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import xlsxwriter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.urls import resolve  # noqa: E402

from benchmarks.page_world import FIGURES, PLACES, PLACES_AND_CATALOGUE, YEARS  # noqa: E402
from common.exporting.copying import PIECE  # noqa: E402
from portal.services.snapshots import make_snapshot  # noqa: E402

TURNS = 5
WORKBOOK_ROWS = 100_000
BARE = """
COPY (SELECT i.code, t.code, b.code, s.code, x.frequency, o.period_start, o.value, o.status, o.published_at
FROM indicators_observation o
JOIN indicators_series x ON x.id = o.series_id
JOIN indicators_indicator i ON i.id = x.indicator_id
JOIN cities_territory t ON t.id = x.territory_id
JOIN indicators_breakdown b ON b.id = x.breakdown_id
JOIN indicators_source s ON s.id = x.source_id
ORDER BY o.series_id, o.period_start) TO STDOUT (FORMAT csv)
"""
TABLE = "COPY indicators_observation TO STDOUT (FORMAT csv)"


class Measure(NamedTuple):
    """Seconds, megabytes written and the process's peak memory in megabytes."""

    seconds: float
    written: float
    memory: float


class Counted:
    """A file that forgets what it is given."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: bytes) -> None:
        """Counts."""
        self.bytes += len(data)


def asked(query: str) -> int:
    """Bytes of an answer of the API, streamed to its end."""
    path = "/api/v1/observations/"
    view, _arguments, _names = resolve(path)
    response: Any = view(RequestFactory().get(f"{path}?{query}"))
    assert response.status_code == 200, response
    written = sum(map(len, response.streaming_content))
    response.close()
    return written


def copied(statement: str) -> int:
    """Bytes of a bare COPY."""
    counted = Counted()
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, counted, PIECE)
    return counted.bytes


def loop() -> int:
    """Bytes of a workbook of the same cells, from rows that lie in memory already."""
    row = ["bench-10:bench-10:_T:bureau:2024", "bench-10", "bench-10", "_T", "bureau", "A", "2024", 54.3]
    row += ["A", "2025-03-01T04:00:00Z"]
    with TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for line in range(WORKBOOK_ROWS + 1):
                for column, cell in enumerate(row):
                    sheet.write(line, column, cell)
        return file.tell()


def snapshot() -> int:
    """Bytes of a bulk snapshot of everything: figures and as many revisions, gzipped."""
    folder = make_snapshot()
    assert folder is not None
    written = sum(file.stat().st_size for file in folder.iterdir())
    shutil.rmtree(folder)
    return written


def measures() -> dict[str, Callable[[], int]]:
    """What is measured, by name."""
    wanted = "&".join(f"indicator=bench-{n}" for n in range(1, WORKBOOK_ROWS // (PLACES * YEARS) + 1))
    return {
        "COPY of the table": lambda: copied(TABLE),
        "COPY of the same columns": lambda: copied(BARE),
        "CSV": lambda: asked("format=csv&limit=all"),
        "SDMX-CSV": lambda: asked("format=sdmx-csv"),
        "XlsxWriter loop": loop,
        "XLSX": lambda: asked(f"format=xlsx&limit=all&{wanted}"),
        "bulk snapshot": snapshot,
    }


def peak_memory() -> float:
    """Of this process, in MB; what a child's resource usage says begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def turn(name: str, taking: Connection) -> None:
    """Measures once, after the process has asked for something small."""
    settings.ALLOWED_HOSTS.append("testserver")
    asked("format=csv&limit=all&indicator=bench-1")
    began = time.perf_counter()
    written = measures()[name]()
    seconds = time.perf_counter() - began
    taking.send(Measure(seconds, written / 1e6, peak_memory()))


def in_a_process(name: str) -> Measure:
    """One turn in a process of its own."""
    context = multiprocessing.get_context("spawn")
    giving, taking = context.Pipe()
    process = context.Process(target=turn, args=(name, taking))
    process.start()
    found: Measure = giving.recv()
    process.join()
    return found


def build(rows: int) -> None:
    """The portal's catalogue, and so many figures."""
    call_command("migrate", verbosity=0)
    call_command("load_data", verbosity=0, stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(PLACES_AND_CATALOGUE, {"indicators": max(1, rows // (PLACES * YEARS))})
        cursor.execute(FIGURES)
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    """Builds, measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    build(options.rows)
    turns = [{name: in_a_process(name) for name in measures()} for _ in range(options.turns)]
    print(f"{'':28}{'seconds':>10}{'MB':>10}{'MB/s':>10}{'memory':>10}")
    found = {}
    for name in turns[0]:
        found[name] = sorted((turn[name] for turn in turns), key=lambda each: each.seconds)[len(turns) // 2]
        seconds, written, memory = found[name]
        print(f"{name:28}{seconds:>10.2f}{written:>10.1f}{written / seconds:>10.1f}{memory:>10.0f}")
    ratios = {
        f"{name} by {base}": statistics.median(turn[base].seconds / turn[name].seconds for turn in turns)
        for base in ("COPY of the table", "COPY of the same columns")
        for name in ("CSV", "SDMX-CSV")
    }
    ratios["XLSX: times the loop"] = statistics.median(
        turn["XLSX"].seconds / turn["XlsxWriter loop"].seconds for turn in turns
    )
    for name, ratio in ratios.items():
        print(f"{name:50}{ratio:>8.2f}")
    if options.json:
        options.json.write_text(json.dumps({"measures": found, "ratios": ratios}, indent=2))


if __name__ == "__main__":
    main()
