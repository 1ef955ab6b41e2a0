"""What every job brings along: its ids on the lines of the log, and who enqueued it when."""

import logging.config
import time
from collections.abc import Callable
from typing import Any

from celery import signals
from django.conf import settings

from common.logs import current_ids, set_ids

SENT_AT = "sent_at"
"""A message's header: when it was enqueued, in seconds since 1970."""


Tally = Callable[[str, str, float], None]
"""Is told of every job that ends: the task's name, Celery's word for the outcome, the seconds it took."""

_tallies: list[Tally] = []


def tell_of_jobs(tally: Tally) -> None:
    """From here on it is told of every job that this process ends."""
    _tallies.append(tally)


def connect() -> None:
    """Celery tells of these moments by signals alone."""
    signals.setup_logging.connect(_set_up_logging, dispatch_uid="common.logs")
    signals.before_task_publish.connect(_mark_message, dispatch_uid="common.marks")
    signals.task_prerun.connect(_begin, dispatch_uid="common.begin")
    signals.task_postrun.connect(_end, dispatch_uid="common.end")


def _set_up_logging(**_signal: object) -> None:
    """Workers and beat log as the web does, not in Celery's own way."""
    logging.config.dictConfig(settings.LOGGING)


def _mark_message(headers: dict[str, Any], **_signal: object) -> None:
    headers[SENT_AT] = time.time()
    if request_id := current_ids().get("request_id"):
        headers["request_id"] = request_id


def _begin(task_id: str, task: Any, **_signal: object) -> None:
    if not task.request.is_eager:
        set_ids(request_id=getattr(task.request, "request_id", None) or "", job_id=task_id, task=task.name)
        task.request.began = time.perf_counter()


def _end(task: Any, state: str | None = None, **_signal: object) -> None:
    if not task.request.is_eager:
        for tally in _tallies:
            tally(task.name, state or "IGNORED", time.perf_counter() - task.request.began)
        set_ids()
