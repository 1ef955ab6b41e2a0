"""What somebody may fill in, by the codes that machines know: forms, territories, periods and lines."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Action, mandated
from indicators.filters import TOTAL
from indicators.models import Entry, FormLine, Report, ReportingForm
from indicators.periods import Period, PeriodError
from indicators.reported import Assignment, assignments
from indicators.services.entering import ReportError, reports_on


class ReportId(NamedTuple):
    """A report's public id: codes of its form and territory, its period."""

    form: str
    territory: str
    period: str

    @classmethod
    def of(cls, report: Report) -> "ReportId":
        """That of the report."""
        return cls(report.form.code, report.territory.code, str(report.period))

    def __str__(self) -> str:
        return ":".join(self)


class LineId(NamedTuple):
    """A line's public id in its form: codes of its indicator and breakdown, `_T` for the total."""

    indicator: str
    breakdown: str

    @classmethod
    def of(cls, place: FormLine | Entry) -> "LineId":
        """That of the line, or of the line on which an entry stands."""
        return cls(place.indicator.code, place.breakdown.code or TOTAL)

    def __str__(self) -> str:
        return ":".join(self)


def reports_worked_on(user: User) -> QuerySet[Report]:
    """The reports that the user may fill in, and of those that he may approve what was ever submitted."""
    entering, approving = (
        mandated(user, action, territory="territory", organisation="form__organisation")
        for action in (Action.ENTER, Action.APPROVE)
    )
    return Report.objects.filter(entering | (approving & Q(submitted_at__isnull=False)))


class Desk:
    """The forms that somebody may fill in; each thing is read once, whatever the number of rows."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._lines: dict[ReportingForm, dict[LineId, FormLine]] = {}

    @cached_property
    def places(self) -> dict[tuple[str, str], Assignment]:
        """Forms and territories by their codes."""
        return {
            (form.code, territory.code): (form, territory)
            for form, territory in assignments(self.user, Action.ENTER)
        }

    def lines(self, form: ReportingForm) -> dict[LineId, FormLine]:
        """The form's lines in their order."""
        if form not in self._lines:
            rows = form.lines.select_related("indicator__unit", "breakdown")
            self._lines[form] = {LineId.of(line): line for line in rows}
        return self._lines[form]

    def reports(self, wanted: Iterable[ReportId]) -> dict[ReportId, Report | ReportError]:
        """The reports, stored or not yet begun, or why there is none; a query for each form and period."""
        found: dict[ReportId, Report | ReportError] = {}
        sheets: dict[tuple[ReportingForm, Period], list[ReportId]] = {}
        for key in wanted:
            try:
                sheets.setdefault(self._sheet(key), []).append(key)
            except ReportError as error:
                found[key] = error
        for (form, period), keys in sheets.items():
            territories = [self.places[key.form, key.territory][1] for key in keys]
            try:
                found |= zip(keys, reports_on(form=form, period=period, territories=territories), strict=True)
            except ReportError as error:
                found |= dict.fromkeys(keys, error)
        return found

    def report(self, key: ReportId) -> Report:
        """The report of the id. Raises `ReportError`."""
        found = self.reports([key])[key]
        if isinstance(found, ReportError):
            raise found
        return found

    def line(self, form: ReportingForm, key: LineId) -> FormLine:
        """The line of the id. Raises `ReportError`."""
        try:
            return self.lines(form)[key]
        except KeyError as error:
            raise ReportError("line_not_in_form", indicator=key.indicator) from error

    def _sheet(self, key: ReportId) -> tuple[ReportingForm, Period]:
        place = self.places.get((key.form, key.territory))
        if place is None:
            raise ReportError("unknown_place", form=key.form, territory=key.territory)
        try:
            return place[0], Period.parse(key.period)
        except PeriodError as error:
            raise ReportError("bad_period", text=key.period) from error
