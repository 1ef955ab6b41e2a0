"""Puts a back-up in the place of what is there (docs/reliability.md)."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tarfile import TarError
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from portal.backups import BackupError, database
from portal.backups.archive import PIECE, Manifest, members, part_of, safe_name, verify
from portal.backups.sealing import opened
from portal.services.backing_up import HELD, key_mark

STAGED, REPLACED = ".restoring-", ".replaced-"
PATIENCE_SECONDS = 3


def restore_backup(path: Path, *, replace: bool = False) -> Manifest:
    """Restores the back-up into this instance, and brings its tables up to this version of the portal.

    Raises `BackupError`; then everything is as it was, or the error says what is not. Only with `replace`
    may there be something already.
    """
    try:
        with opened(path, settings.BACKUP_IDENTITY_FILE) as source:
            manifest = verify(source)
        _refuse_later_version(manifest)
        with database.session() as connection:
            connections.close_all()  # our usual one would be another's
            _refuse_unfit(connection, manifest, replace=replace)
            _restore(path, manifest, connection)
    except (OSError, DatabaseError, TarError) as error:
        raise BackupError(f"The back-up was not restored: {error}") from error
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def has_same_key(manifest: Manifest) -> bool:
    """Whether the back-up is of an instance with the same SECRET_KEY."""
    return manifest.secret_key == key_mark()


def _refuse_later_version(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"The back-up is of a later version of the portal ({unknown[0]} is not known here); "
            "install that version first."
        )


def _refuse_unfit(connection: BaseDatabaseWrapper, manifest: Manifest, *, replace: bool) -> None:
    version = database.server_version(connection)
    if manifest.postgresql > version:
        raise BackupError(f"The back-up is of PostgreSQL {manifest.postgresql}, the server is {version}.")
    _refuse_company(connection)
    if not replace and (database.ask(connection, database.TABLES) or _top(Path(settings.MEDIA_ROOT))):
        raise BackupError("The instance is not empty; --replace removes what is in it.")


def _refuse_company(connection: BaseDatabaseWrapper) -> None:
    """Whoever has only just gone may still be seen for a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while others := database.ask(connection, database.OTHERS)[0]:
        if time.monotonic() > deadline:
            raise BackupError(f"{others} others are connected to the database; stop the portal first.")
        time.sleep(0.1)


def _top(media: Path) -> list[Path]:
    """What lies in the media folder."""
    return (
        [each for each in media.iterdir() if not each.name.startswith((STAGED, REPLACED, HELD))]
        if media.is_dir()
        else []
    )


def _restore(path: Path, manifest: Manifest, connection: BaseDatabaseWrapper) -> None:
    """Files beside those in use, then the database at once, then the files into their place."""
    media = Path(settings.MEDIA_ROOT)
    is_used = bool(database.ask(connection, database.TABLES))
    with beside(media) as staged, opened(path, settings.BACKUP_IDENTITY_FILE) as source:
        with database.Loading(connection) as loading:
            if is_used:
                loading.empty()
            for (kind, _name), pieces in groupby(members(source), part_of):
                if kind == "media":
                    for name, _size, content in pieces:
                        _stage(staged, name.removeprefix("media/"), content)
                elif kind == "database":
                    loading.load(content.read() for content in map(itemgetter(2), pieces))
            loading.commit(manifest.tables)
        exchange(staged, media)


def exchange(staged: Path, media: Path) -> None:
    """The new files in the place of the old ones, which are removed last."""
    replaced = media / f"{REPLACED}{staged.name.removeprefix(STAGED)}"
    try:
        replaced.mkdir(mode=0o700)
        for old in _top(media):
            old.rename(replaced / old.name)
        for new in list(staged.iterdir()):
            new.rename(media / new.name)
    except OSError as error:
        raise ExchangeError(
            f"The database is restored, its files are not: {error}. Those of the back-up lie in {staged}, "
            f"those of before in {replaced}: move the former to {media}."
        ) from error
    shutil.rmtree(replaced, ignore_errors=True)


class ExchangeError(BackupError):
    """The database was restored, and its files lie beside their place."""


@contextmanager
def beside(media: Path) -> Iterator[Path]:
    """A folder on the disk of the media, empty at first and gone at the end, unless its files are needed."""
    media.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in media.glob(f"{STAGED}*"):
        shutil.rmtree(left, ignore_errors=True)
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=media))
    try:
        yield staged
    except ExchangeError:
        raise
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    shutil.rmtree(staged, ignore_errors=True)


def _stage(staged: Path, name: str, content: IO[bytes]) -> None:
    path = staged / safe_name(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, PIECE)
        file.flush()
        os.fsync(file.fileno())
