"""Jobs for readers; each only calls a service."""

from celery import shared_task

from portal.services.indexing import refresh_search
from portal.services.noting import note_standings


@shared_task(name="portal.refresh_search")
def refresh_search_task() -> None:
    """The sweep: what can be found follows what has changed."""
    refresh_search()


@shared_task(name="portal.note_standings")
def note_standings_task() -> None:
    """The sweep: which promises stand otherwise than before."""
    note_standings()
