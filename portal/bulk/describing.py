"""What a snapshot says of itself: a Frictionless Data Package, and a code book in three languages."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common.exporting.columns import Column, Table
from common.names import LANGUAGES
from portal.bulk import TABLES

CODE_BOOK = "codebook.csv"
CODE_BOOK_FIELDS = ("table", "field", "code", *LANGUAGES)
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "header": True}
PUBLIC_ID = _("public id")


@dataclass(frozen=True)
class Written:
    """A file of a snapshot: its name, size and checksum."""

    name: str
    bytes: int
    sha256: str


def file_of(table: Table) -> str:
    """The name of a table's file."""
    return f"{table.name}.csv.gz"


def data_package(written: Iterable[Written], made_at: dt.datetime) -> dict[str, Any]:
    """The descriptor of the files, in the order of the tables."""
    files = {each.name: each for each in written}
    licence = settings.DATA_LICENCE
    return {
        "profile": "data-package",
        "name": "bagdar",
        "title": "Bağdar",
        "description": "Development programmes, their promises and progress, and the statistics behind them.",
        "homepage": settings.PORTAL_URL,
        "created": made_at.isoformat(timespec="seconds"),
        **({"licenses": [{"path": licence, "title": licence}]} if licence else {}),
        "contributors": [{"title": settings.PUBLISHER_NAME, "role": "publisher"}],
        "resources": [
            *(_resource(table, files[file_of(table)]) for table in TABLES),
            _code_book_resource(files[CODE_BOOK]),
        ],
    }


def code_book() -> Iterator[tuple[str, ...]]:
    """Rows of the code book: tables, their fields, and what the codes in them mean."""
    for table in TABLES:
        yield (table.name, "", "", *_texts(table.model._meta.verbose_name_plural))
        for name, column in table.columns.items():
            yield (table.name, name, "", *_texts(title_of(table, column)))
            for code, label in _codes(table, column):
                yield (table.name, name, code, *_texts(label))


def title_of(table: Table, column: Column) -> Any:
    """What a column is called."""
    field = _field(table.model, column.path)
    return PUBLIC_ID if field is None or field.primary_key else field.verbose_name


def _resource(table: Table, file: Written) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_described(table, name, column) for name, column in table.columns.items()],
        "missingValues": [""],
        "foreignKeys": list(_foreign_keys(table)),
    }
    if table.key:
        schema["primaryKey"] = [table.key]
    names = dict(zip(LANGUAGES, _texts(table.model._meta.verbose_name_plural), strict=True))
    return {**_file(table.name, file), "compression": "gz", "title": names["en"], "titles": names,
            "schema": schema}  # fmt: skip


def _code_book_resource(file: Written) -> dict[str, Any]:
    fields = [{"name": name, "type": "string"} for name in CODE_BOOK_FIELDS]
    schema = {"fields": fields, "missingValues": [""]}
    return {**_file("codebook", file), "title": "Code book", "schema": schema}


def _file(name: str, file: Written) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": file.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _described(table: Table, name: str, column: Column) -> dict[str, Any]:
    names = dict(zip(LANGUAGES, _texts(title_of(table, column)), strict=True))
    found: dict[str, Any] = {"name": name, "type": column.kind, "title": names["en"], "titles": names}
    if codes := [code for code, _label in _codes(table, column)]:
        found["constraints"] = {"enum": codes}
    return found


def _foreign_keys(table: Table) -> Iterator[Mapping[str, Any]]:
    keys = {each.model: each for each in TABLES if each.key}
    for name, column in table.columns.items():
        field = _field(table.model, column.path)
        other = keys.get(field.related_model) if isinstance(field, models.ForeignKey) else None
        if other is not None:
            resource = "" if other is table else other.name
            yield {"fields": [name], "reference": {"resource": resource, "fields": [other.key]}}


def _codes(table: Table, column: Column) -> list[tuple[str, Any]]:
    field = _field(table.model, column.path)
    return [(code, label) for code, label in getattr(field, "choices", None) or () if code]


def _field(model: type[models.Model], path: str) -> Any:
    """The field at a path; None where a column is composed of several."""
    field: Any = None
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field


def _texts(text: Any) -> list[str]:
    found = []
    for code in LANGUAGES:
        with override(code):
            found.append(str(text))
    return found
