"""Rows into tables: what is new is created, what differs is changed, what is equal is left alone."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Model, ProtectedError, QuerySet

from programmes.packages.problems import PackageError
from programmes.packages.records import Codes, Record


@dataclass
class Counts:
    """What became of the rows of a kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        removed = f", {self.removed} removed" if self.removed else ""
        return f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged{removed}"


@dataclass
class Summary:
    """What a load did, by kind of row; `is_skipped` where the files are those of the last load."""

    counts: dict[str, Counts] = field(default_factory=dict)
    is_skipped: bool = False

    def of(self, kind: str) -> Counts:
        """The counts of a kind."""
        return self.counts.setdefault(kind, Counts())

    def lines(self) -> list[str]:
        """A sentence for each kind."""
        if self.is_skipped:
            return ["Nothing has changed since the last load."]
        return [f"{kind}: {counts}" for kind, counts in self.counts.items()]


class Row(NamedTuple):
    """Values of model fields, and the entry that they come from."""

    record: Record
    values: dict[str, Any]


def in_layers(rows: Sequence[Row], key: str, *above: str) -> Iterator[list[Row]]:
    """The rows, those first that the fields `above` of others name by their `key`."""
    known = {row.record[key] for row in rows}
    waiting, done = list(rows), set[Any]()
    while waiting:
        needs = [{row.record.get(name) for name in above} & known - done for row in waiting]
        layer = [row for row, missing in zip(waiting, needs, strict=True) if not missing]
        if not layer:
            raise waiting[0].record.error(above[0], "it depends on itself: break the circle")
        yield layer
        waiting = [row for row, missing in zip(waiting, needs, strict=True) if missing]
        done |= {row.record[key] for row in layer}


def sync(
    counts: Counts,
    rows: Iterable[Row],
    existing: QuerySet[Any],
    key: Sequence[str] = ("code",),
    *,
    removing: bool = False,
) -> dict[Any, int]:
    """Makes the rows of `existing` those given; returns ids by key (a tuple where the key has many fields).

    Rows that are not given are left alone, or removed first where `removing`: what they were in force for
    may pass to a new row.
    """
    model = existing.model
    stored = {_key(vars(row), key): row for row in existing}
    given = _by_key(rows, key)
    if removing:
        _remove(counts, existing, [stored[gone].pk for gone in stored.keys() - given.keys()])
    new: list[tuple[Record, Model]] = []
    changed: list[tuple[Record, Model]] = []
    for row_key, row in given.items():
        if (instance := stored.get(row_key)) is None:
            instance = stored[row_key] = model(**row.values)
            new.append((row.record, instance))
        elif any(getattr(instance, name) != value for name, value in row.values.items()):
            vars(instance).update(row.values)
            changed.append((row.record, instance))
    _check(new + changed)
    names = sorted({name for row in given.values() for name in row.values} - set(key))
    _write(new, model._default_manager.bulk_create)
    _write(changed, lambda instances: model._default_manager.bulk_update(instances, names))
    counts.new += len(new)
    counts.changed += len(changed)
    counts.unchanged += len(given) - len(new) - len(changed)
    return {row_key[0] if len(key) == 1 else row_key: stored[row_key].pk for row_key in given}


def _by_key(rows: Iterable[Row], key: Sequence[str]) -> dict[tuple[Hashable, ...], Row]:
    """The rows by key; one that is given twice is an error."""
    found: dict[tuple[Hashable, ...], Row] = {}
    for row in rows:
        first = found.setdefault(_key(row.values, key), row)
        if first is not row:
            file, path = first.record.file, first.record.path
            message = f"it is already given in {file.name}, line {file.line(path)}: keep one"
            raise row.record.fault(message)
    return found


def remove_others(counts: Counts, existing: QuerySet[Any], codes: Codes, *, prune: bool) -> None:
    """Removes the rows of `existing` that the files no longer name; an error unless `prune`."""
    others = existing.exclude(pk__in=codes.ids.values())
    row = others.first()
    if row and not prune:
        cure = "put it back, or load with --prune to remove it with all that hangs on it"
        message = f"the {codes.what} {row.code!r} is in the database and no longer in the file: {cure}"
        raise PackageError(codes.home, None, "code", message)
    try:
        _remove(counts, existing, [other.pk for other in others])
    except ProtectedError as error:
        message = f"a {codes.what} that is no longer in the file is still in use: {error.protected_objects}"
        raise PackageError(codes.home, None, "code", message) from None


def _key(values: Mapping[str, Any], key: Sequence[str]) -> tuple[Hashable, ...]:
    cells = (values.get(name) for name in key)
    return tuple(tuple(cell) if isinstance(cell, list) else cell for cell in cells)


def _remove(counts: Counts, rows: QuerySet[Any], ids: Collection[int]) -> None:
    if ids:
        rows.model._default_manager.filter(pk__in=ids).delete()
        counts.removed += len(ids)


def _check(instances: Iterable[tuple[Record, Model]]) -> None:
    """Lengths, ranges and choices of the fields; references and rules are PostgreSQL's."""
    for record, instance in instances:
        relations = {column.name for column in instance._meta.fields if column.is_relation}
        try:
            instance.clean_fields(exclude=relations)
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            written = name if name in record.data else name.replace("_", ".")
            raise record.error(written, " ".join(messages)) from None


def _write(instances: Sequence[tuple[Record, Model]], write: Callable[[list[Any]], object]) -> None:
    """Writes them together; where PostgreSQL refuses, one by one, to find out which it is."""
    if not instances:
        return
    try:
        with transaction.atomic():
            write([instance for _, instance in instances])
    except DatabaseError:
        for record, instance in instances:
            try:
                with transaction.atomic():
                    write([instance])
            except DatabaseError as error:
                rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
                message = f"the rule “{rule.replace('_', ' ')}” is broken" if rule else str(error)
                raise record.fault(message) from None
        raise
