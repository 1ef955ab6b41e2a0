"""What was published lately: revisions of figures that promises rest on, drawn together."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from indicators.models import ObservationRevision, Source
from programmes.models import Standing

READ, SHOWN = 400, 8


@dataclass
class Change:
    """One indicator's figures published on a day for the same reason from the same origin."""

    latest: ObservationRevision
    revisions: list[ObservationRevision] = field(default_factory=list)

    @property
    def origin(self) -> tuple[dt.date, Source]:
        """The day of publishing and the source."""
        return timezone.localtime(self.latest.recorded_at).date(), self.latest.series.source

    @property
    def places(self) -> int:
        """In how many territories."""
        return len({revision.series.territory_id for revision in self.revisions})

    @property
    def years(self) -> str:
        """From which year to which."""
        years = {revision.period_start.year for revision in self.revisions}
        return str(min(years)) if len(years) == 1 else f"{min(years)}–{max(years)}"


def latest_changes() -> list[Change]:
    """The latest acts of publishing, newest first, those of one day and source together; one query.

    What a programme's own document states is no news.
    """
    judged = Standing.objects.exclude(series=None).values("series")
    revisions = (
        ObservationRevision.objects.filter(series__in=judged)
        .exclude(series__source__kind=Source.Kind.DOCUMENT)
        .select_related("series__indicator__unit", "series__territory", "series__source", "upload")
        .order_by("-id")[:READ]
    )
    changes: dict[object, Change] = {}
    for revision in revisions:
        day = timezone.localtime(revision.recorded_at).date()
        key = (
            day,
            revision.upload_id,
            revision.series.indicator_id,
            revision.series.source_id,
            revision.reason,
        )
        changes.setdefault(key, Change(revision)).revisions.append(revision)
    shown = list(changes.values())[:SHOWN]
    origins = list(dict.fromkeys(change.origin for change in shown))
    return sorted(shown, key=lambda change: origins.index(change.origin))
