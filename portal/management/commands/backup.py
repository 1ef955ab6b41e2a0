"""Makes a back-up now."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import BackupError
from portal.services.backing_up import make_backup


class Command(BaseCommand):
    """`manage.py backup`; exit code 1 where none was made, 2 where uploaded files were lost before."""

    help = "Puts the database and the uploaded files into one file, and keeps the newest ones."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """`--to` another folder, `--keep` another number."""
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="the folder")
        parser.add_argument("--keep", type=int, default=settings.BACKUP_KEEP, help="how many are kept there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says where it lies and what is in it."""
        try:
            made = make_backup(options["to"].resolve(), options["keep"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = made.manifest
        rows = sum(manifest.tables.values())
        self.stdout.write(f"{made.path}: {made.bytes} bytes, {rows} rows, {manifest.files} files")
        if manifest.missing:
            names = ", ".join(manifest.missing[:5])
            raise CommandError(f"{len(manifest.missing)} uploaded files are lost: {names} ...", returncode=2)
