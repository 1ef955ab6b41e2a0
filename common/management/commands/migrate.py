"""Django's `migrate`, which never makes people wait behind it for long."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg2.errors import LockNotAvailable

LOCK_SECONDS = 3
"""Who asks for a table after a migration waits behind it: so long at most, then it steps back."""
ATTEMPTS = 20
PAUSE_SECONDS = 3


class Command(migrate.Command):
    """`manage.py migrate`; a statement may take as long as it needs, a lock may not."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Tries again what could not get its lock; a migration that was rolled back begins anew."""
        if settings.POOLED:
            raise CommandError(
                "What is set for a migration would stay on connections that others share: set DATABASE_URL "
                "to PostgreSQL itself, and DATABASE_POOLED to 0, for this command."
            )
        connection = connections[options["database"]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            [before] = cursor.fetchall()
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'; SET statement_timeout = 0")
        try:
            self._try(*args, **options)
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = %s; SET statement_timeout = %s", before)

    def _try(self, *args: Any, **options: Any) -> None:
        for attempt in range(ATTEMPTS):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or attempt == ATTEMPTS - 1:
                    raise
                self.stderr.write(f"A table is in use; trying again in {PAUSE_SECONDS} s.")
                time.sleep(PAUSE_SECONDS)
            else:
                return
