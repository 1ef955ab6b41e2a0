"""Orders a paper: by whom, about what, and not more often than a person reads."""

import datetime as dt
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Action, may
from accounts.services.auditing import record
from cities.models import Territory
from papers.models import Paper
from papers.services.resting import figures_now
from programmes.models import Programme

HOUR = dt.timedelta(hours=1)


class PaperError(Exception):
    """Something that cannot be done for a paper; `code` says what, `params` name numbers and places.

    `wait` is after how many seconds it can be done, where that is known.
    """

    def __init__(self, code: str, *, wait: float | None = None, **params: object) -> None:
        super().__init__(code)
        self.code, self.wait, self.params = code, wait, params


class About(TypedDict, total=False):
    """What a paper may be about; which of it a kind needs is a constraint of the table."""

    programme: Programme | None
    territory: Territory | None
    first_year: int | None
    last_year: int | None


def order_paper(*, by: User, kind: Paper.Kind, language: str, **about: Unpack[About]) -> Paper:
    """The paper, to be made; the same one where it is under way or rests on the same figures already.

    Raises `PaperError` `not_allowed` or `too_many`.
    """
    if not may(by, Action.ORDER):
        raise PaperError("not_allowed")
    with transaction.atomic():
        with connection.cursor() as cursor:  # who clicks twice gets one paper
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('papers.order'), %s)", [by.pk])
        order = {"kind": kind, "language": language, **about}
        if same := _same(order):
            return same
        _refuse_too_many(by)
        paper = Paper.objects.create(ordered_by=by, **order)
        record("paper.ordered", subject=f"paper:{paper.pk}", label=str(paper), by=by)
    return paper


def _same(order: dict[str, object]) -> Paper | None:
    """One under way for the same order, or one made today of the figures that are published now."""
    about = ("kind", "language", "programme", "territory", "first_year", "last_year")
    alike = Paper.objects.filter(**{name: order.get(name) for name in about})
    if under_way := alike.unfinished().first():
        return under_way
    return alike.filter(state=Paper.State.READY, **figures_now()._asdict()).first()


def _refuse_too_many(by: User) -> None:
    now, most = timezone.now(), settings.PAPERS_AN_HOUR
    lately = Paper.objects.filter(ordered_by=by, ordered_at__gt=now - HOUR)
    last = [now, *lately.order_by("-ordered_at").values_list("ordered_at", flat=True)[:most]]
    if len(last) > most:
        raise PaperError("too_many", wait=(last[-1] + HOUR - now).total_seconds(), most=most)
