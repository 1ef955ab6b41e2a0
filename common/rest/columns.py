"""Rows written straight from the database's columns, as their serializer describes them.

A serializer's fields say where their values lie and how they are written. That is worked out once for each
serializer: a list then costs one query and a dictionary a row, without making models of them.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, Protocol, runtime_checkable

from rest_framework import serializers

Row = Mapping[str, Any]
AnyField = serializers.Field[Any, Any, Any, Any]


@runtime_checkable
class Written(Protocol):
    """A field that is written from one or several columns."""

    @property
    def paths(self) -> Collection[str]:
        """The columns that it is written from."""

    def written(self, row: Row) -> Any:
        """Its value for a row of those columns."""


class Columns:
    """What rows are read from, and how they are written; all fields, or some of them."""

    def __init__(self, fields: Mapping[str, AnyField]) -> None:
        self.fields = fields
        self._writers = {name: _writer(name, field) for name, field in fields.items()}
        self.paths = {path for name, field in fields.items() for path in _paths(name, field)}

    @property
    def expandable(self) -> dict[str, Any]:
        """The lists in which the things referred to are found, by field."""
        lists = {name: getattr(field, "expands", None) for name, field in self.fields.items()}
        return {name: each for name, each in lists.items() if each is not None}

    def only(self, names: Collection[str]) -> "Columns":
        """Those fields alone, in the serializer's order."""
        return Columns({name: field for name, field in self.fields.items() if name in names})

    def write(self, row: Row) -> dict[str, Any]:
        """A row as it is answered."""
        return {name: write(row) for name, write in self._writers.items()}


@cache
def columns_of(serializer: type[serializers.Serializer[Any]]) -> Columns:
    """The columns of a serializer all of whose fields lie in columns."""
    return Columns(dict(serializer().fields))


def _paths(name: str, field: AnyField) -> Collection[str]:
    return field.paths if isinstance(field, Written) else (_path(name, field),)


def _path(name: str, field: AnyField) -> str:
    """Where Django finds what the serializer calls `territory.code`."""
    return str(field.source or name).replace(".", "__")


def _writer(name: str, field: AnyField) -> Callable[[Row], Any]:
    if isinstance(field, Written):
        return field.written
    return itemgetter(_path(name, field))
