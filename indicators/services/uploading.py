"""An upload's way: received, previewed, confirmed, applied; each step one transaction, repeatable."""

import datetime as dt
import hashlib
from collections.abc import Iterator

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Action, territories_for
from indicators.models import Indicator, Source, StagedFigure, Upload
from indicators.services.publishing import Figure, Published, ReasonRequiredError, publish
from indicators.services.reading import NothingRecognisedError
from indicators.services.staging import stage
from indicators.tables import UnreadableFile, cell_name

MOST_ATTEMPTS = 3
PATIENCE = dt.timedelta(seconds=45)
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
    upload = _begin(pk, State.RECEIVED)
    if upload is None:
        return False
    with transaction.atomic():
        if not _still(upload):
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
    """Decides that a previewed upload is to be applied; the decider needs the mandate for every territory."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.state != State.PREVIEWED:
            raise UploadError("not_previewed", state=upload.get_state_display())
        waiting = upload.figures.filter(change__in=[Change.NEW, Change.CHANGED])
        if not waiting.exists():
            raise UploadError("nothing_to_apply")
        foreign = waiting.exclude(territory__in=territories_for(by, Action.UPLOAD)).first()
        if foreign and foreign.territory:
            raise UploadError("outside_mandate", territory=foreign.territory.name)
        upload.reason = reason.strip() or upload.reason
        if not upload.reason and upload.figures.filter(change=Change.CHANGED).exists():
            raise UploadError("reason_required")
        upload.state, upload.attempts = State.CONFIRMED, 0
        upload.save()
    return upload


def apply_upload(pk: int) -> Published | None:
    """Publishes a confirmed upload in one transaction; None where there is nothing (more) to do.

    What was published between preview and now is compared again: only real differences become revisions.
    """
    upload = _begin(pk, State.CONFIRMED)
    if upload is None:
        return None
    with transaction.atomic():
        if not _still(upload):
            return None
        try:
            with transaction.atomic():
                published = publish(_figures(upload), reason=upload.reason, user=upload.user, upload=upload)
        except ReasonRequiredError:
            # Somebody published other figures meanwhile: the difference must be looked at again.
            upload.state, upload.attempts = State.RECEIVED, 0
            upload.save()
            return None
        upload.state, upload.applied_at, upload.attempts = State.APPLIED, timezone.now(), 0
        upload.counts = {**upload.counts, "published": published._asdict()}
        upload.save()
    return published


def read_again(*, upload: Upload, indicator: Indicator | None) -> Upload:
    """Has a failed or previewed upload read once more, as figures of the indicator if one is named."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if upload.state not in {State.FAILED, State.PREVIEWED}:
            raise UploadError("not_previewed", state=upload.get_state_display())
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


def _begin(pk: int, state: State) -> Upload | None:
    """Counts the attempt in its own transaction: a file that kills its worker is not tried forever."""
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=pk, state=state)
            .first()
        )
        if upload is None:
            return None
        upload.attempts += 1
        if upload.attempts > MOST_ATTEMPTS:
            upload.state, upload.failure = (
                State.FAILED,
                {"code": "gave_up", "params": {"attempts": MOST_ATTEMPTS}},
            )
        upload.save()
    return upload if upload.state == state else None


def _still(upload: Upload) -> bool:
    """Locks the upload for the rest of the transaction; false if another worker has it or has done it."""
    row = Upload.objects.select_for_update(skip_locked=True).filter(pk=upload.pk, state=upload.state)
    return row.values_list("pk").first() is not None


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
