"""Territories side by side, and one of them ranked among its peers."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.models import Territory
from common.collation import sort_key
from common.databases.compiled import any_of, compiled
from common.names import language
from common.twins import twin
from portal.asked import named, one_of, period_asked, shown, subjects_named
from portal.comparing import League, Side, league_of
from portal.peers import BAND, BANDS, exists, oblast_of, peers_of, rules_for
from portal.territory_figures import (
    Offer,
    Subject,
    choices_of,
    offered,
    periods,
    yearly_figures,
)
from programmes.models import Kpi, Standing

MOST, MOST_SUBJECTS, USUAL_SUBJECTS, MOST_KPIS, MOST_OFFERED = 6, 6, 3, 40, 600
NEAR = (
    Territory.Level.COUNTRY, Territory.Level.OBLAST, Territory.Level.REPUBLICAN_CITY, Territory.Level.CITY,
    Territory.Level.CITY_DISTRICT,
)  # fmt: skip
COLUMNS = ("subject", "name", "territory", "year", "value", "unit", "status", "source")
RANKING_COLUMNS = (
    "subject",
    "period",
    "rule",
    "rank",
    "best",
    "worst",
    "tied",
    "territory",
    "value",
    "status",
    "source",
)


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Two to six territories by year, `?with=` naming each and `?indicator=` what is compared; and the rank
    of one of them among the peers that `?peers=` chooses."""
    chosen = _territories(request)
    ids = [each.pk for each in chosen]
    offers = offered(ids, least=1) if ids else []
    kpis = _kpis(ids)
    subjects = _subjects(request, offers, len(chosen))
    sides = [
        Side(subject, chosen, figures, number)
        for number, (subject, figures) in enumerate(
            zip(subjects, yearly_figures(subjects, ids), strict=True), start=1
        )
    ]
    shown = {each.code for each in subjects}
    context: dict[str, object] = {
        "chosen": chosen,
        "sides": sides,
        "offers": choices_of(each for each in offers if each.code not in shown),
        "kpis": [(each.code, each.name) for each in kpis if each.code not in shown],
        "choices": _choices(chosen),
        "most": MOST,
        "bands": BANDS,
    }
    if chosen and subjects:
        context |= _ranking(request, chosen, subjects)
    league = context.get("league")
    file = _file(request, sides, league if isinstance(league, League) else None)
    return file if file is not None else render(request, "portal/comparison.html", context)


def _territories(request: HttpRequest) -> list[Territory]:
    """Those named, each once, at most six."""
    codes = named(request, "with")
    if len(codes) < len([code for code in request.GET.getlist("with") if code]):
        messages.warning(request, _("A territory that is named twice is shown once."))
    found = {
        each.code: each for each in Territory.objects.filter(code__in=codes[:100]).select_related("parent")
    }
    for code in codes[:100]:
        if code not in found:
            messages.warning(
                request, _("There is no territory “%(code)s”: it is left out.") % {"code": shown(code)}
            )
    known = [found[code] for code in codes[:100] if code in found]
    if len(known) > MOST:
        text = _("At most %(most)s territories fit side by side: the first %(most)s of %(count)s are shown.")
        messages.warning(request, text % {"most": MOST, "count": len(known)})
    return known[:MOST]


def _subjects(request: HttpRequest, offers: Sequence[Offer], chosen: int) -> list[Subject]:
    """What is compared: as asked, else the indicators that most of the territories have figures of."""
    codes = named(request, "indicator")
    asked = codes[: 2 * MOST_SUBJECTS]
    found = subjects_named(asked)
    for code in asked:
        if code not in found:
            text = _("There is no indicator or KPI “%(code)s”: it is left out.")
            messages.warning(request, text % {"code": shown(code)})
    subjects = [found[code] for code in asked if code in found]
    if len(codes) > MOST_SUBJECTS:
        text = _("At most %(most)s indicators are compared at once: the first %(most)s are shown.")
        messages.warning(request, text % {"most": MOST_SUBJECTS})
    if subjects or not chosen:
        return subjects[:MOST_SUBJECTS]
    best = sorted(offers, key=lambda each: (-each.count, each.code))[:USUAL_SUBJECTS]
    known = subjects_named([each.code for each in best])
    return [known[each.code] for each in best]


def _kpis(territories: Collection[int]) -> list[Subject]:
    """KPIs that several of the territories share."""
    return [Subject(kpi.indicator, kpi) for kpi in _shared(list(territories))]


