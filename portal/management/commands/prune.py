"""Forgets what has been kept long enough: what the nightly job does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.services.pruning import PruningError, prune


class Command(BaseCommand):
    """`manage.py prune`"""

    help = "Forgets what has been kept long enough (docs/retention.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how much of what."""
        try:
            forgotten = prune(timezone.now())
        except PruningError as error:
            raise CommandError(f"These could not be forgotten, see the log: {error}") from error
        for name, count in forgotten.items():
            self.stdout.write(f"{name}: {count}")
