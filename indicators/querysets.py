"""Words for asking about figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from indicators.models import Observation  # noqa: F401 - named as a type parameter


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Published figures, as they stood on an earlier day."""

    def as_of(self, moment: dt.datetime) -> ObservationQuerySet:
        """Figures known at the moment, with `value_then` and `status_then` from their revisions."""
        revisions = (
            apps.get_model("indicators", "ObservationRevision")
            .objects.filter(
                series=OuterRef("series_id"), period_start=OuterRef("period_start"), recorded_at__lte=moment
            )
            .order_by("-id")
        )
        known = self.annotate(
            value_then=Subquery(revisions.values("value")[:1]),
            status_then=Subquery(revisions.values("status")[:1]),
        )
        return known.exclude(status_then=None)
