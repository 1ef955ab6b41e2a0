"""Rows written straight from the database's columns, as their serializer describes them.

A serializer's fields say where their values lie and how they are written. That is worked out once for each
serializer: a list then costs one query and a dictionary a row, without making models of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Protocol, runtime_checkable

from rest_framework import serializers

Row = Mapping[str, Any]
Cells = Iterable[Any]
"""Of one column or field, row by row."""
AnyField = serializers.Field[Any, Any, Any, Any]


@runtime_checkable
class Written(Protocol):
    """A field that is written from one or several columns."""

    @property
    def paths(self) -> Sequence[str]:
        """The columns that it is written from."""

    def written(self, *columns: Cells) -> Cells:
        """Its values, from those columns."""


class Columns:
    """What rows are read from, and how they are written; all fields, or some of them."""

    def __init__(self, fields: Mapping[str, AnyField]) -> None:
        self.fields = fields
        self._paths = {name: _paths(name, field) for name, field in fields.items()}
        self._written = {name: field for name, field in fields.items() if isinstance(field, Written)}
        self.paths = list(dict.fromkeys(path for paths in self._paths.values() for path in paths))

    @property
    def expandable(self) -> dict[str, Any]:
        """The lists in which the things referred to are found, by field."""
        lists = {name: getattr(field, "expands", None) for name, field in self.fields.items()}
        return {name: each for name, each in lists.items() if each is not None}

    def only(self, names: Collection[str]) -> "Columns":
        """Those fields alone, in the serializer's order."""
        return Columns({name: field for name, field in self.fields.items() if name in names})

    def write(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """The rows as they are answered; worked out field by field, which is much quicker than row by row."""
        rows = list(rows)
        columns = {path: list(map(itemgetter(path), rows)) for path in self.paths}
        cells = [self._write(name, [columns[path] for path in self._paths[name]]) for name in self.fields]
        return [dict(zip(self.fields, values, strict=True)) for values in zip(*cells, strict=True)]

    def _write(self, name: str, columns: Sequence[Cells]) -> Cells:
        field = self._written.get(name)
        return columns[0] if field is None else field.written(*columns)


@cache
def columns_of(serializer: type[serializers.Serializer[Any]]) -> Columns:
    """The columns of a serializer all of whose fields lie in columns."""
    return Columns(dict(serializer().fields))


def _paths(name: str, field: AnyField) -> Sequence[str]:
    """Where its values lie; Django finds `territory__code`, which the serializer calls `territory.code`."""
    return field.paths if isinstance(field, Written) else [str(field.source or name).replace(".", "__")]
