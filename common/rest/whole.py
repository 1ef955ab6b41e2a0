"""Lists that are not divided into pages: streamed, in memory that does not grow with their rows.

A client asks for one by `limit=all`; formats that know no pages always answer so.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.request import Request

from common.exporting.copying import as_csv, heading
from common.exporting.workbooks import MEDIA_TYPE, write_workbook
from common.rest.problems import Flaw, NotAcceptable, Problem
from common.rest.rendering import CsvRenderer, XlsxRenderer, cells_of, lines_of, title_of

WHOLE = "all"
BATCH = 1_000
MOST_ROWS_OF_A_WORKBOOK = 200_000
"""A workbook is made before its first byte is sent: larger ones would keep a client waiting for a minute."""


class WholeCsv(CsvRenderer):
    """CSV of pages and of whole lists."""

    def whole(self, view: Any, queryset: Any) -> HttpResponseBase:
        """The list, by COPY where its table is known."""
        if (table := view.shown_table()) is not None:
            pieces = as_csv(table, queryset)
        else:
            pieces = chain([heading(view.columns_of_csv())], _batched(lines_of(cells(view, queryset))))
        return attachment(view, StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8"), "csv")


class WholeXlsx(XlsxRenderer):
    """Workbooks of pages and of whole lists."""

    def whole(self, view: Any, queryset: Any) -> HttpResponseBase:
        """The list; `Problem` where it is too long."""
        if queryset[MOST_ROWS_OF_A_WORKBOOK:].exists():
            detail = _("The list is too long for a workbook.")
            cure = _("Narrow it by filters, or ask for format=csv.")
            raise Problem(Flaw("bad_value", "limit", WHOLE, detail, cure))
        if (table := view.shown_table()) is not None:
            rows: Iterable[Any] = table.select(queryset).iterator(chunk_size=BATCH)
        else:
            rows = cells(view, queryset)
        file = write_workbook(title_of(view), view.columns_of_csv(), rows)
        return attachment(view, FileResponse(file, content_type=MEDIA_TYPE), "xlsx")


def whole_list(view: Any, request: Request) -> HttpResponseBase | None:
    """The answer to whoever asks for a whole list; None where a page is wanted."""
    renderer: Any = request.accepted_renderer
    is_undivided = getattr(renderer, "is_undivided", False)
    limit, cursor = (request.query_params.get(name) for name in ("limit", "cursor"))
    if limit != WHOLE and not is_undivided:
        return None
    if not hasattr(renderer, "whole"):
        able = ", ".join(each.format for each in view.get_renderers() if hasattr(each, "whole"))
        detail = _("In this format a list comes in pages.")
        cure = _("Leave limit=all out, or add one of these as format=: %(names)s.") % {"names": able or "–"}
        raise Problem(Flaw("bad_value", "limit", WHOLE, detail, cure))
    for name, value in (("limit", limit), ("cursor", cursor)):
        if value is not None and value != WHOLE:
            detail = _("A list that comes as a whole has no pages.")
            raise Problem(
                Flaw("bad_value", name, value, detail, _("Leave it out, or ask for another format."))
            )
    rows = view.filter_queryset(view.get_queryset())
    answer: HttpResponseBase = renderer.whole(view, rows.none() if request.method == "HEAD" else rows)
    return answer


def cells(view: Any, queryset: Any) -> Iterator[Any]:
    """The rows of a list in the columns of its CSV, read and written so many at a time."""
    columns = view.columns_of_csv()
    rows = iter(view.rows(queryset).order_by(*view.keyset).iterator(chunk_size=BATCH))
    while batch := list(islice(rows, BATCH)):
        yield from cells_of(view.write(batch), columns)


def _batched(lines: Iterable[bytes]) -> Iterator[bytes]:
    lines = iter(lines)
    while batch := b"".join(islice(lines, BATCH)):
        yield batch


def attachment(view: Any, response: HttpResponseBase, ending: str) -> HttpResponseBase:
    """The answer as a file with a name; without its content for whoever asks for the head alone."""
    if view.request.method == "HEAD":
        response.streaming_content = ()  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'attachment; filename="{title_of(view)}.{ending}"'
    return response


def formats_of(view: Any) -> list[str]:
    """The words for `format=` that suit an address."""
    return [each.format for each in view.get_renderers()]


def unsuitable(view: Any, accept: str) -> NotAcceptable:
    """What a client hears that accepts nothing of what an address offers."""
    offered = ", ".join(each.media_type for each in view.get_renderers())
    detail = _("This address answers in none of these media types.")
    cure = _("Accept one of these, or name a format by format=: %(names)s.") % {"names": offered}
    return NotAcceptable(Flaw("unsuitable_format", "Accept", accept, detail, cure))
