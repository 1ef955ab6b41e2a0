"""Indexes that are made while the portal works, and again where that was broken off."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.management.commands.migrate import LOCK_SECONDS


class AddIndexPatiently(AddIndexConcurrently):
    """`CREATE INDEX CONCURRENTLY`, which lets everybody read and write and waits for those who have begun.

    It waits as long as these take, whatever limit a migration has for its locks; what an attempt that was
    broken off has left is dropped first.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Makes it."""
        schema_editor.execute("SET lock_timeout = 0")
        schema_editor.execute(
            f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
        )
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        schema_editor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
