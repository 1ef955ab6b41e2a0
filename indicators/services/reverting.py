"""Undoing an applied upload: every figure becomes what it was before, as one more revision.

Nothing is deleted. A figure that did not exist before becomes a missing one (status O) with the reason for
undoing; one that did takes back its earlier value, with the upload, the entry and the cell that it came from:
so the upload before it stands on top again and can be undone in its turn.
"""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.services.auditing import record
from cities.models import Territory
from indicators.models import ObservationRevision, Series, Upload
from indicators.services.advancing import Step, Teller
from indicators.services.publishing import Published, publish_selected
from indicators.services.uploading import (
    State,
    UploadError,
    about,
    begin,
    check_mandate,
    locked,
    refuse_while_paused,
    taken,
    waits_for_end_of_pause,
)

Revisions = QuerySet[ObservationRevision]

UNDONE = """
INSERT INTO incoming
SELECT series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, series.frequency,
       own.period_start, earlier.value, coalesce(earlier.status, 'O'), coalesce(earlier.origin, ''),
       earlier.entry_id, '', earlier.upload_id
FROM (
    SELECT series_id, period_start, min(id) AS first_id FROM indicators_observationrevision
    WHERE upload_id = %(upload)s GROUP BY series_id, period_start
) own
JOIN indicators_series series ON series.id = own.series_id
LEFT JOIN LATERAL (
    SELECT value, status, origin, entry_id, upload_id FROM indicators_observationrevision revision
    WHERE (revision.series_id, revision.period_start) = (own.series_id, own.period_start)
      AND revision.id < own.first_id
    ORDER BY revision.id DESC LIMIT 1
) earlier ON true
"""

# Who publishes these series waits, and so is seen; in the order in which publishers lock them.
LOCK = """
SELECT count(*) FROM (
    SELECT id FROM indicators_series
    WHERE id IN (SELECT series_id FROM indicators_observationrevision WHERE upload_id = %(upload)s)
    ORDER BY id FOR NO KEY UPDATE
) locked
"""


def figures_to_undo(upload: Upload) -> Revisions:
    """What the upload published, each figure once, in the order of the file; with `value_before` and
    `status_before`, both None where it was new."""
    earlier = _same_figure().filter(pk__lt=OuterRef("pk"))
    first = _of(upload, earlier)  # an undone later upload brought the upload's own figure back
    before = earlier.order_by("-pk")
    return (
        ObservationRevision.objects.filter(~Exists(first), upload=upload)
        .annotate(
            value_before=Subquery(before.values("value")[:1]),
            status_before=Subquery(before.values("status")[:1]),
        )
        .order_by("pk")
    )


def newer_figures(upload: Upload) -> Revisions:
    """What stands now in place of the upload's figures: while there is any, it cannot be undone."""
    own = ObservationRevision.objects.filter(upload=upload)
    newer = _same_figure().filter(pk__gt=OuterRef("pk"))
    oldest = own.order_by("pk").values("pk")[:1]
    return ObservationRevision.objects.filter(
        ~Q(upload=upload) | Q(upload=None),
        Exists(_of(upload, _same_figure())),
        ~Exists(newer),
        pk__gt=Subquery(oldest),
    ).order_by("pk")


def _same_figure() -> Revisions:
    """Revisions of the outer revision's figure."""
    return ObservationRevision.objects.filter(
        series=OuterRef("series_id"), period_start=OuterRef("period_start")
    )


def _of(upload: Upload, revisions: Revisions) -> Revisions:
    """Those of the upload, written so that they are looked up by their figure: just after a large upload the
    planner takes its revisions for few, and would go through all of them for each figure."""
    return revisions.annotate(sent_in=Coalesce("upload_id", 0)).filter(sent_in=upload.pk)


def revert_upload(*, upload: Upload, by: User, reason: str) -> Upload:
    """Decides that an applied upload is to be undone; a worker does it.

    Whoever may publish figures of its territories for its source may undo it. `UploadError` where that is not
    so, where no reason is given, where figures on top of its own would be lost, and for a template, which
    published nothing.
    """
    refuse_while_paused()
    with transaction.atomic():
        upload = taken(upload, State.APPLIED)
        if upload.form_id:
            raise UploadError("published_nothing")
        series = Series.objects.filter(revisions__upload=upload)
        check_mandate(upload, by, Territory.objects.filter(pk__in=series.values("territory")))
        if not reason.strip():
            raise UploadError("reason_required")
        if count := newer_figures(upload).count():
            raise UploadError("newer_figures", count=count)
        upload.state, upload.attempts, upload.failure = State.REVERTING, 0, None
        upload.reverted_by, upload.revert_reason = by, reason.strip()
        upload.save()
    return upload


def undo_upload(pk: int) -> Published | None:
    """Publishes what was before the upload, in one transaction; None where there is nothing (more) to do.

    If something was published on top of it meanwhile, it stays applied and says why.
    """
    if waits_for_end_of_pause(pk) or not begin(pk, State.REVERTING):
        return None
    with transaction.atomic():
        upload = locked(pk, State.REVERTING)
        if upload is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(LOCK, {"upload": pk})
        published = None
        if count := newer_figures(upload).count():
            upload.state = State.APPLIED
            upload.failure = {"code": "newer_figures", "params": {"count": count}}
        else:
            published = publish_selected(
                UNDONE, {"upload": pk}, reason=upload.revert_reason, user=upload.reverted_by,
                report=Teller(pk).share(Step.UNDOING),
            )  # fmt: skip
            upload.state, upload.reverted_at = State.REVERTED, timezone.now()
            upload.counts = {**upload.counts, "undone": published.changed}
        upload.attempts = 0
        upload.save()
        if published is not None:
            record(
                "upload.reverted", by=upload.reverted_by, reason=upload.revert_reason,
                details={"figures": published.changed}, **about(upload),
            )  # fmt: skip
    return published
