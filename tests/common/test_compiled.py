"""Statements that are written once."""

import datetime as dt
from collections.abc import Collection

import pytest
from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cities.models import Territory, TerritoryGroup
from common.databases.compiled import any_of, attach, compiled, count_of
from common.names import in_order, language

pytestmark = pytest.mark.django_db

made: list[str] = []


@pytest.fixture(autouse=True)
def none_made() -> None:
    made.clear()


@compiled
def places(parent: int, level: str, *, most: int = 100) -> QuerySet[Territory]:
    made.append("places")
    found = Territory.objects.filter(parent=parent, level=level)
    groups = Prefetch("memberships__group", TerritoryGroup.objects.order_by("code"))
    return found.select_related("parent").prefetch_related(groups).order_by("code")[:most]


@compiled
def codes(ids: Collection[int], day: dt.date) -> QuerySet[Territory, tuple[str, int]]:
    found = Territory.objects.existing(day).filter(any_of("pk", ids))
    return found.order_by("code").values_list("code", "pk")


@compiled
def number(level: str) -> QuerySet[Territory, int]:
    return count_of(Territory.objects.filter(level=level))


@compiled
def names() -> QuerySet[Territory, str]:
    made.append("names")
    return Territory.objects.order_by(in_order(), "code").values_list(f"name_{language()}", flat=True)


def parents() -> list[int]:
    found = Territory.objects.filter(children__isnull=False).order_by("pk").distinct()
    return list(found.values_list("pk", flat=True)[:3])


def test_each_value_has_its_own_rows_by_one_statement() -> None:
    found = {
        (parent, level): places(parent, level) for parent in parents() for level in Territory.Level.values
    }
    assert made == ["places"]
    for (parent, level), rows in found.items():
        expected = Territory.objects.filter(parent=parent, level=level).order_by("code")[:100]
        assert rows == list(expected)
    assert any(found.values())


def test_what_is_read_along_is_there() -> None:
    member = Territory.objects.filter(memberships__isnull=False, parent__isnull=False)[0]
    rows = places(member.parent_id or 0, member.level)
    with CaptureQueriesContext(connection) as asked:
        seen = [(row.parent, [each.group.code for each in row.memberships.all()]) for row in rows]
    assert not asked.captured_queries
    assert any(groups for _parent, groups in seen)


def test_another_keyword_is_another_statement() -> None:
    parent = parents()[0]
    level = Territory.objects.filter(parent=parent).values_list("level", flat=True)[0]
    assert places(parent, level, most=1) == places(parent, level)[:1]
    assert len(made) <= 2


def test_rows_without_a_model_and_lists_of_ids() -> None:
    today = dt.date(2024, 1, 1)
    ids = list(Territory.objects.existing(today).order_by("code").values_list("pk", flat=True)[:5])
    assert [pk for _code, pk in codes(ids, today)] == ids
    assert codes([], today) == []
    assert codes(ids, dt.date(1000, 1, 1)) == list(
        Territory.objects.existing(dt.date(1000, 1, 1))
        .filter(pk__in=ids)
        .order_by("code")
        .values_list("code", "pk")
    )


def test_numbers() -> None:
    for level in Territory.Level.values:
        assert number(level) == [Territory.objects.filter(level=level).count()]


def test_each_language_has_its_own() -> None:
    found = {}
    for code in ("kk", "ru", "en", "kk"):
        with override(code):
            found[code] = names()
            expected = Territory.objects.order_by(in_order(), "code").values_list(f"name_{code}", flat=True)
            assert found[code] == list(expected)
    assert len(made) <= 3
    assert found["kk"] != found["ru"]


def test_nothing_has_no_place() -> None:
    with pytest.raises(ValueError, match="places was asked with nothing"):
        places(parents()[0], None)  # type: ignore[arg-type]


def test_a_value_is_never_part_of_the_statement() -> None:
    assert number("'; DROP TABLE cities_territory; --") == [0]
    with CaptureQueriesContext(connection) as asked:
        number("%s")
    assert "'%s'" in asked.captured_queries[0]["sql"]


def test_attached_rows_are_those_that_django_would_read() -> None:
    owners = list(Territory.objects.order_by("code")[:60])
    rows = Territory.objects.filter(parent__in=owners).order_by("-code")
    attach(owners, "children", rows)
    with CaptureQueriesContext(connection) as asked:
        found = [[each.code for each in owner.children.all()] for owner in owners]
        assert all(child.parent is owner for owner in owners for child in owner.children.all())
    assert not asked.captured_queries
    again = Territory.objects.prefetch_related(Prefetch("children", Territory.objects.order_by("-code")))
    expected = [[each.code for each in owner.children.all()] for owner in again.order_by("code")[:60]]
    assert found == expected
    assert any(found)
    assert not all(found)


def test_nobody_is_given_nothing_without_a_question() -> None:
    with CaptureQueriesContext(connection) as asked:
        attach([], "children", Territory.objects.all())
    assert not asked.captured_queries
