"""How long people wait while a large table is changed, in the way of docs/migrations.md, and the obvious way.

`python -m deploy.embedded run --throwaway -- python -m benchmarks.migrations [--rows 3000000]`
"""

import argparse
import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

FILL = """
CREATE TABLE figure (
    id bigint PRIMARY KEY, series integer NOT NULL, day date NOT NULL, value numeric NOT NULL,
    note text NOT NULL DEFAULT ''
);
INSERT INTO figure SELECT n, n / 20, date '2000-01-01' + n % 9000, n / 7.0 FROM generate_series(1, {rows}) n;
CREATE INDEX ON figure (series);
VACUUM ANALYZE figure;
"""
IN_BATCHES = """
UPDATE figure SET unit = 1 WHERE id > {first} AND id <= {first} + 10000
"""
WELL = (
    ("a column without a value", "ALTER TABLE figure ADD COLUMN unit integer"),
    ("a column with a constant", "ALTER TABLE figure ADD COLUMN status text NOT NULL DEFAULT 'A'"),
    ("an index, concurrently", "CREATE INDEX CONCURRENTLY ON figure (day)"),
    ("a constraint, not validated", "ALTER TABLE figure ADD CONSTRAINT c CHECK (value > 0) NOT VALID"),
    ("its validation", "ALTER TABLE figure VALIDATE CONSTRAINT c"),
    ("data in batches of 10,000", IN_BATCHES),
    (
        "that it is filled, not validated",
        "ALTER TABLE figure ADD CONSTRAINT n CHECK (unit IS NOT NULL) NOT VALID",
    ),
    ("its validation", "ALTER TABLE figure VALIDATE CONSTRAINT n"),
    ("NOT NULL, of which that is the proof", "ALTER TABLE figure ALTER COLUMN unit SET NOT NULL"),
)
BADLY = (
    ("an index", "CREATE INDEX ON figure (day)"),
    ("a constraint", "ALTER TABLE figure ADD CHECK (value > 0)"),
    ("data at once", "UPDATE figure SET status = 'B'"),
    ("another type", "ALTER TABLE figure ALTER COLUMN series TYPE bigint"),
)


class Person(threading.Thread):
    """Does one small thing again and again, and notes how long each took, in seconds."""

    def __init__(self, statement: str) -> None:
        super().__init__(daemon=True)
        self.statement, self.waits, self.goes_on = statement, [0.0], True

    def run(self) -> None:
        opened = psycopg2.connect(os.environ["DATABASE_URL"])
        opened.autocommit = True
        with opened.cursor() as cursor:
            while self.goes_on:
                began = time.perf_counter()
                cursor.execute(self.statement)
                self.waits.append(time.perf_counter() - began)
                time.sleep(0.002)
        opened.close()


@contextmanager
def people() -> Iterator[tuple[Person, Person]]:
    """One who reads and one who writes."""
    both = (
        Person("SELECT value FROM figure WHERE id = 77"),
        Person("UPDATE figure SET note = 'x' WHERE id = 78"),
    )
    for each in both:
        each.start()
    time.sleep(0.3)
    yield both
    time.sleep(0.1)
    for each in both:
        each.goes_on = False
        each.join()


def measure(statement: str, rows: int) -> tuple[float, float, float]:
    """Seconds that the change took, and the longest that the reader and the writer waited."""
    opened = psycopg2.connect(os.environ["DATABASE_URL"])
    opened.autocommit = True
    with people() as (reader, writer), opened.cursor() as cursor:
        began = time.perf_counter()
        for first in range(0, rows, 10_000) if "{first}" in statement else (0,):
            cursor.execute(statement.format(first=first))
        seconds = time.perf_counter() - began
    opened.close()
    return seconds, max(reader.waits), max(writer.waits)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    rows = parser.parse_args().rows
    opened = psycopg2.connect(os.environ["DATABASE_URL"])
    opened.autocommit = True
    for statement in FILL.format(rows=rows).split(";\n"):
        if statement.strip():
            opened.cursor().execute(statement)
    opened.close()
    with people() as (reader, writer):
        time.sleep(3)
    print(f"{rows:,} rows; undisturbed: a reader {statistics.median(reader.waits) * 1000:.1f} ms, "
          f"a writer {statistics.median(writer.waits) * 1000:.1f} ms")  # fmt: skip
    print("| change | takes | a reader waits at most | a writer waits at most |\n|---|---|---|---|")
    for title, statement in (*WELL, *BADLY):
        seconds, reading, writing = measure(statement, rows)
        print(
            f"| {title} | {seconds:.2f} s | {reading * 1000:.0f} ms | {writing * 1000:.0f} ms |", flush=True
        )


if __name__ == "__main__":
    main()
