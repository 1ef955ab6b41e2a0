"""Jobs around progress; each only calls a service."""

from celery import shared_task

from programmes.services.recomputing import drain_touched_series, recompute_everything


@shared_task(name="programmes.drain_touched_series")
def drain_touched_series_task() -> None:
    """Recomputes what was published since the last time; run after each publication and by the sweep."""
    drain_touched_series()


@shared_task(name="programmes.recompute_all")
def recompute_all_task() -> None:
    """Recomputes everything: on a new day targets fall due and figures grow stale."""
    recompute_everything()
