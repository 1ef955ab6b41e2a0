"""Statements that are written once.

Django writes the statement of a queryset anew each time it asks: of one that joins wide tables in 1 to 3 ms,
a third of a page's time (docs/benchmarks.md). What `compiled` makes of a function is written at its first
call, with a place for each of the function's arguments; later calls put their values there.
"""

import copy
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import connections
from django.db.models import BooleanField, Count, F, ForeignKey, Func, Model, QuerySet, Value
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import get_language

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
R = TypeVar("R")
KEPT = 100
"""Statements of a function, of which each language has its own, and each value of a keyword."""


@dataclass(frozen=True)
class _Place:
    """Where the value of an argument goes."""

    number: int


class _Written(Query):
    """A query whose statement is written: its compilers know it."""

    compiler_before: SQLCompiler
    statement: str
    places: tuple[object, ...]
    values: tuple[object, ...]

    def get_compiler(self, using: str | None = None, *_: object, **__: object) -> SQLCompiler:
        """One that asks the database `using`, and has neither to choose columns nor to write."""
        compiler = copy.copy(self.compiler_before)
        compiler.using, compiler.connection = using, connections[cast("str", using)]
        parameters = tuple(
            self.values[each.number] if isinstance(each, _Place) else each for each in self.places
        )
        compiler.as_sql = lambda *_, **__: (self.statement, parameters)  # type: ignore[assignment, method-assign]
        return compiler


def compiled(make: Callable[P, QuerySet[M, R]]) -> Callable[P, list[R]]:
    """A function that asks at once and returns the rows.

    `make` is called with a place for each positional argument, which it may only put into conditions; what it
    decides by comes as a keyword, and has a statement for each value. Besides these and the language it may
    depend on nothing that changes: not on the time, not on rows. None has no place, since that a column is
    empty is another condition.
    """

    @lru_cache(KEPT)
    def written(_language: str | None, count: int, keywords: frozenset[tuple[str, object]]) -> QuerySet[M, R]:
        places = [Value(_Place(number)) for number in range(count)]
        queryset = cast("Callable[..., QuerySet[M, R]]", make)(*places, **dict(keywords))
        compiler = queryset.query.get_compiler(queryset.db)
        statement, parameters = compiler.as_sql()
        queryset.query.__class__ = _Written
        query = cast("_Written", queryset.query)
        query.compiler_before, query.statement, query.places = compiler, statement, tuple(parameters)
        return queryset

    @wraps(make)
    def ask(*values: P.args, **keywords: P.kwargs) -> list[R]:
        if None in values:
            raise ValueError(f"{make.__name__} was asked with nothing for one of its arguments.")
        queryset = written(get_language(), len(values), frozenset(keywords.items())).all()
        cast("_Written", queryset.query).values = values
        return list(queryset)

    return ask


def attach(owners: Sequence[Model], relation: str, rows: Iterable[Model]) -> None:
    """Gives each owner those of the rows whose foreign key leads to it, as `prefetch_related` would, which
    writes a statement each time. The relation is read by `all()` then, and the rows keep their order."""
    if not owners:
        return
    of_owner: dict[object, list[Model]] = {owner.pk: [] for owner in owners}
    key: ForeignKey[Any, Any] = owners[0]._meta.get_field(relation).remote_field  # type: ignore[assignment]
    for row in rows:
        of_owner.get(getattr(row, key.attname), []).append(row)
    for owner in owners:
        own = getattr(owner, relation).all()
        own._result_cache = of_owner[owner.pk]
        for row in own:
            key.set_cached_value(row, owner)
        vars(owner).setdefault("_prefetched_objects_cache", {})[relation] = own


class any_of(Func):  # noqa: N801 - stands where `Q` would
    """That what the path leads to is in a list, which is an argument of a compiled statement."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()

    def __init__(self, path: str, places: Collection[int] | Collection[str]) -> None:
        super().__init__(F(path), cast("Value", places))


def count_of(rows: QuerySet[Any]) -> QuerySet[Any, int]:
    """Their number, as the only row."""
    one = rows.order_by().values(one=Value(1)).annotate(count=Count("*"))
    counted: QuerySet[Any, int] = one.values_list("count", flat=True)
    return counted
