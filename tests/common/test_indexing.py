"""Indexes that are made while others work."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ModelState, ProjectState

from common.databases.indexing import AddIndexPatiently

pytestmark = pytest.mark.django_db
INDEX = models.Index(fields=["value"], name="tried_by_value")
STATE = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('tried_by_value')"


@pytest.fixture
def state() -> ProjectState:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.AutoField(primary_key=True)),
        ("value", models.IntegerField()),
    ]
    return ProjectState({("indicators", "tried"): ModelState("indicators", "Tried", fields)})


@pytest.fixture
def apart(db: None) -> Iterator[BaseDatabaseWrapper]:
    """A connection with no transaction, and a table."""
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("SET statement_timeout = '30s'")
        cursor.execute("CREATE TABLE indicators_tried (id serial PRIMARY KEY, value integer)")
    yield own
    with own.cursor() as cursor:
        cursor.execute("DROP TABLE indicators_tried")
    own.close()


def add(own: BaseDatabaseWrapper, state: ProjectState) -> None:
    with own.schema_editor(atomic=False) as editor:
        AddIndexPatiently("tried", INDEX).database_forwards("indicators", editor, state, state)


def ask(own: BaseDatabaseWrapper, statement: str) -> object:
    with own.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_it_waits_for_those_who_write_longer_than_a_migration_does_for_its_locks(
    apart: BaseDatabaseWrapper, state: ProjectState
) -> None:
    writer = apart.copy()
    writer.set_autocommit(False)
    with writer.cursor() as cursor:
        cursor.execute("INSERT INTO indicators_tried (value) VALUES (1)")
    ask(apart, "SELECT set_config('lock_timeout', '1ms', false)")
    timer = threading.Timer(0.5, writer.connection.commit)
    timer.start()
    add(apart, state)
    timer.join()
    writer.close()
    assert ask(apart, STATE) is True
    assert ask(apart, "SELECT current_setting('lock_timeout')") == "3s"


def test_what_a_broken_off_attempt_left_is_made_again(
    apart: BaseDatabaseWrapper, state: ProjectState
) -> None:
    with apart.cursor() as cursor:
        cursor.execute("INSERT INTO indicators_tried (value) VALUES (1), (1)")
        with pytest.raises(IntegrityError):
            cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY tried_by_value ON indicators_tried (value)")
    assert ask(apart, STATE) is False
    add(apart, state)
    assert ask(apart, STATE) is True
