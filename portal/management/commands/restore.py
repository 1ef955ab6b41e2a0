"""Restores a back-up."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import BackupError
from portal.services.restoring import has_same_key, restore_backup


class Command(BaseCommand):
    """`manage.py restore FILE`; exit code 1 where nothing was changed."""

    help = "Checks a back-up and restores it into this instance, which must be stopped."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The file; `--replace` where there is something already."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="remove what is in this instance")

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was restored."""
        try:
            manifest = restore_backup(options["file"], replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest.tables.values())
        self.stdout.write(f"Restored as of {manifest.at}: {rows} rows, {manifest.files} files.")
        if manifest.missing:
            self.stdout.write(
                f"{len(manifest.missing)} uploaded files were lost before the back-up was made."
            )
        if not has_same_key(manifest):
            self.stdout.write(
                "SECRET_KEY is another one than then: people log in again, and webhooks get new secrets. "
                "Unless MFA_KEYS are the same as then, run `manage.py rotate_mfa_keys --drop-unreadable`, "
                "after which people set up their second steps again."
            )
