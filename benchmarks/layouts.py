"""Other ways to lay out figures and their revisions, beside the one in use, with the figures that there are.

    BAGDAR_VAR=FOLDER python -m deploy.embedded run -- python -m benchmarks.layouts [--parts 16]

Copies both tables of the database (`benchmarks.growth` fills it) into a schema of their own: as they are; in
parts by a hash of the series; in parts by spans of the series' numbers. Prints the seconds of copying all, of
a new year of every series, of a million figures of new series, of 100,000 changes and of VACUUM, the size,
and the milliseconds of reading. The schema is dropped in the end.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

COLUMNS = {
    "observation": """series_id bigint NOT NULL, period_start date NOT NULL, value numeric,
        status varchar(1) NOT NULL, published_at timestamptz NOT NULL,
        PRIMARY KEY (series_id, period_start)""",
    "revision": """id bigint NOT NULL, series_id bigint NOT NULL, period_start date NOT NULL, value numeric,
        status varchar(1) NOT NULL, recorded_at timestamptz NOT NULL, user_id bigint, upload_id bigint,
        entry_id bigint, origin varchar(200) NOT NULL, reason varchar(1000) NOT NULL, released_on date""",
}
INDEXES = """
CREATE INDEX ON layouts.observation USING brin (published_at);
CREATE INDEX ON layouts.revision (series_id, period_start, id DESC);
CREATE INDEX ON layouts.revision (upload_id);
CREATE INDEX ON layouts.revision (entry_id);
"""
FILL = {
    "observation": """INSERT INTO layouts.observation
        SELECT series_id, period_start, value, status, published_at FROM indicators_observation""",
    "revision": """INSERT INTO layouts.revision
        SELECT id, series_id, period_start, value, status, recorded_at, user_id, upload_id, entry_id, origin,
               reason, released_on FROM indicators_observationrevision""",
}
NEW_YEAR = (
    "SELECT id AS series_id, date '1901-01-01' AS period_start FROM public.indicators_series ORDER BY id"
)
NEW_SERIES = """SELECT (SELECT max(id) FROM public.indicators_series) + n AS series_id,
    make_date(2001 + y, 1, 1) AS period_start FROM generate_series(1, 50000) n, generate_series(1, 20) y"""
PUBLISH = """
INSERT INTO layouts.revision SELECT nextval('layouts.number'), series_id, period_start, 52.3, 'A', now(), 1,
    1, NULL, 'D1000000', '', NULL FROM ({figures}) figures;
INSERT INTO layouts.observation SELECT series_id, period_start, 52.3, 'A', now() FROM ({figures}) figures;
"""
CHANGE = """
UPDATE layouts.observation SET value = value + 1, published_at = now()
WHERE period_start = '2020-01-01' AND series_id IN (
    SELECT id FROM public.indicators_series ORDER BY id % 7, id LIMIT 100000)
