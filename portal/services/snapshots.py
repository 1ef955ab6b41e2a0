"""Bulk snapshots: all published tables as they stood at one moment, in a folder that appears as a whole.

A folder is named by its moment. It holds a gzipped CSV of each table, the code book, and `datapackage.json`,
which describes them and has their checksums. What would be the same as the last snapshot is not kept.
"""

import datetime as dt
import gzip
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection as usual
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from common.exporting.columns import Table
from common.exporting.copying import as_csv
from common.rest.rendering import lines_of
from portal.bulk import RESULTS, TABLES
from portal.bulk.describing import CODE_BOOK, CODE_BOOK_FIELDS, Written, code_book, data_package, file_of

DESCRIPTOR = "datapackage.json"
NAME = "%Y%m%dT%H%M%SZ"
NAMED = re.compile(r"\d{8}T\d{6}Z")
UNFINISHED = ".making-"
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('portal.snapshot'))"


def snapshots_folder() -> Path:
    """Where the snapshots lie."""
    return Path(settings.MEDIA_ROOT) / "bulk"


def snapshots() -> list[Path]:
    """The folders of the snapshots, the newest first."""
    root = snapshots_folder()
    found = [each for each in root.iterdir() if NAMED.fullmatch(each.name)] if root.is_dir() else []
    return sorted(found, reverse=True)


def read_descriptor(snapshot: Path) -> dict[str, Any]:
    """The data package of a snapshot."""
    found: dict[str, Any] = json.loads((snapshot / DESCRIPTOR).read_text())
    return found


def make_snapshot() -> Path | None:
    """Makes a snapshot and returns its folder.

    None where another process is making one, or where it would be the same as the last.
    """
    root = snapshots_folder()
    root.mkdir(parents=True, exist_ok=True)
    with _one_moment() as connection:
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT results")
            tables = ", ".join(table.model._meta.db_table for table in RESULTS)
            cursor.execute(f"LOCK TABLE {tables} IN ACCESS SHARE MODE")
            cursor.execute(LOCK)
            if not cursor.fetchone()[0]:
                return None
        _remove_unfinished(root)
        made_at = timezone.now().astimezone(dt.UTC)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=root))
        try:
            return _finish(folder, list(_write_all(folder, connection)), made_at)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_old_snapshots(before: dt.datetime) -> int:
    """Removes snapshots made before the moment, never the newest; returns how many."""
    last = before.astimezone(dt.UTC).strftime(NAME)
    old = [each for each in snapshots()[1:] if each.name < last]
    for snapshot in old:
        shutil.rmtree(snapshot.rename(snapshot.with_name(UNFINISHED + snapshot.name)))
    return len(old)


@contextmanager
def _one_moment() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees one state of the database until its end, and writes nothing."""
    connection = usual.copy()
    try:
        connection.ensure_connection()
        session: Any = connection.connection
        session.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True, autocommit=False)
        yield connection
    finally:
        connection.close()


def _write_all(folder: Path, connection: BaseDatabaseWrapper) -> Iterator[Written]:
    """The files. Tables of results go first: a recomputation waits no longer than that to exchange them."""
    for table in RESULTS:
        yield _write_table(folder, table, connection)
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO SAVEPOINT results")
    for table in TABLES:
        if table not in RESULTS:
            yield _write_table(folder, table, connection)
    yield _write(folder / CODE_BOOK, lines_of([CODE_BOOK_FIELDS, *code_book()]))


def _write_table(folder: Path, table: Table, connection: BaseDatabaseWrapper) -> Written:
    path = folder / file_of(table)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
        for piece in as_csv(table, connection=connection):
            packed.write(piece)
    return _written(path)


def _write(path: Path, pieces: Iterable[bytes]) -> Written:
    path.write_bytes(b"".join(pieces))
    return _written(path)


def _written(path: Path) -> Written:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Written(path.name, path.stat().st_size, digest.hexdigest())


def _finish(folder: Path, written: list[Written], made_at: dt.datetime) -> Path | None:
    """Describes the files and lets the folder appear under its name."""
    descriptor = data_package(written, made_at)
    newest = next(iter(snapshots()), None)
    if newest is not None and read_descriptor(newest)["resources"] == descriptor["resources"]:
        return None
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n")
    folder.chmod(0o755)
    return folder.rename(folder.parent / made_at.strftime(NAME))


def _remove_unfinished(root: Path) -> None:
    """What a process left behind that was killed."""
    for folder in root.glob(f"{UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)
