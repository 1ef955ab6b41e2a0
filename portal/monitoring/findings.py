"""What of the portal's state an administrator should look at, worst first, with what to do."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.monitoring.state import State

OUTBOX_PATIENCE = dt.timedelta(minutes=5)
QUEUE_PATIENCE_SECONDS = 300
LAG_SECONDS = 30
LEAST_FREE_SHARE = 0.1
MOST_CONNECTIONS_SHARE = 0.8
BACKUP_PATIENCE = dt.timedelta(hours=26)
OWN_TIME = frozenset({"failing_kpis", "letters", "standings_news"})
"""Outboxes that are emptied at their own time, or of which is spoken elsewhere."""


class Gravity(IntEnum):
    """How grave it is."""

    BAD = 1
    RISK = 2


@dataclass(frozen=True)
class Finding:
    """Something to look at: what it is, and what to do."""

    gravity: Gravity
    what: str
    cure: str

    @property
    def tone(self) -> str:
        """The look."""
        return "bad" if self.gravity == Gravity.BAD else "risk"


def findings(state: State) -> list[Finding]:
    """Everything that needs somebody, worst first; empty when all is well."""
    found = [*_of_broker(state), *_of_jobs(state), *_of_outboxes(state), *_of_servers(state)]
    return sorted(found, key=lambda each: each.gravity)


def _of_broker(state: State) -> Iterator[Finding]:
    if state.broker is None:
        yield Finding(
            Gravity.BAD,
            _("Valkey does not answer: no job is begun, pages are computed anew for each reader."),
            _("Start it again. Nothing is lost: what is to be done is written down in the database."),
        )
        return
    if not state.workers:
        yield Finding(
            Gravity.BAD, _("No worker answers: uploads and recomputations wait."),
            _("Start the workers; look into their log. One that is busy answers late: load this page again."),
        )  # fmt: skip
    for queue in state.broker.queues:
        if (queue.oldest_seconds or 0) > QUEUE_PATIENCE_SECONDS:
            yield Finding(
                Gravity.RISK, _("Messages wait long in the queue %(name)s.") % {"name": queue.name},
                _("See which jobs the workers have in hand; start more workers if there is much to do."),
            )  # fmt: skip


def _of_jobs(state: State) -> Iterator[Finding]:
    late = [job for job in state.scheduled if job.is_late]
    if late and len(late) > len(state.scheduled) / 2:
        yield Finding(
            Gravity.BAD, _("Scheduled jobs have stopped."),
            _("Look whether beat runs, and exactly one of it; look into its log and those of the workers."),
        )  # fmt: skip
        late = []
    for job in late:
        what = _("A scheduled job is late: %(job)s.") % {"job": job.label}
        yield Finding(Gravity.RISK, what, _("Look into the workers' log for %(task)s.") % {"task": job.task})
    for job in state.scheduled:
        if job.has_failed:
            what = _("A scheduled job has failed: %(job)s.") % {"job": job.label}
            cure = _("Look into the workers' log for %(task)s.") % {"task": job.task}
            yield Finding(Gravity.RISK, what, cure)


def _of_outboxes(state: State) -> Iterator[Finding]:
    now = timezone.now()
    own_time = OWN_TIME | {"uploads"} if state.pause else OWN_TIME
    if state.pause:
        what, cure = _("Publishing is paused."), _("End the pause once its reason is gone.")
        yield Finding(Gravity.RISK, what, cure)
    for outbox in state.outboxes:
        if outbox.code == "failing_kpis" and outbox.waiting:
            yield Finding(
                Gravity.BAD, _("Some KPIs could not be recomputed; readers see their old progress."),
                _("The page of recomputations shows the errors and lets you try again."),
            )  # fmt: skip
        elif outbox.code not in own_time and outbox.since and now - outbox.since > OUTBOX_PATIENCE:
            yield Finding(
                Gravity.RISK, _("Work waits longer than it should: %(what)s.") % {"what": outbox.label},
                _("See whether workers answer and what they have in hand."),
            )  # fmt: skip


def _of_servers(state: State) -> Iterator[Finding]:
    if state.disk and state.disk.free < state.disk.total * LEAST_FREE_SHARE:
        yield Finding(
            Gravity.BAD, _("The disk of uploads and back-ups is almost full."),
            _("Free some space, or move BAGDAR_VAR to a larger disk."),
        )  # fmt: skip
    used = state.database
    if used and used.connections > used.most_connections * MOST_CONNECTIONS_SHARE:
        yield Finding(
            Gravity.RISK, _("Almost all connections to the database are in use."),
            _("Start fewer web processes and workers, or put PgBouncer between."),
        )  # fmt: skip
    for replica in state.replicas:
        if not replica.answers or (replica.lag or 0) > LAG_SECONDS:
            yield Finding(
                Gravity.RISK,
                _("The replica %(name)s is behind or does not answer.") % {"name": replica.alias},
                _("Readers are served by the primary meanwhile. Look into the replica's log."),
            )
    yield from _of_backup(state)


def _of_backup(state: State) -> Iterator[Finding]:
    if state.backup is None:
        yield Finding(
            Gravity.RISK, _("No back-up is noted on this host."), _("Make one, and make one every night.")
        )
    elif not state.backup.ok:
        yield Finding(Gravity.BAD, _("The last back-up failed."), _("Look into its output and make one now."))
    elif timezone.now() - state.backup.at > BACKUP_PATIENCE:
        yield Finding(
            Gravity.RISK, _("The last back-up is more than a day old."),
            _("Look whether the nightly back-up still runs."),
        )  # fmt: skip
