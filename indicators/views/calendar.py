"""The coordinator's page: who has reported, who has not, and asking those who are late."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from tablib import Dataset

from accounts.decorators import UserRequest, action_required
from accounts.models import User
from accounts.permissions import Action
from cities.models import Territory
from common.formats import CSV
from indicators.deadlines import Deadline, begun_deadlines, latest_deadline
from indicators.models import ReportingForm
from indicators.reported import LATE, STATES, Place, Reported, assignments, reported
from indicators.services.notifying import nudged_today, tell_nudged
from indicators.templatetags.figures import period as period_in_words

COLUMNS = (
    "form", "period", "due_on", "province", "territory", "territory_name", "state", "cells_filled", "cells",
    "submitted_on", "submitted_by", "decided_on", "working_days_late",
)  # fmt: skip
ALL = [("", gettext_lazy("all"))]


class CalendarSearch(forms.Form):
    """Which form and period, and which of its places."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    state = forms.ChoiceField(
        required=False, choices=[*ALL, *STATES, (LATE, gettext_lazy("late"))], label=gettext_lazy("State")
    )
    province = forms.ChoiceField(required=False, label=gettext_lazy("Oblast or city"))


class NudgeForm(forms.Form):
    """Words to those who are asked; and the one territory, unless all that are overdue are asked."""

    words = forms.CharField(required=False, max_length=500, label=gettext_lazy("A few words, if you like"))
    territory = forms.SlugField(required=False)


class Calendar:
    """The forms that the user coordinates, and the one and its period that are asked for: by default the one
    that was due last."""

    def __init__(self, user: User, asked: Any, today: dt.date) -> None:
        self.today = today
        self.places: dict[ReportingForm, list[Territory]] = {}
        for form, territory in assignments(user, Action.COORDINATE):
            self.places.setdefault(form, []).append(territory)
        self.form = self._form(asked.get("form"))
        self.deadlines = begun_deadlines(self.form, today) if self.form else []
        self.deadline = self._deadline(asked.get("period"))

    def _form(self, code: str | None) -> ReportingForm | None:
        if code:
            found = next((form for form in self.places if form.code == code), None)
            if found is None:
                raise Http404
            return found
        due = [(form, latest_deadline(form, self.today)) for form in self.places]
        return max(due, key=lambda each: each[1].on if each[1] else dt.date.min, default=(None, None))[0]

    def _deadline(self, period: str | None) -> Deadline | None:
        """That of the period, if the form asks for it: with another form chosen, the page may name one of
        the form before."""
        named = next((each for each in self.deadlines if str(each.period) == period), None)
        past = next((each for each in self.deadlines if each.on < self.today), None)
        return named or past or next(iter(reversed(self.deadlines)), None)

    def reported(self) -> Reported | None:
        """Who has reported, unless there is nothing to report."""
        if self.form is None or self.deadline is None:
            return None
        return reported(self.deadline, self.places[self.form], self.today)

    def search(self, asked: Any, found: Reported) -> CalendarSearch:
        """The filters as they stand."""
        search = CalendarSearch(
            {
                "form": found.deadline.form.code,
                "period": str(found.deadline.period),
                "state": asked.get("state", ""),
                "province": asked.get("province", ""),
            }
        )
        choices: dict[str, list[tuple[str, Any]]] = {
            "form": [(form.code, form.name) for form in self.places],
            "period": [(str(each.period), period_in_words(each.period)) for each in self.deadlines],
            "province": [*ALL, *((each.code, each.name) for each in found.provinces)],
        }
        for name, offered in choices.items():
            search.fields[name].choices = offered  # type: ignore[attr-defined]
        return search


@action_required(Action.COORDINATE)
@require_safe
def calendar_detail(request: UserRequest) -> HttpResponse:
    """Who has reported on a form and period; with `as=csv` as a table."""
    calendar = Calendar(request.user, request.GET, timezone.localdate())
    found = calendar.reported()
    if found is None:
        return render(request, "indicators/calendar_empty.html")
    search = calendar.search(request.GET, found)
    chosen = search.cleaned_data if search.is_valid() else {"state": "", "province": ""}
    groups = found.by_province(chosen["state"], chosen["province"])
    if request.GET.get("as") == "csv":
        return _csv(found, [place for _province, places in groups for place in places])
    deadline = found.deadline
    context = {
        "search": search,
        "found": found,
        "groups": groups,
        "nudged": nudged_today(deadline.form, deadline.period, [place.territory for place in found.places]),
        "nudge_form": NudgeForm(auto_id="nudge-%s"),
    }
    return render(request, "indicators/calendar.html", context)


@action_required(Action.COORDINATE)
@require_POST
def calendar_nudge(request: UserRequest) -> HttpResponse:
    """Asks for one territory's report, or for all that are overdue."""
    calendar = Calendar(request.user, request.POST, timezone.localdate())
    found, form = calendar.reported(), NudgeForm(request.POST)
    if found is None or not form.is_valid():
        raise Http404
    code = form.cleaned_data["territory"]
    places = [place for place in found.places if place.territory.code == code] if code else found.overdue
    waited_for = [place.territory for place in places if not place.is_handed_in]
    deadline = found.deadline
    count = tell_nudged(
        form=deadline.form, period=deadline.period, territories=waited_for, by=request.user,
        words=form.cleaned_data["words"],
    )  # fmt: skip
    _say(request, count, waited_for)
    query = {"form": deadline.form.code, "period": str(deadline.period)}
    return redirect(f"{reverse('indicators:calendar')}?{urlencode(query)}")


def _say(request: UserRequest, count: int, waited_for: Sequence[Territory]) -> None:
    if count:
        text = ngettext(
            "Those who report of %(count)s territory were asked.",
            "Those who report of %(count)s territories were asked.",
            count,
        )
        messages.success(request, text % {"count": count})
    if left := len(waited_for) - count:
        text = ngettext(
            "Of %(count)s territory nobody was asked: today somebody has been, or nobody may enter there.",
            "Of %(count)s territories nobody was asked: today somebody has been, or nobody may enter there.",
            left,
        )
        messages.warning(request, text % {"count": left})
    if not waited_for:
        messages.info(request, _("Nobody is late: nobody was asked."))


def _csv(found: Reported, places: Sequence[Place]) -> HttpResponse:
    table = Dataset(*(_row(found, place) for place in places), headers=COLUMNS)
    name = f"{found.deadline.form.code}-{found.deadline.period}.csv"
    return HttpResponse(
        CSV().export_data(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _row(found: Reported, place: Place) -> list[str]:
    deadline, report = found.deadline, place.report
    submitted_at = report.submitted_at if report else None
    decided_at = report.decided_at if report else None
    cells = [
        deadline.form.code,
        deadline.period,
        deadline.on,
        place.province.code if place.province else "",
        place.territory.code,
        place.territory.name,
        place.state,
        place.filled,
        found.cells,
        timezone.localdate(submitted_at) if submitted_at else "",
        report.submitted_by if report and submitted_at else "",
        timezone.localdate(decided_at) if decided_at else "",
        place.days_late,
    ]
    return [str(cell) for cell in cells]
