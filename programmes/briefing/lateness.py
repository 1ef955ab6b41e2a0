"""What is late in a scope: measures past their last day, reports that were not handed in."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from indicators.deadlines import Deadline, deadlines
from indicators.models import Report, ReportingForm
from indicators.reported import HANDED_IN
from indicators.working_days import working_days_late
from programmes.briefing.sheets import LateMeasure, LateReport
from programmes.methods.programme_rules import due_dates
from programmes.models import Measure, Programme
from programmes.templatetags.promises import bodies

A_YEAR = dt.timedelta(days=365)
NOT_DONE = {Measure.State.PLANNED, Measure.State.ONGOING}


def late_measures(
    places: Collection[int] | None, organisation: Organisation | None, today: dt.date
) -> list[LateMeasure]:
    """Measures that nobody has reported as done after their last day, the latest day first; two queries.

    Of one that only has to begin, or that is due again and again, nobody can tell.
    """
    measures = _measures(places, organisation).select_related("programme__organisation")
    found = []
    for measure in measures.filter(state__in=NOT_DONE, deadline__isnull=False).order_by("pk"):
        programme = measure.programme
        if measure.deadline is None or measure.deadline["type"] == "start":
            continue
        days = due_dates(measure.deadline, programme.starts_on, programme.ends_on)
        if days and days[-1] < today:
            answers = bodies(measure.responsible) if measure.responsible else owner_of(programme)
            found.append(LateMeasure(measure, days[-1], answers))
    return sorted(found, key=lambda late: late.due_on, reverse=True)


def owner_of(programme: Programme) -> str:
    """Who answers for the programme, as its document or its account here names him; empty if neither does."""
    return programme.owner or (programme.organisation.name if programme.organisation else "")


def _measures(places: Collection[int] | None, organisation: Organisation | None) -> QuerySet[Measure]:
    if organisation is not None:
        answers = Q(responsible__contains=[{"organisation": organisation.code}])
        return Measure.objects.filter(answers | Q(programme__organisation=organisation))
    links = Measure.territories.through.objects.filter(territory__in=places or ())
    return Measure.objects.filter(pk__in=links.values("measure"))


def late_reports(
    places: Collection[int] | None, organisation: Organisation | None, today: dt.date
) -> list[LateReport]:
    """Reports of the last year that have not been handed in after their day, the latest first; three
    queries."""
    pairs = ReportingForm.territories.through.objects.select_related(
        "reportingform__organisation", "territory"
    )
    if organisation is not None:
        pairs = pairs.filter(reportingform__organisation=organisation)
    else:
        pairs = pairs.filter(territory__in=places or ())
    assigned = list(pairs)
    handed_in = set(
        Report.objects.filter(
            form__in={pair.reportingform_id for pair in assigned}, state__in=HANDED_IN,
            period_start__gte=today - 3 * A_YEAR,
        ).values_list("form_id", "territory_id", "period_start")
    )  # fmt: skip
    return sorted(_late(assigned, handed_in, today), key=lambda late: late.due_on, reverse=True)


def _late(
    assigned: Sequence[Any], handed_in: Collection[tuple[int, int, dt.date]], today: dt.date
) -> Iterator[LateReport]:
    yesterday = today - dt.timedelta(days=1)
    due: dict[int, list[Deadline]] = {}
    for pair in assigned:
        form, territory = pair.reportingform, pair.territory
        if form.pk not in due:
            due[form.pk] = deadlines(form, today - A_YEAR, yesterday)
        for deadline in due[form.pk]:
            period, on = deadline.period, deadline.on
            if (form.pk, territory.pk, period.start) not in handed_in:
                yield LateReport(form, territory, period, on, working_days_late(on, today))
