"""How measures stand on a day: done, overdue, to come, no longer owed (docs/measures-and-money.md)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    IntegerField,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from common.databases.compiled import compiled
from programmes.models import LegalAct, Measure


class Timing(TextChoices):
    """How a measure stands on a day."""

    OVERDUE = "overdue", _("overdue")
    UNDER_WAY = "under_way", _("under way")
    COMING = "coming", _("to come")
    UNDATED = "undated", _("no deadline stated")
    DONE = "done", _("done")
    LAPSED = "lapsed", _("no longer owed")
    EXCLUDED = "excluded", _("excluded")


RANKS = {Timing.OVERDUE: 0, Timing.UNDER_WAY: 1, Timing.COMING: 1, Timing.UNDATED: 2, Timing.DONE: 3}
"""The order of lists; all others come last."""


Repeals = tuple[tuple[int, dt.date], ...]
"""Repealed programmes, and the day on which each was, where an act states it."""


@compiled
def _repeals(today: dt.date) -> QuerySet[LegalAct, tuple[int, dt.date | None]]:
    acts = LegalAct.objects.filter(kind=LegalAct.Kind.REPEAL, effective_on__lte=today)
    return acts.order_by("programme", "effective_on").values_list("programme", "effective_on")


def repeals_by(today: dt.date) -> Repeals:
    """Those in effect on the day; one query."""
    return tuple((programme, day) for programme, day in _repeals(today) if day is not None)


def dated(measures: QuerySet[Measure], today: dt.date, repeals: Repeals | None = None) -> QuerySet[Measure]:
    """The measures with `timing`, a word of `Timing`; one query for `repeals` unless they are known.

    A measure is overdue once its last day is over and nothing records that it is done; one that must begin
    by a day is not overdue once it is under way. What was not yet due when its programme was repealed is no
    longer owed.
    """
    repeals = repeals_by(today) if repeals is None else repeals
    return _dated(measures, today, repeals)


def ranked(measures: QuerySet[Measure], today: dt.date, repeals: Repeals | None = None) -> QuerySet[Measure]:
    """The measures as `dated` gives them, to be sorted by `rank` too: what is overdue first.

    What was overdue already when its programme was repealed comes after what is still to be done.
    """
    repeals = repeals_by(today) if repeals is None else repeals
    repealed = Q(programme__in=[programme for programme, _day in repeals])
    places = [When(timing=word, then=Value(place)) for word, place in RANKS.items()]
    rank = Case(
        When(repealed & Q(timing=Timing.OVERDUE), then=Value(RANKS[Timing.UNDATED])),
        *places,
        default=Value(len(RANKS)),
        output_field=IntegerField(),
    )
    return _dated(measures, today, repeals).alias(rank=rank)


def _dated(
    measures: QuerySet[Measure], today: dt.date, repeals: Iterable[tuple[int, dt.date]]
) -> QuerySet[Measure]:
    state = Measure.State
    has_begun = Q(state=state.ONGOING, deadline__type="start")
    timing = Case(
        When(state=state.EXCLUDED, then=Value(Timing.EXCLUDED)),
        When(state=state.DONE, then=Value(Timing.DONE)),
        When(_lapsed(repeals), then=Value(Timing.LAPSED)),
        When(Q(due_on__lt=today) & ~has_begun, then=Value(Timing.OVERDUE)),
        When(state=state.ONGOING, then=Value(Timing.UNDER_WAY)),
        When(due_on=None, then=Value(Timing.UNDATED)),
        default=Value(Timing.COMING),
        output_field=CharField(),
    )
    return measures.annotate(timing=timing)


def _lapsed(repeals: Iterable[tuple[int, dt.date]]) -> Case:
    """Whether the programme was repealed, by an act that states its day, before the measure was due."""
    came_too_late = [
        When(Q(due_on__gte=day) | Q(due_on=None), programme=programme, then=Value(True))
        for programme, day in repeals
    ]
    return Case(*came_too_late, default=Value(False), output_field=BooleanField())
