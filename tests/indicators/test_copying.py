"""Rows into PostgreSQL by COPY."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.fields import Status
from indicators.services.copying import copy_rows

pytestmark = pytest.mark.django_db
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def came_back(rows: Sequence[tuple[object, ...]], types: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS copied")
        columns = [f"c{number}" for number in range(len(rows[0]))]
        defined = ", ".join(f"{name} {kind}" for name, kind in zip(columns, types.split(), strict=True))
        cursor.execute(f"CREATE TEMPORARY TABLE copied (number serial, {defined})")
        assert copy_rows("copied", columns, rows) == len(rows)
        cursor.execute(f"SELECT {', '.join(columns)} FROM copied ORDER BY number")
        return list(cursor.fetchall())


def test_each_type_comes_back_as_it_went() -> None:
    day = dt.date(2024, 2, 29)
    rows = [
        (1, Decimal("1.50"), day, True, "а"),
        (None, None, None, None, None),
        (-2, Decimal(0), day, False, ""),
    ]
    assert came_back(rows, "int numeric date boolean text") == rows


def test_a_member_of_an_enumeration_is_its_value() -> None:
    assert came_back([(Status.NORMAL, 1), (Status.NORMAL, 2)], "text int") == [("A", 1), ("A", 2)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=20))
def test_any_text_comes_back_as_it_went(rows: list[tuple[str, str | None]]) -> None:
    assert came_back(list(rows), "text text") == rows
