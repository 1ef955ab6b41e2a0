"""Words for asking about figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Subquery

if TYPE_CHECKING:
    from cities.models import Territory
    from indicators.models import Indicator, Observation, Series  # noqa: F401 - named as type parameters


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series by what they measure and where."""

    def of(self, indicator: Indicator) -> SeriesQuerySet:
        """Those of the indicator."""
        return self.filter(indicator=indicator)

    def for_territory(self, territory: Territory) -> SeriesQuerySet:
        """Those of the territory."""
        return self.filter(territory=territory)


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Published figures by place, and as they stood on an earlier day."""

    def for_territory(self, territory: Territory) -> ObservationQuerySet:
        """Figures of the territory."""
        return self.filter(series__territory=territory)

    def total(self) -> ObservationQuerySet:
        """Figures that are not broken down."""
        return self.filter(series__breakdown__code="")

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
