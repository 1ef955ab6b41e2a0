"""A page's table as a file: the same rows at the same address, with `?format=csv` or `?format=json`."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.formats import guarded
from common.rest.rendering import encode


def twin(
    request: HttpRequest, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse | None:
    """The file that the address asks for; None where it asks for the page. Rows are as long as `columns`.

    CSV is UTF-8 with the mark by which Excel knows it: exact figures, a decimal point, days as 2024-12-31,
    nothing as an empty cell; JSON is a list of objects. A format that is none of these is said on the page.
    """
    wanted = request.GET.get("format", "")
    if wanted == "json":
        body = [dict(zip(columns, row, strict=True)) for row in rows]
        return _file(orjson.dumps(body, default=encode), "application/json", f"{name}.json")
    if wanted == "csv":
        return _file(_csv(columns, rows), "text/csv; charset=utf-8", f"{name}.csv")
    if wanted:
        messages.warning(
            request, _("There is no file in the format “%(format)s”: CSV and JSON are.") % {"format": wanted}
        )
    return None


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    return guarded(str(value)) if isinstance(value, (str, Promise)) else value


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
