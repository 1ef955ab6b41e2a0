"""Jobs around figures; each only calls a service. Whoever enqueues does it after his transaction commits."""

import logging

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from indicators.models import Upload
from indicators.services.mailing import send_letters
from indicators.services.reminding import remind
from indicators.services.uploading import apply_upload, preview_upload, unfinished_uploads

logger = logging.getLogger(__name__)


@shared_task(name="indicators.preview_upload")
def preview_upload_task(pk: int) -> None:
    """Reads an upload and works out what it would change."""
    preview_upload(pk)


@shared_task(name="indicators.apply_upload")
def apply_upload_task(pk: int) -> None:
    """Publishes a confirmed upload and has the progress that it touches recomputed."""
    if apply_upload(pk):
        published()
    elif overtaken := Upload.objects.filter(pk=pk, state=Upload.State.RECEIVED).first():
        process(overtaken)


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


def process(upload: Upload) -> None:
    """Enqueues the upload's next step."""
    task = preview_upload_task if upload.state == Upload.State.RECEIVED else apply_upload_task
    _send(task.name, upload.pk)


def published() -> None:
    """Tells the app that computes progress that figures were published; the outbox says which."""
    _send("programmes.drain_outbox")


def _send(name: str, *args: object) -> None:
    """Sends a task by name. With the broker away nothing is lost: the sweep finds the work."""
    try:
        current_app.send_task(name, args=args)
    except OperationalError as error:
        logger.warning("The broker is away, %s waits for the sweep: %s", name, error)
