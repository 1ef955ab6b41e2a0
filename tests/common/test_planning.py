"""Statements that are planned briefly."""

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from common.databases.planning import planned_briefly


def limit() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('join_collapse_limit')")
        return int(cursor.fetchone()[0])


def test_the_setting_goes_with_the_statement(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():  # outside of a transaction, as requests are
        usual = limit()
        with planned_briefly():
            briefly = limit()
        assert (briefly, limit()) == (3, usual)
        assert usual > briefly
        with transaction.atomic(), planned_briefly():
            assert limit() == usual
