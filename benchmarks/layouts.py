"""Other ways to lay out figures and their revisions, beside the one in use, with the figures that there are.

    BAGDAR_VAR=FOLDER python -m deploy.embedded run -- python -m benchmarks.layouts
        [--series N] [--parts 16] [--layouts "as it is" "by hash" "by span"]

Copies both tables of the database (`benchmarks.growth` fills it) into a schema of their own: as they are; in
parts by a hash of the series; in parts by spans of the series' numbers. Prints the seconds of copying, of a
new year of every series, of 200,000 figures of new series, of a change in every second series and of VACUUM,
the size, and the milliseconds of reading. Seconds are the server's of the processor: those of the clock
depend on what else the machine does. The schema is dropped in the end.
"""

import argparse
import os
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

LAYOUTS = {
    "as it is": "",
    "by hash": "PARTITION BY HASH (series_id)",
    "by span": "PARTITION BY RANGE (series_id)",
}
COLUMNS = {
    "observation": """series_id bigint NOT NULL, period_start date NOT NULL, value numeric,
        status varchar(1) NOT NULL, published_at timestamptz NOT NULL,
        PRIMARY KEY (series_id, period_start)""",
    "revision": """id bigint NOT NULL, series_id bigint NOT NULL, period_start date NOT NULL, value numeric,
        status varchar(1) NOT NULL, recorded_at timestamptz NOT NULL, user_id bigint, upload_id bigint,
        entry_id bigint, origin varchar(200) NOT NULL, reason varchar(1000) NOT NULL, released_on date""",
}
INDEXES = """
CREATE INDEX ON layouts.observation (published_at, series_id, period_start);
CREATE INDEX ON layouts.observation (period_start, series_id);
CREATE INDEX ON layouts.observation (status, series_id, period_start) WHERE status <> 'A';
CREATE INDEX ON layouts.revision (series_id, period_start, id DESC);
CREATE INDEX ON layouts.revision (upload_id);
CREATE INDEX ON layouts.revision (entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX ON layouts.revision USING brin (recorded_at);
"""
FILL = {
    "observation": """INSERT INTO layouts.observation
        SELECT series_id, period_start, value, status, published_at FROM indicators_observation
        WHERE series_id <= {last}""",
    "revision": """INSERT INTO layouts.revision
        SELECT id, series_id, period_start, value, status, recorded_at, user_id, upload_id, entry_id, origin,
               reason, released_on FROM indicators_observationrevision
        WHERE series_id <= {last}""",
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
    SELECT id FROM public.indicators_series WHERE id <= {last} AND id % 2 = 0)
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
VACUUM = "VACUUM (ANALYZE, PARALLEL 0) layouts.observation, layouts.revision"
TURNS = 200


def ddl(layout: str, parts: int, last: int) -> Iterator[str]:
    """The statements that make both tables."""
    yield "DROP SCHEMA IF EXISTS layouts CASCADE; CREATE SCHEMA layouts"
    for table, columns in COLUMNS.items():
        key = f", PRIMARY KEY (id{', series_id' if LAYOUTS[layout] else ''})" if table == "revision" else ""
        yield f"CREATE TABLE layouts.{table} ({columns}{key}) {LAYOUTS[layout]}"
        for number in range(parts if LAYOUTS[layout] else 0):
            spans = f"FROM ({number * last // parts or 'MINVALUE'}) TO ({(number + 1) * last // parts})"
            if number == parts - 1:
                spans = f"FROM ({number * last // parts}) TO (MAXVALUE)"
            values = f"WITH (MODULUS {parts}, REMAINDER {number})" if layout == "by hash" else spans
            yield f"CREATE TABLE layouts.{table}_{number} PARTITION OF layouts.{table} FOR VALUES {values}"
    yield INDEXES


class Database:
    """Statements, with the seconds that the server's process works on them."""

    def __init__(self) -> None:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        self.cursor = connection.cursor()
        self.cursor.execute("SET work_mem = '128MB'; SET jit = off")
        self.process = Path(f"/proc/{self.ask('SELECT pg_backend_pid()')}/stat")

    def do(self, statement: str) -> float:
        """Seconds of it."""
        began = self.worked()
        self.cursor.execute(statement)
        return self.worked() - began

    def worked(self) -> float:
        """Seconds of the processor since the server's process began."""
        fields = self.process.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, statement: str) -> Any:
        """The first value of the answer."""
        self.cursor.execute(statement)
        [[value]] = self.cursor.fetchall()
        return value

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


def measure(database: Database, layout: str, parts: int, last: int) -> dict[str, float]:
    """Seconds, megabytes and milliseconds of a layout."""
    found = {}
    with scratch(database, ddl(layout, parts, last)):
        for table, statement in FILL.items():
            found[f"copying: {table}, s"] = database.do(statement.format(last=last))
        number = database.ask("SELECT max(id) + 1 FROM layouts.revision")
        database.do(f"CREATE SEQUENCE layouts.number START {number}")
        database.do(VACUUM)
        for name, figures in (("a new year, s", NEW_YEAR), ("200,000 of new series, s", NEW_SERIES)):
            found[name] = database.do(PUBLISH.format(figures=figures.format(last=last)))
        found["a change in every second series, s"] = database.do(CHANGE.format(last=last))
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
    parser.add_argument("--series", type=int, help="the last one to copy; all, if left out")
    parser.add_argument("--parts", type=int, default=16)
    parser.add_argument("--layouts", nargs="*", default=list(LAYOUTS), choices=list(LAYOUTS))
    options = parser.parse_args()
    database = Database()
    last = options.series or database.ask("SELECT max(id) FROM indicators_series")
    found = [measure(database, layout, options.parts, last) for layout in options.layouts]
    print(f"| | {' | '.join(options.layouts)} |\n|---|{'---|' * len(found)}")
    for name in found[0]:
        print(f"| {name} | {' | '.join(f'{each[name]:.2f}' for each in found)} |", flush=True)


if __name__ == "__main__":
    main()
