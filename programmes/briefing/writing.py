"""Writes a briefing: gathers what has moved, what is late, what was asked, and who answers."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q
from django.utils import timezone

from accounts.permissions import Reader, inquiries_open_to
from cities.models import Territory
from common.collation import sort_key
from programmes.briefing.comparing import LISTS, MOST, Comparison, Row, compare
from programmes.briefing.lateness import late_measures, late_reports, owner_of
from programmes.briefing.sheets import (
    Answerer,
    Briefing,
    LateMeasure,
    LateReport,
    Listing,
    Move,
    Scope,
    Shown,
)
from programmes.models import Inquiry, Kpi, Programme, Standing
from programmes.overview import Rollup

T = TypeVar("T")


def briefing(scope: Scope, since: dt.date, reader: Reader | None = None) -> Briefing:
    """What a reader has to know of the scope today; who is not logged in reads of published inquiries only.

    Raises `DayToComeError`.
    """
    today = timezone.localdate()
    places = _places(scope)
    name = "-".join(f"{key}-{code}" for key, code in scope.query.items())
    compared = compare(_kpis(scope, places), places, since, name)
    measures = late_measures(places, scope.organisation, today)
    reports = late_reports(places, scope.organisation, today)
    programmes = _programmes(compared)
    lists = _lists(compared, programmes)
    return Briefing(
        scope=scope, since=since, today=today, now=Rollup(compared.now()), counts_then=compared.then(),
        **lists, late_measures=first(measures), late_reports=first(reports),
        answerers=_answerers(compared, programmes, measures, reports),
        inquiries=_inquiries(scope, places, reader or AnonymousUser()),
    )  # fmt: skip


def first(rows: Sequence[T]) -> Listing[T]:
    """The beginning of a list, with its length."""
    return Listing(tuple(rows[:MOST]), len(rows))


def _places(scope: Scope) -> list[int] | None:
    """The ids of the territory and all within it; None for a body, which has no place of its own."""
    if scope.territory is None:
        return None
    return sorted(Territory.objects.within({scope.territory.pk}).values_list("pk", flat=True))


def _kpis(scope: Scope, places: list[int] | None) -> list[int]:
    """The KPIs that are judged there; for a body those of its programmes, of the figures that it publishes
    and of those that it is asked to report."""
    if places is not None:
        found = Standing.objects.filter(territory__in=places).values_list("kpi", flat=True)
        return sorted(set(found.distinct().order_by()))
    body = scope.organisation
    own = Q(programme__organisation=body) | Q(indicator__organisation=body)
    reported = Q(indicator__form_lines__form__organisation=body)
    return sorted(set(Kpi.objects.filter(own | reported).values_list("pk", flat=True)))


def _programmes(compared: Comparison) -> dict[int, Programme]:
    ids = {programme for programme, _then, _now in compared.tally}
    return Programme.objects.select_related("organisation").in_bulk(ids)


def _lists(compared: Comparison, programmes: dict[int, Programme]) -> dict[str, Listing[Move]]:
    """Every list of moves; two queries for all."""
    rows = [row for name in LISTS for row in compared.rows[name]]
    kpis = Kpi.objects.select_related("indicator__unit").in_bulk({row.kpi for row in rows})
    places = Territory.objects.in_bulk({row.territory for row in rows})

    def move(row: Row) -> Move:
        kpi = kpis[row.kpi]
        kpi.programme = programmes[kpi.programme_id]
        then = Shown(row.then, row.then_year, row.then_actual) if row.then else None
        now = Shown(row.now, row.now_year, row.now_actual)
        return Move(kpi, places[row.territory], then, now, owner_of(kpi.programme))

    return {
        name: Listing(
            tuple(move(row) for row in compared.rows[name] if row.kpi in kpis and row.territory in places),
            compared.count(pairs),
        )
        for name, pairs in LISTS.items()
    }


def _answerers(
    compared: Comparison,
    programmes: dict[int, Programme],
    measures: Sequence[LateMeasure],
    reports: Sequence[LateReport],
) -> tuple[Answerer, ...]:
    """Who answers for what slipped or was missed and for what is late, the most of it first."""
    wanted = {*LISTS["slipped"], *LISTS["missed"]}
    promises, late = Counter[str](), Counter[str]()
    for pk, count in compared.by_programme(wanted).items():
        promises[owner_of(programmes[pk])] += count
    late.update(measure.answers for measure in measures)
    late.update(report.form.organisation.name for report in reports)
    names = sorted({*promises, *late} - {""}, key=lambda name: (-promises[name] - late[name], sort_key(name)))
    return tuple(Answerer(name, promises[name], late[name]) for name in names)


def _inquiries(scope: Scope, places: list[int] | None, reader: Reader) -> Listing[Inquiry]:
    """The inquiries about the scope that wait for their reply, those due first at the top."""
    rows = Inquiry.objects.open().filter(inquiries_open_to(reader))
    if places is not None:
        rows = rows.filter(territory__in=places)
    else:
        rows = rows.filter(Q(organisation=scope.organisation) | Q(asker=scope.organisation))
    found = rows.select_related("organisation", "asker", "territory").order_by(F("due_on").asc(), "pk")
    return first(list(found))
