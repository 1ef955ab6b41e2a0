"""Which row of progress a page explains: `?year=2023`, by default the one that the standing rests on."""

import datetime as dt
from collections.abc import Collection

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest

from programmes.explaining import Explanation, Place, explain, row_of
from programmes.models import Discrepancy, GroupStanding, Kpi


def explanation_for(
    request: HttpRequest, kpi: Kpi, place: Place | None, day: dt.date, discrepancies: Collection[Discrepancy]
) -> Explanation | None:
    """The explanation of a place's row, or of the group's as a whole; None where nothing is computed.

    Raises `Http404` for a year without a row.
    """
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() else None
    if place is not None:
        row, standing = row_of(place.rows, place.standing, year), place.standing
        found = explain(kpi, row, standing, day, discrepancies) if row else None
    else:
        found = _of_group(kpi, year, day, discrepancies)
    if text and (year is None or found is None):
        raise Http404
    return found


def _of_group(
    kpi: Kpi, year: int | None, day: dt.date, discrepancies: Collection[Discrepancy]
) -> Explanation | None:
    standing = GroupStanding.objects.filter(kpi=kpi).first()
    prefetch_related_objects([kpi], "group_progress")
    row = row_of({row.year: row for row in kpi.group_progress.all()}, standing, year)
    return explain(kpi, row, standing, day, discrepancies) if row else None
