"""Makes back-ups, and removes the oldest ones (docs/reliability.md)."""

import datetime as dt
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.backups import BackupError, database
from portal.backups.archive import PIECE, Manifest, Writer
from portal.backups.sealing import SUFFIX, recipients_of, sealed
from programmes.models import RESULTS
from programmes.services.swapping import SUFFIX as STAGED

NAME = "bagdar-%Y%m%dT%H%M%SZ.tar"
NAMED = re.compile(r"bagdar-\d{8}T\d{6}Z\.tar(\.age)?")
UNFINISHED = ".unfinished-"
HELD = ".backing-up-"
LAST = "last.json"
MOST_NAMED = 1_000
"""Of files that are missing: more of them are no list for people."""


@dataclass(frozen=True)
class Made:
    """A back-up that lies in its folder."""

    path: Path
    bytes: int
    manifest: Manifest


def make_backup(folder: Path, keep: int) -> Made:
    """Makes a back-up in the folder and keeps the newest `keep` of them there.

    Raises `BackupError`, and then leaves nothing behind; how it went is in `last.json` either way.
    """
    began, at = time.monotonic(), timezone.now().astimezone(dt.UTC)
    try:
        made = _make(folder, at)
    except (OSError, DatabaseError) as error:
        _note(at, began, error=str(error))
        raise BackupError(f"The back-up failed: {error}") from error
    except BackupError as error:
        _note(at, began, error=str(error))
        raise
    _note(at, began, made)
    _remove_old(folder, keep)
    return made


def backups(folder: Path) -> list[Path]:
    """The back-ups in the folder, the newest first."""
    found = [each for each in folder.iterdir() if NAMED.fullmatch(each.name)] if folder.is_dir() else []
    return sorted(found, reverse=True)


def key_mark() -> str:
    """By which one can tell that an instance has the same SECRET_KEY, and nothing else."""
    return salted_hmac("portal.backup", "mark", algorithm="sha256").hexdigest()[:16]


def _make(folder: Path, at: dt.datetime) -> Made:
    recipients_of(settings.BACKUP_RECIPIENTS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.session() as lock, database.session(snapshot=True) as connection:
        if database.ask(lock, database.ONE_AT_A_TIME) != [True]:
            raise BackupError("Another back-up is being made; wait until it is finished.")
        _remove_unfinished(folder)
        path = folder / (at.strftime(NAME) + (SUFFIX if settings.BACKUP_RECIPIENTS else ""))
        with _appearing(path) as file:
            with sealed(file, settings.BACKUP_RECIPIENTS) as target:
                manifest = _write(target, lock, connection, folder)
            size = file.tell()
    return Made(path, size, manifest)


def _write(
    target: IO[bytes], lock: BaseDatabaseWrapper, connection: BaseDatabaseWrapper, folder: Path
) -> Manifest:
    """All members. The tables of results come to the disk first and are let go: a recomputation waits for
    nobody longer than that to exchange them."""
    with tempfile.TemporaryFile(dir=folder) as results, ExitStack() as ending:
        with _kept_from_exchange(lock):
            [snapshot] = database.ask(connection, "SELECT pg_export_snapshot()")
            at = timezone.now().astimezone(dt.UTC)
            names = database.ask(connection, database.TABLES)
            held, missing = ending.enter_context(_held(connection))
            chosen = _results(names)
            only = [f"--table=public.{name}" for name in chosen]
            with database.dumping(connection, snapshot, only) as dump:
                shutil.copyfileobj(dump, results, PIECE)
            rows = _count(connection, chosen)
        writer = Writer(target)
        files, file_bytes = _write_files(writer, held)
        others = [f"--exclude-table=public.{name}" for name in chosen]
        with database.dumping(connection, snapshot, others) as dump:
            writer.add_dump("rest", dump)
        results.seek(0)
        writer.add_dump("results", results)
        rows |= _count(connection, [name for name in names if name not in chosen])
        manifest = Manifest(
            at=at.isoformat(), postgresql=database.server_version(connection),
            migrations=_migrations(connection), tables=dict(sorted(rows.items())),
            files=files, file_bytes=file_bytes, missing=missing, secret_key=key_mark(),
        )  # fmt: skip
        writer.finish(manifest)
    return manifest


@contextmanager
def _kept_from_exchange(lock: BaseDatabaseWrapper) -> Iterator[None]:
    """Nobody exchanges the tables of results meanwhile; they are read and written as ever."""
    tables = ", ".join(model._meta.db_table for model in RESULTS)
    with lock.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"LOCK TABLE {tables} IN ACCESS SHARE MODE")
        yield
        cursor.execute("ROLLBACK")


