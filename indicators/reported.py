"""Who has reported and who has not: a form's places in a period, and what is due of somebody's."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Action, mandated
from cities.models import Territory
from common.collation import sort_key
from indicators.deadlines import Deadline, deadlines
from indicators.fields import MISSING_STATUSES
from indicators.models import Report, ReportingForm
from indicators.working_days import working_days_late

State = Report.State
NOT_BEGUN, LATE = "not_begun", "late"
STATES = [(NOT_BEGUN, _("not begun")), *State.choices]
HANDED_IN = {State.SUBMITTED, State.APPROVED}
PROVINCES = {Territory.Level.OBLAST, Territory.Level.REPUBLICAN_CITY}
A_YEAR = dt.timedelta(days=365)

Assignment = tuple[ReportingForm, Territory]
"""A form that is to be filled in for a territory."""


@dataclass(frozen=True)
class Place:
    """A territory of which a report is asked, the province it lies in (None for the country), and how far
    the report has got; `filled` counts the cells that say something."""

    territory: Territory
    province: Territory | None
    report: Report | None
    filled: int
    days_late: int

    @property
    def state(self) -> str:
        """One of `STATES`."""
        return self.report.state if self.report else NOT_BEGUN

    @property
    def state_name(self) -> str:
        """The state in the reader's language."""
        return str(dict(STATES)[self.state])

    @property
    def is_handed_in(self) -> bool:
        """Whether nothing is to be done by those who enter."""
        return self.state in HANDED_IN

    @property
    def is_overdue(self) -> bool:
        """Whether it is late and still not there."""
        return self.days_late > 0 and not self.is_handed_in


@dataclass(frozen=True)
class Reported:
    """A form's places in one period."""

    deadline: Deadline
    cells: int
    places: Sequence[Place]

    @cached_property
    def handed_in(self) -> list[Place]:
        """Those that have reported."""
        return [place for place in self.places if place.is_handed_in]

    @cached_property
    def handed_in_late(self) -> list[Place]:
        """Those that have reported after the day."""
        return [place for place in self.handed_in if place.days_late]

    @cached_property
    def overdue(self) -> list[Place]:
        """Those that are late and have still not reported."""
        return [place for place in self.places if place.is_overdue]

    def by_province(self, state: str = "", province: str = "") -> list[tuple[Territory | None, list[Place]]]:
        """The places in one of `STATES` or late, of one province by its code or all; grouped and sorted."""
        chosen = [
            place
            for place in self.places
            if (not state or state == place.state or (state == LATE and place.days_late))
            and (not province or (place.province and place.province.code == province))
        ]
        chosen.sort(key=lambda place: (_name(place.province), sort_key(place.territory.name)))
        return [(found, list(places)) for found, places in groupby(chosen, lambda place: place.province)]

    @cached_property
    def provinces(self) -> list[Territory]:
        """The provinces in which the places lie, by name."""
        return sorted({place.province for place in self.places if place.province}, key=_name)


def _name(territory: Territory | None) -> str:
    return sort_key(territory.name) if territory else ""


def assignments(user: User, action: Action) -> list[Assignment]:
    """The forms and territories on which the user may take the action, in one query after his mandates."""
    allowed = mandated(user, action, territory="territory", organisation="reportingform__organisation")
    pairs = ReportingForm.territories.through.objects.filter(allowed).order_by("reportingform__code", "pk")
    forms: dict[int, ReportingForm] = {}
    return [
        (forms.setdefault(pair.reportingform_id, pair.reportingform), pair.territory)
        for pair in pairs.select_related("reportingform__organisation", "territory")
    ]


def reported(deadline: Deadline, territories: Sequence[Territory], today: dt.date) -> Reported:
    """How far the form's reports of the territories have got; three queries."""
    stated = Q(entries__value__isnull=False) | Q(entries__status__in=MISSING_STATUSES)
    found = (
        Report.objects.filter(
            form=deadline.form, period_start=deadline.period.start, territory__in=territories
        )
        .select_related("submitted_by", "decided_by")
        .annotate(filled=Count("entries", stated))
    )
    reports = {report.territory_id: report for report in found}
    chain = {each.pk: each for each in Territory.objects.containing({each.pk for each in territories})}
    places = [
        Place(
            territory=territory,
            province=_province(territory, chain),
            report=(report := reports.get(territory.pk)),
            filled=report.filled if report else 0,
            days_late=_days_late(deadline.on, report, today),
        )
        for territory in territories
    ]
    return Reported(deadline, deadline.form.lines.count(), places)


def _province(territory: Territory, chain: dict[int, Territory]) -> Territory | None:
    found: Territory | None = territory
    while found and found.level not in PROVINCES:
        found = chain[found.parent_id] if found.parent_id else None
    return found


def _days_late(due: dt.date, report: Report | None, today: dt.date) -> int:
    """Working days until it was handed in, or until today; a returned one counts from its first time."""
    handed_in = report and report.submitted_at
    return working_days_late(due, timezone.localdate(handed_in) if handed_in else today)


@dataclass(frozen=True)
class Task:
    """What somebody is to report by a day: for which territories, how many of them are handed in, and
    whether the day has passed."""

    deadline: Deadline
    territories: Sequence[Territory]
    handed_in: int
    is_past: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.handed_in == len(self.territories)

    @property
    def is_overdue(self) -> bool:
        """Whether something is left to do after the day."""
        return self.is_past and not self.is_done

    @property
    def month(self) -> dt.date:
        """The first day of the month in which it is due."""
        return self.deadline.on.replace(day=1)


def tasks_of(user: User, today: dt.date) -> list[Task]:
    """What the user has failed to report within a year, and what is due within the next; by day."""
    mine = assignments(user, Action.ENTER)
    due = [
        (deadline, [territory for other, territory in mine if other == form])
        for form in dict.fromkeys(form for form, _territory in mine)
        for deadline in deadlines(form, today - A_YEAR, today + A_YEAR)
    ]
    handed_in = set(
        Report.objects.filter(
            form__in={deadline.form.pk for deadline, _territories in due},
            period_start__in={deadline.period.start for deadline, _territories in due},
            state__in=HANDED_IN,
        ).values_list("form_id", "territory_id", "period_start")
    )
    tasks = [
        Task(
            deadline,
            territories,
            sum((deadline.form.pk, each.pk, deadline.period.start) in handed_in for each in territories),
            deadline.on < today,
        )
        for deadline, territories in due
    ]
    wanted = [task for task in tasks if not (task.is_past and task.is_done)]
    return sorted(wanted, key=lambda task: (task.deadline.on, task.deadline.form.code))
