"""The Celery application. Broker settings: docs/decisions/0004-jobs.md."""

import os
import signal
from threading import Timer

from billiard import active_children
from celery import Celery
from celery.signals import beat_init, celeryd_init, task_prerun, worker_shutting_down
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bagdar")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_to_start_insecurely(**_signal: object) -> None:
    """A worker and a clock are as careful as the pages. An exception would only be logged here."""
    from config.checks import require_safety  # noqa: PLC0415 - settings come first

    try:
        require_safety()
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from refusal


@task_prerun.connect
def check_connections(**_signal: object) -> None:
    """Connections outlive a job (a new one may try a lost host first); dead ones do not."""
    close_old_connections()


@worker_shutting_down.connect
def hand_back_in_time(how: str = "", **_signal: object) -> None:
    """A worker that is told to end finishes its job; one that takes too long hands it back.

    Celery's own bound would wait its whole time and then for the database, and repeat what ended meanwhile.
    """
    if how == "Warm":
        limit = Timer(settings.WORKER_STOP_SECONDS, _lose_what_is_left)
        limit.daemon = True
        limit.start()


def _lose_what_is_left() -> None:
    """Ends the processes of unfinished jobs: the messages of lost ones are enqueued again."""
    for process in active_children():
        if process.pid:
            os.kill(process.pid, signal.SIGKILL)
