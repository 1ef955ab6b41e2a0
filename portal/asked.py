"""What an address asks for. What it asks for in vain is said on the page and left out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TypeVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.databases.compiled import any_of, compiled
from indicators.models import Indicator
from indicators.periods import Period, PeriodError
from portal.territory_figures import KnownPeriod, Subject, usual
from programmes.models import Kpi

T = TypeVar("T")
LONGEST = 100  # characters of a nonsense value that a page repeats


def shown(text: str) -> str:
    """A value from an address as a message repeats it."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def one_of(request: HttpRequest, name: str, choices: Mapping[str, T] | Iterable[str], default: str) -> str:
    """The chosen key; the default, with a warning, where the address names none of them."""
    asked = request.GET.get(name, "")
    if not asked or asked in choices:
        return asked or default
    messages.warning(
        request, _("“%(value)s” is none of the choices here and is ignored.") % {"value": shown(asked)}
    )
    return default


def period_asked(request: HttpRequest, known: Sequence[KnownPeriod]) -> Period | None:
    """The period asked for; where there are no figures of it, that is said and the usual one is shown."""
    asked = request.GET.get("period", "")
    default = usual(known)
    if not asked:
        return default
    try:
        period = Period.parse(asked)
    except PeriodError:
        messages.warning(
            request,
            _("“%(value)s” is no period such as 2023 or 2024-Q3 and is ignored.") % {"value": shown(asked)},
        )
        return default
    if default is not None and period not in {each.period for each in known}:
        text = _("There are no figures of %(asked)s: those of %(shown)s are shown.")
        messages.warning(request, text % {"asked": asked, "shown": str(default)})
        return default
    return period


def named(request: HttpRequest, name: str) -> list[str]:
    """The values of the name, each once; a character that the database cannot hold becomes a mark."""
    values = (value.replace("\x00", "\ufffd") for value in request.GET.getlist(name))
    return list(dict.fromkeys(value for value in values if value))


def subjects_named(codes: Sequence[str]) -> dict[str, Subject]:
    """The indicators and KPIs of those codes (`unemployment-rate`, `almaty-2025:KPI-7`) that there are."""
    pairs = [code.partition(":") for code in codes if ":" in code]
    wanted = reduce(or_, (Q(programme__code=each, code=code) for each, _colon, code in pairs), Q(pk=None))
    kpis = Kpi.objects.filter(wanted).select_related("programme", "indicator__unit") if pairs else ()
    plain = [code for code in codes if ":" not in code]
    indicators = _indicators(plain) if plain else []
    found = [*(Subject(each) for each in indicators), *(Subject(kpi.indicator, kpi) for kpi in kpis)]
    return {subject.code: subject for subject in found}


@compiled
def _indicators(codes: Collection[str]) -> QuerySet[Indicator]:
    return Indicator.objects.filter(any_of("code", codes)).select_related("unit")
