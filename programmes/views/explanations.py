"""Which row of progress a page explains: `?year=2023`, by default the one that the standing rests on."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from common.databases.compiled import compiled
from programmes.explaining import Explanation, Row, explain, row_of
from programmes.kpi_subject import Subject
from programmes.models import Discrepancy, GroupStanding


def explanation_for(
    request: HttpRequest, subject: Subject, discrepancies: Collection[Discrepancy]
) -> Explanation | None:
    """The explanation of a place's row, or of the group's as a whole; None where nothing is computed.

    Raises `Http404` for a year without a row.
    """
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() else None
    place, kpi = subject.place, subject.kpi
    standing = place.standing if place is not None else next(iter(_standing_of_group(kpi.pk)), None)
    row = row_of(subject.ground.rows, standing, year)
    found = explain(kpi, row, standing, subject.day, discrepancies) if isinstance(row, Row) else None
    if text and (year is None or found is None):
        raise Http404
    return found


@compiled
def _standing_of_group(kpi: int) -> QuerySet[GroupStanding]:
    return GroupStanding.objects.filter(kpi=kpi)
