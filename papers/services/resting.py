"""On which figures a paper rests: those up to a revision, judged by a recomputation, as of a day."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Max
from django.utils import timezone

from indicators.models import ObservationRevision
from programmes.models import ProgressRun


class Figures(NamedTuple):
    """The last revision of any figure, the last recomputation of everything, and the day."""

    revision: int | None
    run_id: int | None
    figures_on: dt.date


def figures_now() -> Figures:
    """Those of this moment; two queries."""
    revision = ObservationRevision.objects.aggregate(last=Max("id"))["last"]
    runs = ProgressRun.objects.filter(state=ProgressRun.State.DONE)
    return Figures(revision, runs.aggregate(last=Max("id"))["last"], timezone.localdate())
