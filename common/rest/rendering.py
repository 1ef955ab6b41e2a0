"""Answers as bytes: JSON in which no figure loses a digit, and the same rows as CSV and as a workbook."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from common.exporting.workbooks import MEDIA_TYPE, write_workbook
from common.names import LANGUAGES


def encode(value: object) -> object:
    """What orjson cannot write itself. A Decimal is written digit for digit: a double would round it."""
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{value!r} cannot be written as JSON")


class OrjsonRenderer(BaseRenderer):
    """JSON: decimals as exact numbers, moments in UTC."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The data as UTF-8; `TypeError` for a NaN or anything else that JSON does not know."""
        if data is None:
            return b""
        return orjson.dumps(data, default=encode, option=orjson.OPT_UTC_Z)


class CsvRenderer(BaseRenderer):
    """CSV (UTF-8, lines end with a line feed): a column for each field, `names.kk` as `names_kk`, lists
    joined by semicolons, any other object as JSON.

    The address of the next page stands in the `Link` header.
    """

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """A heading and the rows of a list, or the one row of a detail."""
        columns = (renderer_context or {})["view"].columns_of_csv()
        return b"".join(lines_of([columns, *cells_of(rows_of(data), columns)]))


class XlsxRenderer(BaseRenderer):
    """A workbook with the columns of the CSV: numbers as numbers, everything else as text."""

    media_type = MEDIA_TYPE
    format = "xlsx"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """A heading and the rows of a list, or the one row of a detail."""
        view = (renderer_context or {})["view"]
        columns = view.columns_of_csv()
        with write_workbook(title_of(view), columns, cells_of(rows_of(data), columns)) as file:
            return file.read()


def title_of(view: Any) -> str:
    """What a file of a list is called."""
    return str(view.basename or "rows").removeprefix("api-")


def rows_of(data: Any) -> Sequence[Mapping[str, Any]]:
    """The rows of a page, or the one of a detail."""
    rows: Sequence[Mapping[str, Any]] = data.get("results", [data])
    return rows


def cells_of(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows in columns."""
    for row in rows:
        flat = dict(_flatten(row))
        yield [flat[name] for name in columns]


def lines_of(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as lines of CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow(row)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _flatten(row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and set(value) != set(LANGUAGES):
            yield name, orjson.dumps(value, default=encode).decode()
        elif isinstance(value, Mapping):
            yield from ((f"{name}_{inner}", text) for inner, text in value.items())
        elif isinstance(value, list):
            yield name, ";".join(map(str, value))
        elif isinstance(value, dt.datetime):
            yield name, value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        elif isinstance(value, dt.date):
            yield name, value.isoformat()
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        else:
            yield name, value
