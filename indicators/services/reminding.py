"""Reminds those who fill in reports: five days and one day before, when one is overdue, and weekly after."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction

from accounts.permissions import Action, users_at
from cities.models import Territory
from indicators.deadlines import Deadline, deadlines
from indicators.models import Report, ReportingForm
from indicators.services.notifying import Kind, Occasion, notify_of, page, place_key, place_params

# Days from the deadline on which a reminder is due; the last may be caught up for as long as the others.
BEFORE, OVERDUE = (-5, -1), (1, 8, 15, 22, 29)
DAYS = (*BEFORE, *OVERDUE)
WEEK = 7


def remind(today: dt.date) -> None:
    """Reminds of every report that is neither submitted nor approved: of each place and period only the most
    recent reminder that applies, and that once, however often this runs."""
    due = [
        each for form in ReportingForm.objects.select_related("organisation") for each in _near(form, today)
    ]
    with transaction.atomic():
        notify_of(_occasions(due, today))


def _near(form: ReportingForm, today: dt.date) -> list[Deadline]:
    """The form's deadlines of which one may be reminded today."""
    since, until = today - dt.timedelta(days=OVERDUE[-1] + WEEK - 1), today - dt.timedelta(days=BEFORE[0])
    return deadlines(form, since, until)


def _occasions(due: list[Deadline], today: dt.date) -> Iterator[Occasion]:
    pairs = list(
        ReportingForm.territories.through.objects.filter(
            reportingform__in={each.form.pk for each in due}
        ).select_related("territory")
    )
    organisations = {each.form.pk: each.form.organisation_id for each in due}
    users = users_at(
        Action.ENTER, [(pair.territory_id, organisations[pair.reportingform_id]) for pair in pairs]
    )
    reports = {
        (report.form_id, report.territory_id, report.period_start): report
        for report in Report.objects.filter(
            form__in=organisations, period_start__in={each.period.start for each in due}
        )
    }
    for each in due:
        for pair in pairs:
            if pair.reportingform_id != each.form.pk:
                continue
            report = reports.get((each.form.pk, pair.territory_id, each.period.start))
            if report is None or report.is_open:
                receivers = users[pair.territory_id, each.form.organisation_id]
                yield _occasion(each, pair.territory, receivers, today)


def _occasion(deadline: Deadline, territory: Territory, users: set[int], today: dt.date) -> Occasion:
    form, period = deadline.form, deadline.period
    step = max(days for days in DAYS if days <= (today - deadline.on).days)
    return Occasion(
        kind=Kind.OVERDUE if step in OVERDUE else Kind.DUE_SOON,
        key=f"{place_key(form, territory, period)}:{step}",
        params=place_params(form, territory, period),
        path=page("indicators:sheet", form.code, period),
        users=users,
    )