def _results(names: list[str]) -> list[str]:
    """The tables that are exchanged as a whole, and those that are being written to take their place."""
    tables = {model._meta.db_table for model in RESULTS}
    return [name for name in names if name.removesuffix(STAGED) in tables]


def _count(connection: BaseDatabaseWrapper, names: list[str]) -> dict[str, int]:
    """The rows of each table; what was locked to count them is let go."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT counting")
        count = 'SELECT count(*) FROM public."{}"'
        found = {name: database.ask(connection, count.format(name))[0] for name in names}
        cursor.execute("ROLLBACK TO SAVEPOINT counting")
    return found


def _migrations(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


@contextmanager
def _held(connection: BaseDatabaseWrapper) -> Iterator[tuple[Path, list[str]]]:
    """A folder with a second name of each file, so that none can be removed before it is copied; and the
    names of files that the database knows and the disk has not."""
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    for left in media.glob(f"{HELD}*"):
        shutil.rmtree(left, ignore_errors=True)
    held = Path(tempfile.mkdtemp(prefix=HELD, dir=media))
    try:
        missing = [name for name in _named_files(connection) if not _hold(media, held, name)]
        for path in _files_in(media):
            _hold(media, held, str(path.relative_to(media)))
        yield held, missing[:MOST_NAMED]
    finally:
        shutil.rmtree(held, ignore_errors=True)


def _named_files(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """The files that rows of the snapshot refer to."""
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.FileField):
                table, name = model._meta.db_table, column.column
                with connection.chunked_cursor() as cursor:
                    cursor.execute(f'SELECT "{name}" FROM public."{table}" WHERE "{name}" <> %s', [""])  # noqa: S608
                    yield from (row[0] for row in cursor)


def _files_in(media: Path) -> Iterator[Path]:
    """All files but those in the making, whose names or folders begin with a dot."""
    for folder, folders, names in os.walk(media):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))


def _hold(media: Path, held: Path, name: str) -> bool:
    """Gives the file its second name; returns whether there is such a file."""
    second = held / name
    second.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(media / name, second, follow_symlinks=False)
    except FileExistsError:
        return True
    except FileNotFoundError:
        return False
    except OSError:  # a disk on which a file has one name only
        second.symlink_to(media / name)
    return True


def _write_files(writer: Writer, held: Path) -> tuple[int, int]:
    """Copies the files; returns how many they are and how long."""
    count = total = 0
    for path in _files_in(held):
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            writer.add_file(str(path.relative_to(held)), file, facts.st_size, facts.st_mtime)
        count, total = count + 1, total + facts.st_size
    return count, total


@contextmanager
def _appearing(path: Path) -> Iterator[IO[bytes]]:
    """A file that nobody else may read, and that has its name only once it is whole and on the disk."""
    descriptor, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).rename(path)
        _sync(path.parent)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_unfinished(folder: Path) -> None:
    """What a process left behind that was killed."""
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


def _remove_old(folder: Path, keep: int) -> None:
    for old in backups(folder)[max(keep, 1) :]:
        old.unlink()


def _note(at: dt.datetime, began: float, made: Made | None = None, error: str = "") -> None:
    """How it went, for who watches over the portal; a full disk may keep it from being written."""
    noted = {
        "at": at.isoformat(),
        "bytes": made.bytes if made else 0,
        "ok": made is not None and not made.manifest.missing,
        "seconds": round(time.monotonic() - began, 1),
        "error": error or (made and made.manifest.missing and "files are missing") or "",
    }
    with suppress(OSError):
        folder = settings.VAR_DIR / "backup"
        folder.mkdir(mode=0o700, exist_ok=True)
        with _appearing(folder / LAST) as file:
            file.write(json.dumps(noted).encode())
