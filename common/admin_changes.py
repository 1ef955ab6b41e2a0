"""What was changed in the administration, told to whoever listens: the audit trail does."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.encoding import force_str
from import_export.results import Result, RowResult

HIDDEN = "***"

changed = Signal()
"""Sent in the transaction of the changes, with `request` and `changes`, a list of `Change`."""


class Change(NamedTuple):
    """A row that was added, changed or deleted: its fields by name, old and new; None is nothing."""

    row: models.Model
    key: object
    fields: dict[str, tuple[object, object]]


class ToldAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows whose every change in the administration is told."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Django asks for it once everything is saved, whichever page it comes from: the moment to tell."""
        tell(request, [_saved(form), *_saved_inline(formsets or ())])
        return super().construct_change_message(request, form, formsets, add)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Tells before the row is gone."""
        with transaction.atomic():
            tell(request, [_deleted(obj)])
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Tells before the rows are gone."""
        with transaction.atomic():
            tell(request, [_deleted(row) for row in queryset])
            super().delete_queryset(request, queryset)


def tell(request: HttpRequest, changes: Iterable[Change]) -> None:
    """Tells of the rows in which something is not what it was."""
    if real := [each for each in changes if each.fields]:
        changed.send(type(real[0].row), request=request, changes=real)


def imported(result: Result) -> list[Change]:
    """What a file changed, row by row."""
    return [
        Change(row.instance, row.object_id, _differences(row))
        for row in result.rows
        if row.import_type in {RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE}
    ]


def _differences(row: RowResult) -> dict[str, tuple[object, object]]:
    is_new = row.import_type == RowResult.IMPORT_TYPE_NEW
    fields = row.instance._meta.concrete_fields
    # References are compared by their keys, and read only where they differ.
    touched = [
        field.name
        for field in fields
        if is_new or getattr(row.original, field.attname) != getattr(row.instance, field.attname)
    ]
    now, before = _values(row.instance, touched), {} if is_new else _values(row.original, touched)
    return {name: (before.get(name), now.get(name)) for name in touched if before.get(name) != now.get(name)}


def _saved(form: Any) -> Change:
    # The form for a new password knows its user by another name.
    row = form.instance if hasattr(form, "instance") else form.user
    return Change(row, row.pk, dict(_typed(form)))


def _saved_inline(formsets: Iterable[Any]) -> Iterator[Change]:
    for formset in formsets:
        gone = formset.deleted_forms if formset.can_delete else []
        for form in formset.forms:
            if form in gone:
                key = form[formset.model._meta.pk.name].value()
                yield Change(form.instance, key, _deleted(form.instance).fields)
            elif form.has_changed():
                yield _saved(form)


def _typed(form: BaseForm) -> Iterator[tuple[str, tuple[object, object]]]:
    for name in form.changed_data:
        if "password" in name:
            yield "password", (HIDDEN, HIDDEN)
        else:
            old, new = form.initial.get(name), form.cleaned_data.get(name)
            yield name, (_word(_read(form.fields[name], old)), _word(new))


def _read(field: Any, value: object) -> object:
    """What the key in a choice's initial value stands for."""
    if value is None or isinstance(value, models.Model | list):
        return value
    try:
        return field.to_python(value)
    except ValidationError:
        return value


def _deleted(row: models.Model) -> Change:
    return Change(row, row.pk, {name: (value, None) for name, value in _values(row).items()})


def _values(row: models.Model, names: Collection[str] | None = None) -> dict[str, object]:
    """The fields of a row that hold something: all, or some."""
    words = {
        field.name: HIDDEN if field.name in {"password", "key_hash"} else _word(getattr(row, field.name))
        for field in row._meta.concrete_fields
        if not field.primary_key and (names is None or field.name in names)
    }
    return {name: word for name, word in words.items() if word is not None}


def _word(value: object) -> object:
    """A value as JSON and people know it: rows by their codes, empty texts as nothing."""
    match value:
        case None | "":
            return None
        case bool() | int() | str():
            return value
        case models.Model():
            return name_of(value)
        case models.QuerySet() | list() | tuple() | set():
            return sorted(str(_word(each)) for each in value) or None
        case dict():
            return value or None
    return force_str(value)


def name_of(row: models.Model) -> str:
    """A row as people and files know it: by its e-mail address or code, if it has one."""
    return str(getattr(row, "email", "") or getattr(row, "code", "") or row)
