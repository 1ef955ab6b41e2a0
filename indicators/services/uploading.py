"""An upload's way: received, previewed, confirmed, applied; each step one transaction, repeatable."""

import datetime as dt
import hashlib
from collections.abc import Iterator

from django.core.files import File
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Action, source_kinds_of, territories_for
from indicators.models import Indicator, Source, StagedFigure, Upload
from indicators.services.learning import remember_layouts
from indicators.services.publishing import Figure, Published, publish
from indicators.services.reading import NothingRecognisedError
from indicators.services.staging import stage
from indicators.tables import UnreadableFile, cell_name

MOST_ATTEMPTS = 3
PATIENCE = dt.timedelta(seconds=15)
State = Upload.State
Change = StagedFigure.Change


class UploadError(Exception):
    """Something that cannot be done to an upload; `code` says what, `params` name the place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def receive_upload(
    *, file: "File[bytes]", user: User, source: Source, indicator: Indicator | None = None, reason: str = ""
) -> Upload:
    """Keeps the file as it came, with its SHA-256; nothing in it is read yet."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    upload = Upload(
        file_name=(file.name or "")[-255:], size=file.size or 0, sha256=digest.hexdigest(),
        user=user, source=source, indicator=indicator, reason=reason.strip(),
    )  # fmt: skip
    upload.file.save(f"{digest.hexdigest()[:16]}-{upload.file_name}"[-120:], file, save=False)
    upload.save()
    return upload


def preview_upload(pk: int) -> bool:
    """Reads a received upload and stages its figures; returns whether it did. An unreadable one fails."""
    if not _begin(pk, State.RECEIVED):
        return False
    with transaction.atomic():
        upload = _locked(pk, State.RECEIVED)
        if upload is None:
            return False
        upload.figures.all().delete()
        try:
            with transaction.atomic():
                upload.recognised, upload.counts = stage(upload)
            upload.state = State.PREVIEWED
        except (UnreadableFile, NothingRecognisedError) as error:
            upload.state, upload.failure = State.FAILED, {"code": error.code, "params": error.params}
        upload.attempts = 0
        upload.save()
    return True


def confirm_upload(*, upload: Upload, by: User, reason: str = "") -> Upload:
    """Decides that a previewed upload is to be applied.

    The decider needs the mandate for every territory in it, and must be able to speak for its source.
    """
    with transaction.atomic():
        upload = _taken(upload, State.PREVIEWED)
        waiting = upload.figures.filter(change__in=[Change.NEW, Change.CHANGED])
        if not waiting.exists():
            raise UploadError("nothing_to_apply")
        foreign = waiting.exclude(territory__in=territories_for(by, Action.UPLOAD)).first()
        if foreign and foreign.territory:
            raise UploadError("outside_mandate", territory=foreign.territory.name)
        if upload.source.kind not in source_kinds_of(by):
            raise UploadError("foreign_source", source=upload.source.name)
        upload.reason = reason.strip() or upload.reason
        if not upload.reason and upload.figures.filter(change=Change.CHANGED).exists():
            raise UploadError("reason_required")
        upload.state, upload.attempts, upload.confirmed_by = State.CONFIRMED, 0, by
        upload.save()
        remember_layouts(upload=upload, by=by)
    return upload


def apply_upload(pk: int) -> Published | None:
    """Publishes a confirmed upload in one transaction; None where there is nothing (more) to do.

    Only the difference that was confirmed is published: if other figures were published meanwhile, the
    upload is received anew, so that it is read and looked at once more.
    """
    if not _begin(pk, State.CONFIRMED):
        return None
    with transaction.atomic():
        upload = _locked(pk, State.CONFIRMED)
        if upload is None:
            return None
        published = None
        if _is_overtaken(upload):
            upload.state = State.RECEIVED
        else:
            by = upload.confirmed_by
            published = publish(
                _figures(upload), reason=upload.reason, user=by, upload=upload, released_on=upload.released_on
            )
            upload.state, upload.applied_at = State.APPLIED, timezone.now()
            upload.counts = {**upload.counts, "published": published._asdict()}
            upload.figures.filter(change=Change.UNCHANGED).delete()
        upload.attempts = 0
        upload.save()
    return published


