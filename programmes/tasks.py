"""Jobs around progress; each only calls a service."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from programmes.services.checking_quality import check_quality, check_touched
from programmes.services.recomputing import drain_outbox
from programmes.services.running import SILENCE, RunInProgressError, silent_runs, start_run, work_on

logger = logging.getLogger(__name__)

PARALLEL = 4
"""Messages of one run that are under way at a time: no more parts than these stand before other work."""


@shared_task(name="programmes.drain_outbox")
def drain_outbox_task() -> None:
    """Recomputes what was published or amended since the last time; run after each and by the sweep."""
    if drain_outbox():
        check_touched_task.delay()


@shared_task(name="programmes.check_touched")
def check_touched_task() -> None:
    """Checks the quality of what was published or amended; after each recomputation and by the sweep."""
    check_touched()


@shared_task(name="programmes.check_quality")
def check_quality_task() -> None:
    """Checks the quality of everything: on a new day other targets and members may be in force."""
    check_quality()


@shared_task(name="programmes.recompute_everything")
def recompute_everything_task() -> None:
    """Begins to recompute everything: on a new day targets fall due and figures grow stale."""
    try:
        run = start_run()
    except RunInProgressError:
        return
    set_going(run.pk)


@shared_task(name="programmes.work_on_run")
def work_on_run_task(run_id: int) -> None:
    """Does one part of a run and queues up again behind whatever else is waiting."""
    if work_on(run_id):
        work_on_run_task.delay(run_id)


@shared_task(name="programmes.resume_runs")
def resume_runs_task() -> None:
    """The sweep: sets runs going that stand still."""
    for run_id in silent_runs():
        set_going(run_id, expires=SILENCE.total_seconds())


def set_going(run_id: int, *, expires: float | None = None) -> None:
    """Enqueues work on the run for several workers. With the broker away, the sweep does so later.

    `expires` is after how many seconds the messages are forgotten that no worker had time for.
    """
    try:
        for _ in range(PARALLEL):
            work_on_run_task.apply_async((run_id,), expires=expires)  # type: ignore[arg-type]  # or None
    except OperationalError as error:
        logger.warning("The broker is away, run %s waits for the sweep: %s", run_id, error)


def send_drain() -> None:
    """Enqueues the draining of the outbox. With the broker away, the sweep does it."""
    try:
        drain_outbox_task.delay()
    except OperationalError as error:
        logger.warning("The broker is away, the outbox waits for the sweep: %s", error)
