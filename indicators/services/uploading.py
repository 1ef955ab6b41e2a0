"""An upload's way: received, previewed, confirmed, applied; each step one transaction, repeatable."""

import datetime as dt
import hashlib
from contextlib import suppress
from typing import Any, TypedDict, Unpack

from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import Action, mandates_for, source_kinds_of, territories_for
from accounts.services.auditing import record
from cities.models import Territory
from indicators.models import Indicator, ReportingForm, Source, StagedFigure, Upload, WatchedFile
from indicators.services.advancing import Step, Teller
from indicators.services.copying import prepare_for_many_rows
from indicators.services.filling import fill_reports
from indicators.services.learning import remember_layouts
from indicators.services.notifying import tell_upload
from indicators.services.pausing import current_pause
from indicators.services.publishing import OvertakenError, Published, publish_selected
from indicators.services.reading import NothingRecognisedError
from indicators.services.staging import stage
from indicators.services.watching import judge_reading, remember_shapes
from indicators.tables import UnreadableFile, cell_name

MOST_ATTEMPTS = 3
PATIENCE = (8, 1, 15)
"""Seconds that an upload on which nobody works stands still, by its attempts, until it is tried again: first
its message is waited for; then most likely its worker has died; then the step fails, and better times are
waited for."""
State = Upload.State
Change = StagedFigure.Change
GIVEN_UP = {
    State.RECEIVED: (State.FAILED, "gave_up"),
    State.CONFIRMED: (State.FAILED, "gave_up_publishing"),
    State.REVERTING: (State.APPLIED, "gave_up_undoing"),
}
"""What becomes of an upload whose step fails again and again: one that cannot be undone stays applied."""


class UploadError(Exception):
    """Something that cannot be done to an upload; `code` says what, `params` name the place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Wishes(TypedDict, total=False):
    """What may be said of a file that is sent in.

    One for a form must be its template. One that confirms itself is published as soon as it is read, unless
    a cell of it is rejected or something else needs a person: then it waits for one.
    """

    indicator: Indicator | None
    form: ReportingForm | None
    reason: str
    confirms_itself: bool
    watch: WatchedFile | None


def receive_upload(*, file: "File[bytes]", user: User, source: Source, **wishes: Unpack[Wishes]) -> Upload:
    """Keeps the file as it came, with its SHA-256; nothing in it is read yet."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    upload = Upload(
        file_name=(file.name or "")[-255:], size=file.size or 0, sha256=digest.hexdigest(),
        user=user, source=source, **wishes,
    )  # fmt: skip
    upload.reason = upload.reason.strip()
    upload.file.save(f"{digest.hexdigest()[:16]}-{upload.file_name}"[-120:], file, save=False)
    upload.save()
    _record("upload.received", upload, user)
    return upload


class About(TypedDict):
    """What an event of the audit trail is about."""

    subject: str
    label: str
    organisation: Organisation | None
    territory: Territory | None


def about(upload: Upload) -> About:
    """The upload as the audit trail names it: the business of those for whom its sender sends files in."""
    mandate = mandates_for(upload.user, Action.UPLOAD).select_related("organisation", "territory").first()
    return {
        "subject": f"upload:{upload.pk}",
        "label": upload.file_name,
        "organisation": mandate.organisation if mandate else None,
        "territory": mandate.territory if mandate else None,
    }


def _record(
    action: str, upload: Upload, by: User | None, *, reason: str = "", details: dict[str, Any] | None = None
) -> None:
    record(action, by=by, reason=reason, details=details, **about(upload))


def preview_upload(pk: int) -> bool:
    """Reads a received upload and stages its figures; returns whether it did. An unreadable one fails."""
    if not begin(pk, State.RECEIVED):
        return False
    with transaction.atomic():
        upload = locked(pk, State.RECEIVED)
        if upload is None:
            return False
        prepare_for_many_rows()
        upload.figures.all().delete()
        try:
            with transaction.atomic():
                upload.recognised, upload.counts = stage(upload)
            upload.state = State.PREVIEWED
        except (UnreadableFile, NothingRecognisedError) as error:
            upload.state, upload.failure = State.FAILED, {"code": error.code, "params": error.params}
        upload.attempts = 0
        upload.save()
        judge_reading(upload)
        tell_upload(upload)
        if upload.state == State.FAILED:
            _record("upload.failed", upload, None, details=upload.failure)
        if upload.state == State.PREVIEWED and upload.confirms_itself and not upload.counts.get("rejected"):
            with suppress(UploadError):
                _confirm(upload, upload.user)
    return True


