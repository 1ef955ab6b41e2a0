"""Migrations step back from tables that are in use, and come again."""

import threading
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate as original
from django.db import OperationalError, connection

from common.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=False)
LOCK = "LOCK TABLE programmes_document IN ACCESS EXCLUSIVE MODE"


def timeouts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
        return list(cursor.fetchone())


def test_it_does_not_begin_behind_a_pooler(settings: Any) -> None:
    settings.POOLED = True
    with pytest.raises(CommandError, match="set DATABASE_URL to PostgreSQL itself"):
        call_command("migrate")


def test_a_table_in_use_is_left_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    reader = psycopg2.connect(**parameters)
    reader.cursor().execute("SELECT FROM programmes_document")
    seen: list[list[str]] = []

    def change(self: object, *args: object, **options: object) -> None:
        seen.append(timeouts())
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT tried")
            try:
                cursor.execute(LOCK)
            except OperationalError:
                cursor.execute("ROLLBACK TO SAVEPOINT tried")
                threading.Timer(0.1, reader.close).start()
                raise

    monkeypatch.setattr(original.Command, "handle", change)
    monkeypatch.setattr(migrate, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.3)
    said, before = StringIO(), timeouts()
    call_command("migrate", stderr=said)
    assert seen == [["1s", "0"], ["1s", "0"]]
    assert said.getvalue() == "A table is in use; trying again in 0.3 s.\n"
    assert timeouts() == before
