"""Jobs around papers; each only calls a service. Whoever enqueues does it after his transaction commits."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from papers.services.making import take_step, unfinished_papers

logger = logging.getLogger(__name__)


@shared_task(name="papers.make")
def make_paper_task(pk: int) -> None:
    """Takes a paper's steps one after another until it is ready."""
    while take_step(pk):
        pass


@shared_task(name="papers.resume")
def resume_papers_task() -> None:
    """The sweep: picks up papers whose message was lost or whose worker died."""
    for pk in unfinished_papers():
        send(pk)


def send(pk: int) -> None:
    """Enqueues the making of a paper. With the broker away, the sweep finds it."""
    try:
        make_paper_task.delay(pk)
    except OperationalError as error:
        logger.warning("The broker is away, paper %s waits for the sweep: %s", pk, error)
