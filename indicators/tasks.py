"""Jobs around figures; each only calls a service. Whoever enqueues does it after his transaction commits."""

import logging
from contextlib import suppress

from celery import current_app, shared_task
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from indicators.models import Upload
from indicators.services.looking import due_files, look_at
from indicators.services.mailing import send_letters
from indicators.services.marking import mark_errors
from indicators.services.publishing import PublishingPausedError
from indicators.services.reminding import remind
from indicators.services.reverting import undo_upload
from indicators.services.uploading import apply_upload, preview_upload, unfinished_uploads

logger = logging.getLogger(__name__)
ASKED_AGAIN_AFTER = 60
"""Seconds after which a workbook that has not appeared is asked for once more."""


@shared_task(name="indicators.preview_upload")
def preview_upload_task(pk: int) -> None:
    """Reads an upload and works out what it would change; publishes it where nobody wants to look."""
    preview_upload(pk)
    if confirmed := Upload.objects.filter(pk=pk, state=Upload.State.CONFIRMED).first():
        process(confirmed)


@shared_task(name="indicators.apply_upload")
def apply_upload_task(pk: int) -> None:
    """Publishes a confirmed upload and has the progress that it touches recomputed."""
    with suppress(PublishingPausedError):  # it began just now; the sweep comes back
        if apply_upload(pk):
            published()
    if overtaken := Upload.objects.filter(pk=pk, state=Upload.State.RECEIVED).first():
        process(overtaken)


@shared_task(name="indicators.revert_upload")
def revert_upload_task(pk: int) -> None:
    """Takes back what an upload published, and has the progress that it touches recomputed."""
    with suppress(PublishingPausedError):
        if undo_upload(pk):
            published()


@shared_task(name="indicators.mark_errors")
def mark_errors_task(pk: int, language: str) -> None:
    """Makes the workbook in which an upload's rejected cells are marked."""
    mark_errors(pk, language)


@shared_task(name="indicators.resume_uploads")
def resume_uploads_task() -> None:
    """The sweep: picks up uploads whose message was lost or whose worker died."""
    for upload in unfinished_uploads():
        process(upload)


@shared_task(name="indicators.remind")
def remind_task() -> None:
    """Reminds of reports that are due soon or overdue."""
    remind(timezone.localdate())


@shared_task(name="indicators.send_letters")
def send_letters_task() -> None:
    """Sends what people want to know by e-mail."""
    send_letters()


@shared_task(name="indicators.look_at_files")
def look_at_files_task() -> None:
    """The sweep of watched files: each that is due is looked at in a job of its own."""
    for watch in due_files():
        _send(look_at_file_task.name, watch.pk)


@shared_task(name="indicators.look_at_file")
def look_at_file_task(pk: int) -> None:
    """Looks at a watched file; what is new is read next."""
    if upload := look_at(pk):
        process(upload)


STEPS = {
    Upload.State.RECEIVED: preview_upload_task.name,
    Upload.State.CONFIRMED: apply_upload_task.name,
    Upload.State.REVERTING: revert_upload_task.name,
}


def process(upload: Upload) -> None:
    """Enqueues the upload's next step."""
    _send(STEPS[Upload.State(upload.state)], upload.pk)


def request_error_workbook(upload: Upload, language: str) -> None:
    """Enqueues the making of the upload's error workbook; again only when the worker has had time for it."""
    with suppress(RedisError):
        if not cache.add(f"error-workbook:{upload.pk}:{language}", 1, timeout=ASKED_AGAIN_AFTER):
            return
    _send(mark_errors_task.name, upload.pk, language)


def published() -> None:
    """Tells the app that computes progress that figures were published; the outbox says which."""
    _send("programmes.drain_outbox")


def _send(name: str, *args: object) -> None:
    """Sends a task by name. With the broker away nothing is lost: the sweep finds the work."""
    try:
        current_app.send_task(name, args=args)
    except OperationalError as error:
        logger.warning("The broker is away, %s waits for the sweep: %s", name, error)