def confirm_upload(*, upload: Upload, by: User, reason: str = "") -> Upload:
    """Decides that a previewed upload is to be applied.

    The decider needs the mandate for every territory in it, and must be able to speak for its source.
    """
    refuse_while_paused()
    return _confirm(upload, by, reason)


def refuse_while_paused() -> None:
    """Raises `UploadError` while an administrator has paused publishing."""
    if pause := current_pause():
        raise UploadError("publishing_paused", reason=pause.reason)


def _confirm(upload: Upload, by: User, reason: str = "") -> Upload:
    with transaction.atomic():
        upload = taken(upload, State.PREVIEWED)
        waiting = upload.figures.filter(change__in=[Change.NEW, Change.CHANGED])
        if not waiting.exists():
            raise UploadError("nothing_to_apply")
        check_mandate(upload, by, Territory.objects.filter(pk__in=waiting.values("territory")))
        upload.reason = reason.strip() or upload.reason
        is_change = upload.form is None and waiting.filter(change=Change.CHANGED).exists()
        if is_change and not upload.reason:
            raise UploadError("reason_required")
        upload.state, upload.attempts, upload.confirmed_by = State.CONFIRMED, 0, by
        upload.save()
        _record("upload.confirmed", upload, by, reason=upload.reason)
        remember_layouts(upload=upload, by=by)
    return upload


def apply_upload(pk: int) -> Published | None:
    """Publishes a confirmed upload in one transaction; None where there is nothing (more) to do, and for a
    template, which is put into the drafts.

    Only the difference that was confirmed is published: if other figures were published meanwhile, the
    upload is received anew, so that it is read and looked at once more.
    """
    if waits_for_end_of_pause(pk) or not begin(pk, State.CONFIRMED):
        return None
    with transaction.atomic():
        upload = locked(pk, State.CONFIRMED)
        if upload is None:
            return None
        published = None
        try:
            if upload.form_id:
                _fill(upload)
            else:
                published = _publish(upload)
        except OvertakenError:
            upload.state = State.RECEIVED
        upload.attempts = 0
        upload.save()
        if upload.state == State.APPLIED:
            tell_upload(upload)
            details = {"published": published._asdict() if published else None}
            _record("upload.applied", upload, upload.confirmed_by, reason=upload.reason, details=details)
    return published


def _publish(upload: Upload) -> Published:
    """Publishes the difference that was confirmed. Raises `OvertakenError`."""
    published = publish_selected(
        CONFIRMED,
        {"upload": upload.pk, "source": upload.source_id},
        reason=upload.reason,
        user=upload.confirmed_by,
        upload=upload,
        is_compared=True,
        report=Teller(upload.pk).share(Step.PUBLISHING),
    )
    upload.state, upload.applied_at = State.APPLIED, timezone.now()
    upload.counts = {**upload.counts, "published": published._asdict()}
    upload.figures.filter(change=Change.UNCHANGED).delete()
    remember_shapes(upload)
    return published


def read_again(*, upload: Upload, indicator: Indicator | None) -> Upload:
    """Has a failed or previewed upload read once more, as figures of the indicator if one is named."""
    with transaction.atomic():
        upload = taken(upload, State.FAILED, State.PREVIEWED)
        upload.indicator = indicator or upload.indicator
        upload.state, upload.failure, upload.attempts = State.RECEIVED, None, 0
        upload.save()
    return upload


