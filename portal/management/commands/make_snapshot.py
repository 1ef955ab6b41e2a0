"""Makes a bulk snapshot now."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.services.snapshots import make_snapshot


class Command(BaseCommand):
    """`manage.py make_snapshot`"""

    help = "Makes a bulk snapshot of all published tables."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says where it lies."""
        made = make_snapshot()
        self.stdout.write(str(made) if made else "Nothing has changed since the last snapshot.")
