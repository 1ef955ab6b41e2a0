"""Tables as they leave the portal: PostgreSQL composes every cell, so that few pass through Python.

Cells are what machines read: a decimal point, no thousands, days and moments in ISO 8601 (UTC), `true` and
`false`; what does not exist is empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf

from common.names import LANGUAGES

Kind = Literal["string", "integer", "number", "boolean", "date", "datetime"]
Rows = models.QuerySet[Any, tuple[Any, ...]]


@dataclass(frozen=True)
class Column:
    """Where a column's cells lie, and of what kind they are.

    `about` is the path of the field that it shows, where the source is no path that leads there.
    """

    source: str | Combinable
    kind: Kind = "string"
    about: str = ""

    @property
    def path(self) -> str:
        """The field that the column shows; a foreign key is shown by a code."""
        return self.about or (self.source.removesuffix("__code") if isinstance(self.source, str) else "")

    def expression(self) -> Combinable:
        """Its cells in SQL."""
        source: Combinable = F(self.source) if isinstance(self.source, str) else self.source
        match self.kind:
            case "boolean":
                return Cast(source, models.TextField())
            case "datetime":
                return Moment(source)
        return source


@dataclass(frozen=True)
class Table:
    """A table: its model, its columns by name, and the column that tells its rows apart.

    `order` are the paths that rows are sorted by.
    """

    name: str
    model: type[models.Model]
    columns: Mapping[str, Column]
    key: str = "code"
    order: Sequence[str] = ("pk",)

    def rows(self) -> models.QuerySet[Any]:
        """Everything that is in it."""
        return self.model._default_manager.all()

    def select(self, rows: models.QuerySet[Any, Any]) -> Rows:
        """The rows as tuples of cells."""
        return rows.order_by(*self.order).values_list(*(each.expression() for each in self.columns.values()))


class Moment(Func):
    """A moment in UTC: 2025-12-31T09:00:00Z."""

    template = "(replace((%(expressions)s AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z')"
    output_field = models.TextField()


class Joined(Func):
    """Texts with colons between them, as in a public id; nothing where one of them is missing."""

    template = "(%(expressions)s)"
    arg_joiner = " || ':' || "
    output_field = models.TextField()


def named(path: str, empty: str) -> Combinable:
    """The text at a path, or the word that stands for an empty one."""
    return Coalesce(NullIf(F(path), Value("")), Value(empty))


def own(model: type[models.Model], *names: str) -> Iterator[tuple[str, Column]]:
    """Columns of the model's own fields, by their names; a foreign key by the code that it points at."""
    for name in names:
        field = model._meta.get_field(name)
        is_key = isinstance(field, models.ForeignKey)
        yield name, Column(f"{name}__code") if is_key else Column(name, kind_of(field))


def texts(*stems: str) -> Iterator[tuple[str, Column]]:
    """Columns of texts in three languages, named as in the API's CSV: `names_kk` for `name_kk`."""
    for stem in stems:
        for code in LANGUAGES:
            yield f"{plural(stem)}_{code}", Column(f"{stem}_{code}")


def plural(stem: str) -> str:
    """What the API calls a text in all languages."""
    return "summaries" if stem == "summary" else f"{stem}s"


def kind_of(field: Any) -> Kind:
    """The kind of a field's cells."""
    kinds: Sequence[tuple[type[Any], Kind]] = (
        (models.BooleanField, "boolean"),
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
        (models.IntegerField, "integer"),
        (models.DecimalField, "number"),
        (models.FloatField, "number"),
    )
    return next((kind for of, kind in kinds if isinstance(field, of)), "string")
