"""The first page: how the promises stand, what has changed, and what is due next."""

import datetime as dt
from heapq import nlargest

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.twins import twin
from portal.coming import days_due
from portal.glance import Glance, glances
from portal.news import news
from portal.visits import PARAMETER, day_of
from programmes.overview import Rollup

COLUMNS = (
    "programme", "name", "promises", "kept_or_on_course", "slipped", "unknown", "coverage",
    "planned_million_tenge", "planned_at_most_million_tenge", "paid_million_tenge", "measures_overdue",
)  # fmt: skip

MONTH = dt.timedelta(days=31)
SPANS = ((gettext_lazy("a week"), 7), (gettext_lazy("a month"), 31), (gettext_lazy("a year"), 366))
MOST_DUE = 8
MOST_PROGRAMMES = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The programmes at a glance; what has changed since `?since=`, the last visit (portal/visits.py), or in
    the last month."""
    today = timezone.localdate()
    shown = glances(today)
    file = twin(request, "programmes", COLUMNS, map(_row, shown))
    if file is not None:
        return file
    since, visit = _day(request, "since", today), _day(request, PARAMETER, today)
    context = {
        "glances": _most_slipped(shown),
        "count": len(shown),
        "rollup": Rollup.total_of(each.rollup for each in shown),
        "overdue": sum(each.overdue for each in shown),
        "news": news(since or visit or today - MONTH),
        "is_since_visit": since is None and visit is not None,
        "spans": [(name, today - dt.timedelta(days=days)) for name, days in SPANS],
        "due": days_due(today, [each.programme for each in shown])[:MOST_DUE],
    }
    return render(request, "home.html", context)


def _most_slipped(shown: list[Glance]) -> list[Glance]:
    """All of a few programmes; of many those in which most promises have slipped, in the same order."""
    chosen = {each.programme.pk for each in nlargest(MOST_PROGRAMMES, shown, key=lambda each: each.slipped)}
    return [each for each in shown if each.programme.pk in chosen]


def _row(each: Glance) -> tuple[object, ...]:
    low, high = (each.planned.low, each.planned.high) if each.planned else (None, None)
    return (
        each.programme.code, each.programme.short_name, each.rollup.total, each.kept, each.slipped,
        each.unknown, each.rollup.coverage, low, high, each.paid, each.overdue,
    )  # fmt: skip


def _day(request: HttpRequest, name: str, today: dt.date) -> dt.date | None:
    """The day in the address; None where it names none, or none of the past year, which is then said."""
    text = request.GET.get(name, "")
    day = day_of(text, today)
    if text and day is None:
        messages.warning(
            request,
            _("“%(text)s” is no day of the past year, written as 2024-03-01: the last month is shown.")
            % {"text": text},
        )
    return day
