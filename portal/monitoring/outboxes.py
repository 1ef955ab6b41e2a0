"""What is written down to be done, and since when it waits: in PostgreSQL, whatever becomes of messages."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Notice, TouchedSeries, UntoldFigures, Upload
from indicators.services.uploading import GIVEN_UP
from papers.models import Paper
from portal.models import Delivery, UntoldChange
from programmes.models import TouchedIndicator
from programmes.services.recomputing import failing, waiting


@dataclass(frozen=True)
class Outbox:
    """Work of one kind: what it is called, how much of it waits, and since when the oldest does."""

    code: str
    label: str | Promise
    waiting: int
    since: dt.datetime | None


LABELS = {
    "series": _("series whose figures changed"),
    "kpis": _("KPIs to recompute"),
    "failing_kpis": _("KPIs that could not be recomputed"),
    "quality": _("indicators whose quality is to be checked"),
    "figures_news": _("news of figures for webhooks"),
    "standings_news": _("news of standings for webhooks"),
    "deliveries": _("messages to webhooks"),
    "letters": _("letters"),
    "uploads": _("uploads"),
    "papers": _("papers"),
}


def outboxes() -> list[Outbox]:
    """Every outbox, also the empty ones."""
    rows: list[tuple[str, QuerySet[Any], str]] = [
        ("series", TouchedSeries.objects.all(), "touched_at"),
        ("kpis", waiting(), "touched_at"),
        ("failing_kpis", failing(), "touched_at"),
        ("quality", TouchedIndicator.objects.all(), "touched_at"),
        ("figures_news", UntoldFigures.objects.all(), "published_at"),
        ("standings_news", UntoldChange.objects.all(), "change__noted_at"),
        ("deliveries", Delivery.objects.filter(state=Delivery.State.WAITING), "created_at"),
        ("letters", Notice.objects.filter(by_letter=True, mailed_at=None), "created_at"),
        ("uploads", Upload.objects.filter(state__in=list(GIVEN_UP)), "changed_at"),
        ("papers", Paper.objects.unfinished(), "changed_at"),
    ]
    found = []
    for code, queryset, moment in rows:
        facts = queryset.order_by().aggregate(waiting=Count("pk"), since=Min(moment))
        found.append(Outbox(code, LABELS[code], facts["waiting"], facts["since"]))
    return found
