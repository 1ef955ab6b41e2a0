"""Words for asking about figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from accounts.permissions import Action, colleagues_of

if TYPE_CHECKING:
    from accounts.models import User
    from indicators.models import (  # noqa: F401 - named as type parameters
        Notice,
        Observation,
        ObservationRevision,
        Upload,
    )


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


class RevisionQuerySet(models.QuerySet["ObservationRevision"]):
    """Changes of figures, as they were known on an earlier day."""

    def in_force(self, day: dt.date) -> RevisionQuerySet:
        """Of each figure the change that stood at the end of the day.

        A change is known from the day on which its source released the figure, where that is recorded, else
        from the day on which it was published here.
        """
        known = Coalesce("released_on", TruncDate("recorded_at"))
        later = (
            self.model.objects.annotate(known_on=known)
            .filter(series=OuterRef("series_id"), period_start=OuterRef("period_start"), known_on__lte=day)
            .filter(
                Q(known_on__gt=OuterRef("known_on")) | Q(known_on=OuterRef("known_on"), pk__gt=OuterRef("pk"))
            )
        )
        return self.annotate(known_on=known).filter(~Exists(later), known_on__lte=day)


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads by who may see them."""

    def visible_to(self, user: User) -> UploadQuerySet:
        """A user's own, and those of colleagues, to be taken over."""
        return self.filter(Q(user=user) | Q(user__in=colleagues_of(user, Action.UPLOAD)))


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by reader, and by what is still to be done with them."""

    def shown_to(self, user: User) -> NoticeQuerySet:
        """Those that the user finds in the portal."""
        return self.filter(user=user, in_portal=True)

    def unread(self) -> NoticeQuerySet:
        """Those that nobody has opened."""
        return self.filter(read_at=None)

    def to_mail(self, since: dt.datetime) -> NoticeQuerySet:
        """Those that wait for their letter, were not read meanwhile and are not older than the moment."""
        return self.unread().filter(
            by_letter=True, mailed_at=None, created_at__gte=since, user__is_active=True
        )
