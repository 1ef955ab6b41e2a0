"""The deputy's page: what slipped in a place or at a body since the last session, and who answers."""

import datetime as dt
from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Mandate, Organisation
from accounts.permissions import Action, Reader, mandates_of, may
from cities.models import Territory
from common.names import choices_of
from common.twins import twin
from papers.contents.briefing import briefing_sheet
from papers.renderers.pdf import render_pdf
from programmes.briefing import Briefing, Listing, Move, Scope, briefing
from programmes.briefing.comparing import RANKS

EARLIEST = dt.date(1990, 1, 1)
MONTH = dt.timedelta(days=30)
REMEMBERED = "last_session"
PLACES = (
    Territory.Level.COUNTRY, Territory.Level.REPUBLICAN_CITY, Territory.Level.OBLAST, Territory.Level.CITY,
    Territory.Level.CITY_DISTRICT, Territory.Level.DISTRICT,
)  # fmt: skip
COLUMNS = (
    "list", "programme", "kpi", "name", "territory", "standing_then", "year_then", "actual_then",
    "standing_now", "year_now", "actual_now", "who_answers", "due_on",
)  # fmt: skip
MOVES = ("slipped", "improved", "appeared", "faded", "missed", "missing")


class BriefingForm(forms.Form):
    """What the page is about, and since when."""

    territory = forms.ChoiceField(required=False, label=gettext_lazy("City, district or oblast"))
    organisation = forms.ChoiceField(required=False, label=gettext_lazy("or an organisation"))
    since = forms.DateField(
        required=False, label=gettext_lazy("Date of the last session"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, scope: Scope | None, since: dt.date) -> None:
        super().__init__(initial={**(scope.query if scope else {}), "since": since})
        existing = list(Territory.objects.existing(timezone.localdate()).filter(level__in=PLACES))
        groups = [
            (level.label, choices_of(place for place in existing if place.level == level)) for level in PLACES
        ]
        blank = [("", "—")]
        self.fields["territory"].choices = [*blank, *groups]  # type: ignore[attr-defined]
        bodies = choices_of(Organisation.objects.all())
        self.fields["organisation"].choices = [*blank, *bodies]  # type: ignore[attr-defined]


@require_safe
def deputy_briefing(request: HttpRequest) -> HttpResponse:
    """What slipped, improved and is late; `?territory=` or `?organisation=` by code, `?since=2026-09-01`."""
    scope = _scope(request)
    since = _since(request)
    context: dict[str, object] = {"form": BriefingForm(scope, since), "scope": scope, "since": since}
    if scope is None:
        return render(request, "portal/deputy.html", context)
    found = briefing(scope, since, request.user)
    name = "-".join(["briefing", *scope.query.values(), since.isoformat()])
    if request.GET.get("format") == "pdf":
        sheet = render_pdf(briefing_sheet(found), timezone.now())
        headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
        return HttpResponse(sheet, content_type="application/pdf", headers=headers)
    if (file := twin(request, name, COLUMNS, _cells(found))) is not None:
        return file
    context |= {
        "briefing": found,
        "moves": [
            (each, getattr(found, each), TITLES[each], EMPTY[each]) for each in ("slipped", "improved")
        ],
        "others": [
            (each, getattr(found, each), TITLES[each], EMPTY[each])
            for each in ("appeared", "faded", "missed", "missing")
        ],
        "is_too_early": _is_too_early(found),
        "overdue": found.late_measures.total + found.late_reports.total,
        "may_register": may(request.user, Action.REGISTER_INQUIRY),
    }
    return render(request, "portal/deputy.html", context)


TITLES = {
    "slipped": gettext_lazy("What slipped"),
    "improved": gettext_lazy("What improved"),
    "appeared": gettext_lazy("Judged for the first time"),
    "faded": gettext_lazy("Judged then and not any more"),
    "missed": gettext_lazy("Targets missed"),
    "missing": gettext_lazy("Data missing or too old"),
}
EMPTY = {
    "slipped": gettext_lazy("No promise stands worse than on that day."),
    "improved": gettext_lazy("No promise stands better than on that day."),
    "appeared": gettext_lazy("No promise was judged for the first time."),
    "faded": gettext_lazy("Every promise that was judged then is judged now."),
    "missed": gettext_lazy("No target has been missed."),
    "missing": gettext_lazy("Every promise has figures that are new enough."),
}


def _scope(request: HttpRequest) -> Scope | None:
    """What is asked about; a deputy's own place where nothing is, None for other readers. An unknown code is
    404."""
    if code := request.GET.get("territory", ""):
        return Scope(territory=get_object_or_404(Territory, code=_clean(code)))
    if code := request.GET.get("organisation", ""):
        return Scope(organisation=get_object_or_404(Organisation, code=_clean(code)))
    own = _own_place(request.user)
    return Scope(territory=own) if own else None


def _clean(code: str) -> str:
    return code.replace("\0", "")[:64]


def _own_place(user: Reader) -> Territory | None:
    """The place of the user's mandate, that of a deputy first."""
    mandates = list(mandates_of(user).select_related("territory").order_by("pk"))
    mandates.sort(key=lambda mandate: mandate.role != Mandate.Role.DEPUTY)
    return mandates[0].territory if mandates else None


def _since(request: HttpRequest) -> dt.date:
    """The day asked for, and remembered for who is logged in; else the one remembered, else a month ago.

    What is no day that has been is said.
    """
    today = timezone.localdate()
    remembered = request.session.get(REMEMBERED, "") if request.user.is_authenticated else ""
    default = _day(remembered, today) or today - MONTH
    text = request.GET.get("since", "")
    if not text:
        return default
    day = _day(text, today)
    if day is None:
        messages.warning(
            request,
            _("“%(text)s” is not a day up to today, such as 2026-09-01: it is ignored.")
            % {"text": text[:100]},
        )
        return default
    if request.user.is_authenticated and text != remembered:
        request.session[REMEMBERED] = day.isoformat()
    return day


def _day(text: str, today: dt.date) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None


def _is_too_early(found: Briefing) -> bool:
    """Whether nothing was known here on the day, and everything is new."""
    then = found.counts_then
    return bool(found.now.judged) and not any(then.get(word, 0) for word in RANKS)


def _cells(found: Briefing) -> Iterator[tuple[object, ...]]:
    """The rows of all lists, one after the other."""
    for name in MOVES:
        moves: Listing[Move] = getattr(found, name)
        for move in moves.rows:
            then, now = move.then, move.now
            yield (
                name, move.kpi.programme.code, move.kpi.code, move.kpi.name, move.territory.code,
                then.standing if then else "", then.year if then else None, then.actual if then else None,
                now.standing, now.year, now.actual, move.answers, None,
            )  # fmt: skip
    nothing = (None,) * 6
    for late in found.late_measures.rows:
        measure = late.measure
        yield (
            "late_measures", measure.programme.code, measure.code, measure.name, "", *nothing, late.answers,
            late.due_on,
        )  # fmt: skip
    for report in found.late_reports.rows:
        form = report.form
        yield (
            "late_reports", "", f"{form.code} {report.period}", form.name, report.territory.code, *nothing,
            form.organisation.name, report.due_on,
        )  # fmt: skip
