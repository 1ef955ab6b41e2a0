"""Answers as bytes: JSON in which no figure loses a digit, and the same rows as CSV."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

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
    """CSV (RFC 4180, UTF-8): a column for each field, `names.kk` as `names_kk`, lists joined by semicolons,
    any other object as JSON.

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
        rows: Sequence[Mapping[str, Any]] = data.get("results", [data])
        columns = (renderer_context or {})["view"].columns_of_csv()
        text = io.StringIO()
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        writer.writerows(dict(_flatten(row)) for row in rows)
        return text.getvalue().encode()


def _flatten(row: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and set(value) != set(LANGUAGES):
            yield name, orjson.dumps(value, default=encode).decode()
        elif isinstance(value, Mapping):
            yield from ((f"{name}_{inner}", text) for inner, text in value.items())
        elif isinstance(value, list):
            yield name, ";".join(map(str, value))
        elif isinstance(value, dt.datetime):
            yield name, value.isoformat()
        else:
            yield name, value
