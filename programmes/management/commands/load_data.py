"""Loads `data/`: territories, the catalogue, figures, programmes."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.services.publishing import PublishingPausedError
from programmes.packages import PackageError, load


class Command(BaseCommand):
    """`manage.py load_data`"""

    help = "Makes the database agree with the files under data/: all of them, or none."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--force` against the digest, `--prune` for what has left the files."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, help="not data/")
        parser.add_argument("--force", action="store_true", help="load even if no file has changed")
        parser.add_argument(
            "--prune", action="store_true", help="remove goals, acts, KPIs and measures that the files lack"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads and prints a line for each kind of row."""
        try:
            summary = load(options["folder"], force=options["force"], prune=options["prune"])
        except PackageError as error:
            raise CommandError(str(error)) from error
        except PublishingPausedError as error:
            raise CommandError(f"Publishing is paused ({error}): load the files once it is over.") from error
        for line in summary.lines():
            self.stdout.write(line)