def unfinished_uploads() -> list[Upload]:
    """Uploads that nobody works on, and nobody has begun for a while: their message or worker was lost.

    Who works on one holds its lock; PostgreSQL frees that of a worker that died or is cut off. What would be
    published waits for the end of a pause.
    """
    now = timezone.now()
    first, second, later = (Q(changed_at__lt=now - dt.timedelta(seconds=each)) for each in PATIENCE)
    late = Q(attempts=0) & first | Q(attempts=1) & second | Q(attempts__gt=1) & later
    free = Upload.objects.select_for_update(of=("self",), skip_locked=True)
    if current_pause():
        free = free.exclude(form=None, state__in=(State.CONFIRMED, State.REVERTING))
    with transaction.atomic():
        return list(free.filter(late, state__in=list(GIVEN_UP)).order_by("pk"))


def check_mandate(upload: Upload, by: User, places: QuerySet[Territory]) -> None:
    """Raises `UploadError` unless the person may publish figures of these territories for the source; of a
    template, unless he may fill in its form there."""
    organisation = upload.form.organisation if upload.form else None
    action = Action.ENTER if upload.form else Action.UPLOAD
    foreign = places.exclude(pk__in=territories_for(by, action, organisation)).first()
    if foreign:
        raise UploadError("outside_mandate", territory=foreign.name)
    if upload.form is None and upload.source.kind not in source_kinds_of(by):
        raise UploadError("foreign_source", source=upload.source.name)


def waits_for_end_of_pause(pk: int) -> bool:
    """Whether the upload would be published while publishing is paused: the sweep asks again, and no attempt
    is counted. A template only fills drafts."""
    return current_pause() is not None and Upload.objects.filter(pk=pk, form=None).exists()


def begin(pk: int, state: State) -> bool:
    """Counts the attempt in its own transaction: a file that kills its worker is not tried forever."""
    with transaction.atomic():
        upload = locked(pk, state)
        if upload is None or _is_too_early(upload):
            return False
        upload.attempts += 1
        if upload.attempts > MOST_ATTEMPTS:
            upload.state, code = GIVEN_UP[state]
            upload.failure = {"code": code, "params": {"attempts": MOST_ATTEMPTS}}
        upload.save()
    return upload.state == state


def _is_too_early(upload: Upload) -> bool:
    """Whether the last attempt was only just begun: of several messages about an upload one is enough."""
    patience = dt.timedelta(seconds=PATIENCE[min(upload.attempts, 2)])
    return upload.attempts > 0 and timezone.now() - upload.changed_at < patience


def locked(pk: int, state: State) -> Upload | None:
    """The upload, locked for the rest of the transaction; None if another worker has it or has done it."""
    uploads = Upload.objects.select_for_update(of=("self",), skip_locked=True)
    return uploads.filter(pk=pk, state=state).first()


def taken(upload: Upload, *states: State) -> Upload:
    """The upload, locked for a person, who does not wait for a worker that holds it."""
    found = Upload.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=upload.pk).first()
    if found is None:
        raise UploadError("busy")
    if found.state not in states:
        raise UploadError("not_now", state=found.get_state_display())
    return found


def _fill(upload: Upload) -> None:
    """Puts a template's figures into the drafts; where these have changed, it is compared with them anew."""
    if fill_reports(upload):
        upload.state, upload.applied_at = State.APPLIED, timezone.now()
    else:
        upload.state = State.RECEIVED


# The origin is the cell as `cell_address` writes it; a column beyond ZZ has three letters.
CONFIRMED = """
INSERT INTO incoming
SELECT indicator_id, territory_id, breakdown_id, %(source)s, frequency, period_start, value, status,
       CASE sheet WHEN '' THEN '' ELSE sheet || '!' END
       || CASE WHEN "column" > 702 THEN chr(65 + ("column" - 703) / 676) ELSE '' END
       || CASE WHEN "column" > 26 THEN chr(65 + ("column" - 27) / 26 %% 26) ELSE '' END
       || chr(65 + ("column" - 1) %% 26) || row,
       NULL, '', NULL, CASE change WHEN 'new' THEN true WHEN 'changed' THEN false END, old_value, old_status
FROM indicators_stagedfigure
WHERE upload_id = %(upload)s AND change <> 'rejected'
"""


def cell_address(sheet: str, row: int, column: int) -> str:
    """A cell as spreadsheets write it: `Все население!T20`; row and column count from 1."""
    name = cell_name(row - 1, column - 1)
    return f"{sheet}!{name}" if sheet else name