def read_again(*, upload: Upload, indicator: Indicator | None) -> Upload:
    """Has a failed or previewed upload read once more, as figures of the indicator if one is named."""
    with transaction.atomic():
        upload = _taken(upload, State.FAILED, State.PREVIEWED)
        upload.indicator = indicator or upload.indicator
        upload.state, upload.failure, upload.attempts = State.RECEIVED, None, 0
        upload.save()
    return upload


def unfinished_uploads() -> list[Upload]:
    """Uploads that have waited longer than a worker takes to begin: their message or worker was lost."""
    waiting = Upload.objects.filter(
        state__in=[State.RECEIVED, State.CONFIRMED], changed_at__lt=timezone.now() - PATIENCE
    )
    return list(waiting.order_by("pk"))


def _begin(pk: int, state: State) -> bool:
    """Counts the attempt in its own transaction: a file that kills its worker is not tried forever."""
    with transaction.atomic():
        upload = _locked(pk, state)
        if upload is None:
            return False
        upload.attempts += 1
        if upload.attempts > MOST_ATTEMPTS:
            code = "gave_up" if state == State.RECEIVED else "gave_up_publishing"
            upload.state, upload.failure = State.FAILED, {"code": code, "params": {"attempts": MOST_ATTEMPTS}}
        upload.save()
    return upload.state == state


def _locked(pk: int, state: State) -> Upload | None:
    """The upload, locked for the rest of the transaction; None if another worker has it or has done it."""
    uploads = Upload.objects.select_for_update(of=("self",), skip_locked=True)
    return uploads.filter(pk=pk, state=state).first()


def _taken(upload: Upload, *states: State) -> Upload:
    """The upload, locked for a person, who does not wait for a worker that holds it."""
    found = Upload.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=upload.pk).first()
    if found is None:
        raise UploadError("busy")
    if found.state not in states:
        raise UploadError("not_now", state=found.get_state_display())
    return found


OVERTAKEN = """
SELECT EXISTS (
    SELECT FROM indicators_stagedfigure staged
    LEFT JOIN indicators_series series
        ON (series.indicator_id, series.territory_id, series.breakdown_id, series.frequency)
         = (staged.indicator_id, staged.territory_id, staged.breakdown_id, staged.frequency)
        AND series.source_id = %(source)s
    LEFT JOIN indicators_observation published
        ON published.series_id = series.id AND published.period_start = staged.period_start
    WHERE staged.upload_id = %(upload)s AND staged.change <> 'rejected'
      AND (published.value, coalesce(published.status, ''))
          IS DISTINCT FROM (staged.old_value, staged.old_status)
)
"""


def _is_overtaken(upload: Upload) -> bool:
    """Whether what is published is no longer what the preview compared with."""
    with connection.cursor() as cursor:
        cursor.execute(OVERTAKEN, {"upload": upload.pk, "source": upload.source_id})
        return bool(cursor.fetchone()[0])


def _figures(upload: Upload) -> Iterator[Figure]:
    """The staged figures that change something, read as they are needed."""
    staged = upload.figures.filter(change__in=[Change.NEW, Change.CHANGED]).order_by("pk")
    columns = (
        "indicator_id", "territory_id", "breakdown_id", "frequency", "period_start", "value", "status",
        "sheet", "row", "column",
    )  # fmt: skip
    for (
        indicator,
        territory,
        breakdown,
        frequency,
        start,
        value,
        status,
        sheet,
        row,
        column,
    ) in staged.values_list(*columns).iterator(chunk_size=10_000):
        origin = cell_address(sheet, row, column)
        source = upload.source_id
        yield Figure(indicator, territory, breakdown, source, frequency, start, value, status, origin)


def cell_address(sheet: str, row: int, column: int) -> str:
    """A cell as spreadsheets write it: `Все население!T20`; row and column count from 1."""
    name = cell_name(row - 1, column - 1)
    return f"{sheet}!{name}" if sheet else name