@compiled
def _shared(territories: Collection[int]) -> QuerySet[Kpi]:
    standings = Standing.objects.filter(any_of("territory", territories)).order_by().values("kpi")
    shared = standings.annotate(count=Count("territory")).filter(count__gt=1).values("kpi")
    found = Kpi.objects.filter(pk__in=shared).select_related("programme", "indicator__unit")
    return found.order_by("programme", "order")[:MOST_KPIS]


def _choices(chosen: Sequence[Territory]) -> list[tuple[str, str]]:
    """Territories to add, by code and name: the larger ones and the neighbours of those chosen, in
    alphabetical order; with what they are in, unless that is the country."""
    ids = [each.pk for each in chosen]
    near = [*ids, *(each.parent_id for each in chosen if each.parent_id)]
    found = sorted(_near(timezone.localdate(), near, ids), key=lambda each: sort_key(each[1]))
    return [(code, f"{name} ({within})" if above else name) for code, name, within, above in found]


@compiled
def _near(
    today: dt.date, within: Collection[int], chosen: Collection[int]
) -> QuerySet[Territory, tuple[str, str, str, int | None]]:
    found = Territory.objects.existing(today).filter(Q(level__in=NEAR) | any_of("parent", within))
    name = f"name_{language()}"
    others = found.exclude(any_of("pk", chosen))
    return others.values_list("code", name, f"parent__{name}", "parent__parent")[:MOST_OFFERED]


def _ranking(
    request: HttpRequest, chosen: Sequence[Territory], subjects: Sequence[Subject]
) -> dict[str, object]:
    """The ranking that is asked for, and what can be chosen for it."""
    by_code = {each.code: each for each in chosen}
    base = by_code[one_of(request, "of", by_code, chosen[0].code)]
    by_subject = {each.code: each for each in subjects}
    subject = by_subject[one_of(request, "by", by_subject, subjects[0].code)]
    above = list(Territory.objects.containing([base.pk]))
    oblast = oblast_of(above)
    rules = {each.code: each for each in rules_for(base, oblast)}
    rule = rules[one_of(request, "peers", rules, next(iter(rules)))]
    bands = [str(band) for band in BANDS]
    band = int(one_of(request, "band", bands, str(BAND)))
    known = periods(subject, [each.pk for each in chosen])
    period = period_asked(request, known)
    context: dict[str, object] = {
        "base": base, "by": subject, "rules": list(rules.values()), "rule": rule, "band": band,
        "known": known, "period": period,
    }  # fmt: skip
    if period is not None:
        gone = [each.name for each in chosen if not exists(each, period.end)]
        if gone:
            text = _(
                "In %(period)s there was no %(places)s; figures recalculated to today's borders may be older."
            )
            messages.warning(request, text % {"period": str(period), "places": ", ".join(gone)})
        peers = peers_of(base, rule, oblast, band, period.end)
        context["league"] = league_of(base, subject, period, peers, {each.pk for each in chosen})
    return context


def _file(request: HttpRequest, sides: Sequence[Side], league: League | None) -> HttpResponse | None:
    """The figures by year as a file, or the ranking where `?table=ranking` asks for it."""
    if request.GET.get("table") == "ranking" and league is not None:
        return twin(request, "ranking", RANKING_COLUMNS, _ranks(league))
    return twin(request, "comparison", COLUMNS, _lines(sides))


def _lines(sides: Sequence[Side]) -> Iterable[Sequence[object]]:
    for side in sides:
        unit = side.subject.indicator.unit.name
        for year, figures in side.rows:
            for territory, figure in zip(side.territories, figures, strict=True):
                if figure is not None:
                    source = figure.source.code if figure.source else None
                    yield (
                        side.subject.code, side.subject.name, territory.code, year, figure.value, unit,
                        figure.status.value, source,
                    )  # fmt: skip


def _ranks(league: League) -> Iterable[Sequence[object]]:
    head = league.subject.code, str(league.period), league.peers.rule.code
    for row in league.rows:
        ranked, source = row.ranked, row.figure.source
        yield (
            *head, ranked.rank, ranked.best, ranked.worst, ranked.is_tied, row.territory.code,
            row.figure.value, row.figure.status.value, source.code if source else None,
        )  # fmt: skip
    for territory in league.missing:
        yield (*head, None, None, None, None, territory.code, None, None, None)
