"""Which errors mean that a database is away."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from common.databases.circuits import is_away, is_beyond_a_replica


def raised(statement: str) -> Exception:
    """What PostgreSQL itself says to it."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return caught.value


def saying(code: str) -> str:
    return f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["57P01", "57P02", "57P03", "08006", "25006"])
def test_a_server_that_goes_down_is_away(code: str) -> None:
    assert is_away(raised(saying(code)))


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["55P03", "57014", "40P01", "40001", "53100", "23505", "42P01"])
def test_a_server_that_refuses_something_is_not(code: str) -> None:
    assert not is_away(raised(saying(code)))


@pytest.mark.django_db
def test_a_replica_that_is_asked_to_write_is_not_away() -> None:
    error = raised(saying("25006"))
    assert not is_away(error, "replica1")
    assert is_beyond_a_replica(error)
    assert is_beyond_a_replica(raised(saying("40001")))
    assert not is_beyond_a_replica(raised(saying("42P01")))


def test_what_came_of_a_broken_connection_means_it_too() -> None:
    wrapped = ValueError("while a page was written")
    wrapped.__cause__ = OperationalError("server closed the connection unexpectedly")
    assert is_away(wrapped)
    assert not is_away(ValueError("nothing of the kind"))
    assert not is_away(None)