"""
READ = {
    "a series": "SELECT * FROM layouts.observation WHERE series_id = {one} ORDER BY period_start",
    "fifty series": "SELECT * FROM layouts.observation WHERE series_id IN ({fifty})",
    "a series' revisions": "SELECT * FROM layouts.revision WHERE series_id = {one}",
    "a page of the list": "SELECT * FROM layouts.observation WHERE series_id >= {one} "
    "ORDER BY series_id, period_start LIMIT 1000",
    "the newest revisions": "SELECT * FROM layouts.revision ORDER BY id DESC LIMIT 1000",
    "a revision by its number": "SELECT * FROM layouts.revision WHERE id = {one}",
    "5,000 series for the recomputation": "SELECT series_id, period_start, value::float8 FROM "
    "layouts.observation WHERE series_id BETWEEN {one} AND {one} + 4999",
}  # fmt: skip
VACUUM = "VACUUM ANALYZE layouts.observation, layouts.revision"
TURNS = 200


def ddl(layout: str, parts: int, last: int) -> Iterator[str]:
    """The statements that make both tables."""
    yield "DROP SCHEMA IF EXISTS layouts CASCADE; CREATE SCHEMA layouts"
    by = {
        "as it is": "",
        "by hash": "PARTITION BY HASH (series_id)",
        "by span": "PARTITION BY RANGE (series_id)",
    }
    for table, columns in COLUMNS.items():
        key = f", PRIMARY KEY (id{', series_id' if by[layout] else ''})" if table == "revision" else ""
        yield f"CREATE TABLE layouts.{table} ({columns}{key}) {by[layout]}"
        for number in range(parts if by[layout] else 0):
            spans = f"FROM ({number * last // parts or 'MINVALUE'}) TO ({(number + 1) * last // parts})"
            if number == parts - 1:
                spans = f"FROM ({number * last // parts}) TO (MAXVALUE)"
            values = f"WITH (MODULUS {parts}, REMAINDER {number})" if layout == "by hash" else spans
            yield f"CREATE TABLE layouts.{table}_{number} PARTITION OF layouts.{table} FOR VALUES {values}"
    yield INDEXES


class Database:
    """Statements, with the seconds that they take."""

    def __init__(self) -> None:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        self.cursor = connection.cursor()
        self.cursor.execute("SET work_mem = '128MB'; SET jit = off")

    def do(self, statement: str) -> float:
        """Seconds of it."""
        began = time.perf_counter()
        self.cursor.execute(statement)
        return time.perf_counter() - began

    def ask(self, statement: str) -> Any:
        """The first value of the answer."""
        self.cursor.execute(statement)
        return self.cursor.fetchone()[0]

    def read(self, statement: str, last: int) -> float:
        """Milliseconds in the median, each time for others, rows fetched."""
        choose, times = random.Random(1), []
        for _ in range(TURNS):
            some = sorted(choose.randint(1, last) for _ in range(50))
            text = statement.format(one=some[0], fifty=", ".join(map(str, some)))
            began = time.perf_counter()
            self.cursor.execute(text)
            self.cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
        return statistics.median(times)


@contextmanager
def scratch(database: Database, statements: Iterator[str]) -> Iterator[None]:
    """The schema, while it is needed."""
    for statement in statements:
        database.do(statement)
    yield
    database.do("DROP SCHEMA layouts CASCADE")


def measure(database: Database, layout: str, parts: int) -> dict[str, float]:
    """Seconds, megabytes and milliseconds of a layout."""
    last = database.ask("SELECT max(id) FROM indicators_series")
    found = {}
    with scratch(database, ddl(layout, parts, last)):
        for table, statement in FILL.items():
            found[f"copying all: {table}, s"] = database.do(statement)
        number = database.ask("SELECT max(id) + 1 FROM layouts.revision")
        database.do(f"CREATE SEQUENCE layouts.number START {number}")
        database.do(VACUUM)
        for name, figures in (("a new year, s", NEW_YEAR), ("a million of new series, s", NEW_SERIES)):
            found[name] = database.do(PUBLISH.format(figures=figures))
        found["100,000 changes, s"] = database.do(CHANGE)
        found["VACUUM, s"] = database.do(VACUUM)
        sizes = (
            f"SELECT sum(pg_{kind}_size(oid)) / 1e6 FROM pg_class "
            "WHERE relnamespace = 'layouts'::regnamespace AND relkind = 'r'"
            for kind in ("table", "indexes")
        )
        found["tables, MB"], found["indexes, MB"] = (float(database.ask(size)) for size in sizes)
        for name, statement in READ.items():
            database.read(statement, last)
            found[f"{name}, ms"] = database.read(statement, last)
    return found


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=16)
    options = parser.parse_args()
    database, layouts = Database(), ("as it is", "by hash", "by span")
    found = [measure(database, layout, options.parts) for layout in layouts]
    print(f"| | {' | '.join(layouts)} |\n|---|{'---|' * len(layouts)}")
    for name in found[0]:
        print(f"| {name} | {' | '.join(f'{each[name]:.2f}' for each in found)} |", flush=True)


if __name__ == "__main__":
    main()
