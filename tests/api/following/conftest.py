"""A database of their own for tests whose transactions others see, a copy of that of all other tests."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.connections import END


def run_outside(settings: dict[str, Any], name: str, *statements: str) -> None:
    """Runs statements about databases from another one, while nobody is connected to the one named."""
    where = {"user": settings["USER"], "password": settings["PASSWORD"], "host": settings["HOST"]}
    where |= {"port": settings["PORT"]} if settings["PORT"] else {}
    with closing(psycopg2.connect(dbname="postgres", **where)) as outside:
        outside.autocommit = True
        with outside.cursor() as cursor:
            cursor.execute(END, [name])
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture(scope="module")
def _copied(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The copy, in the place of the database; dropped afterwards."""
    settings = connection.settings_dict
    name = settings["NAME"]
    connections.close_all()
    run_outside(settings, name, f'CREATE DATABASE "{name}_followed" TEMPLATE "{name}"')
    settings["NAME"] = f"{name}_followed"
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    settings["NAME"] = name
    run_outside(settings, f"{name}_followed", f'DROP DATABASE "{name}_followed"')


@pytest.fixture
def _django_db_helper(_copied: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the place of pytest-django's, which undoes what a test writes: here it stays, and others see it."""
    # The browser of earlier tests leaves an event loop in this thread: Django takes it for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
