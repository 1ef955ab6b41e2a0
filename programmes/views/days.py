"""Pages as of an earlier day: `?as_of=2024-03-01`."""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from programmes.models import Kpi
from programmes.services.as_of import as_of

View = Callable[..., HttpResponse]


def on_a_day(kpis: Callable[..., QuerySet[Kpi]], *, is_broken_down: bool = False) -> Callable[[View], View]:
    """The view takes a `day` and shows what was known then; `kpis` says of which KPIs, from its arguments.

    A view that shows figures of other breakdowns than the KPIs' own says `is_broken_down`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            day = _asked_for(request)
            request.as_of = day  # type: ignore[attr-defined]
            known = kpis(*args, **kwargs)
            with as_of(day, known, is_broken_down=is_broken_down) if day else nullcontext():
                return view(request, *args, day=day or timezone.localdate(), **kwargs)

        return shown

    return decorate


def _asked_for(request: HttpRequest) -> dt.date | None:
    """The day in the address; None for today. What is no day that has been is said, and today is shown."""
    text = request.GET.get("as_of", "")
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not dt.date(1990, 1, 1) <= day <= timezone.localdate():
        messages.warning(
            request,
            _("“%(text)s” is not a day up to today, such as 2024-03-01: what is known today is shown.")
            % {"text": text},
        )
        return None
    return day if day != timezone.localdate() else None
