"""Jobs around progress; each only calls a service."""

from celery import shared_task

from programmes.services.recomputing import drain_outbox
from programmes.services.running import RunInProgressError, silent_runs, start_run, work_on

PARALLEL = 4
"""Messages of one run that are under way at a time: no more parts than these stand before other work."""


@shared_task(name="programmes.drain_outbox")
def drain_outbox_task() -> None:
    """Recomputes what was published or amended since the last time; run after each and by the sweep."""
    drain_outbox()


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
        set_going(run_id)


def set_going(run_id: int) -> None:
    """Enqueues work on the run for several workers."""
    for _ in range(PARALLEL):
        work_on_run_task.delay(run_id)
