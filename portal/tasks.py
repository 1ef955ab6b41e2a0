"""Jobs for readers; each only calls a service."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from common.databases.standing import mark_time
from portal.services.delivering import deliver_to, due_hooks
from portal.services.digests import send_digests, send_invitations
from portal.services.hooking import drain_news
from portal.services.indexing import refresh_search
from portal.services.noting import note_standings
from portal.services.pruning import prune
from portal.services.snapshots import make_snapshot

logger = logging.getLogger(__name__)


@shared_task(name="portal.refresh_search")
def refresh_search_task() -> None:
    """The sweep: what can be found follows what has changed."""
    refresh_search()


@shared_task(name="portal.note_standings")
def note_standings_task() -> None:
    """The sweep: which promises stand otherwise than before."""
    note_standings()


@shared_task(name="portal.prune")
def prune_task() -> None:
    """Every night: forgets what has been kept long enough."""
    prune(timezone.now())


@shared_task(name="portal.send_invitations")
def send_invitations_task() -> None:
    """Asks new subscribers to confirm; after each request and by the sweep."""
    send_invitations()


@shared_task(name="portal.send_digests")
def send_digests_task() -> None:
    """Tells subscribers what has changed."""
    send_digests(timezone.now())


@shared_task(name="portal.make_snapshot")
def make_snapshot_task() -> None:
    """Every night: all published tables as files to take along."""
    make_snapshot()


@shared_task(name="portal.drain_news")
def drain_news_task() -> None:
    """The sweep: puts news in line for webhooks, and has each hook that is due told in a job of its own."""
    drain_news()
    for pk in due_hooks():
        tell_hook_soon(pk)


@shared_task(name="portal.tell_hook")
def tell_hook_task(pk: int) -> None:
    """Sends a webhook what waits for it."""
    deliver_to(pk)


def tell_hook_soon(pk: int) -> None:
    """Enqueues what waits for the webhook. With the broker away, the sweep finds it."""
    try:
        tell_hook_task.delay(pk)
    except OperationalError as error:
        logger.warning("The broker is away, webhook %s waits for the sweep: %s", pk, error)


def send_invitations_soon() -> None:
    """Enqueues the letters. With the broker away, the sweep sends them."""
    try:
        send_invitations_task.delay()
    except OperationalError as error:
        logger.warning("The broker is away, invitations wait for the sweep: %s", error)


@shared_task(name="portal.mark_time")
def mark_time_task() -> None:
    """Every few seconds: a transaction, however quiet it is, by which replicas know how old they are."""
    mark_time()
