"""What is true of the portal as a whole, for Prometheus: asked of PostgreSQL and the broker at each scrape.

Whichever web host is asked, it says the same. What a host's own web processes have counted is in
`common.metering`.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

from indicators.services.pausing import current_pause
from portal.models import JobTally
from portal.monitoring.broker import BrokerAway, broker
from portal.monitoring.freshness import freshness
from portal.monitoring.outboxes import outboxes
from portal.monitoring.servers import database, last_backup, replicas

logger = logging.getLogger(__name__)

Value = float | None


class Portal(Collector):
    """The portal as a whole."""

    def collect(self) -> Iterator[Metric]:
        """What can be asked; `bagdar_part_answers` says of each part whether it could."""
        answers = GaugeMetricFamily(
            "bagdar_part_answers",
            "Whether a part of the portal could be asked (1) or not (0).",
            labels=["part"],
        )
        for name, part in PARTS.items():
            try:
                yield from part()
                answers.add_metric([name], 1)
            except (DatabaseError, BrokerAway, OSError) as error:
                logger.warning("%s could not be asked for metrics: %s", name, error)
                answers.add_metric([name], 0)
        yield answers


def _gauge(name: str, text: str, value: Value) -> Iterator[Metric]:
    """One gauge, left out where there is no value."""
    if value is not None:
        yield GaugeMetricFamily(f"bagdar_{name}", text, value=value)


def _gauges(name: str, text: str, label: str, values: Iterable[tuple[str, Value]]) -> Metric:
    family = GaugeMetricFamily(f"bagdar_{name}", text, labels=[label])
    for key, value in values:
        if value is not None:
            family.add_metric([key], value)
    return family


def _broker() -> Iterator[Metric]:
    found = broker()
    yield _gauges(
        "queue_messages", "Messages that wait in a queue.", "queue",
        [(queue.name, queue.waiting) for queue in found.queues],
    )  # fmt: skip
    yield _gauges(
        "queue_oldest_seconds", "Age of the oldest message that waits in a queue, 0 where none does.",
        "queue", [(queue.name, queue.oldest_seconds or 0) for queue in found.queues],
    )  # fmt: skip
    yield from _gauge("messages_in_hand", "Messages that workers have taken and not finished.", found.in_hand)
    yield from _gauge("broker_memory_bytes", "Memory that the broker uses.", found.memory_bytes)


def _outboxes() -> Iterator[Metric]:
    found, now = outboxes(), timezone.now()
    yield _gauges(
        "outbox_rows", "Rows of work that waits.", "outbox", [(each.code, each.waiting) for each in found]
    )
    yield _gauges(
        "outbox_oldest_seconds", "Age of the oldest row of work that waits, 0 where none does.", "outbox",
        [(each.code, (now - each.since).total_seconds() if each.since else 0) for each in found],
    )  # fmt: skip


def _jobs() -> Iterator[Metric]:
    took = SummaryMetricFamily(
        "bagdar_job_seconds", "Runs of jobs, and how long.", labels=["task", "outcome"]
    )
    last = GaugeMetricFamily(
        "bagdar_job_last_run_timestamp_seconds", "When a job last ended.", labels=["task", "outcome"]
    )
    for tally in JobTally.objects.order_by("task", "outcome"):
        labels = [tally.task, tally.outcome.lower()]
        took.add_metric(labels, tally.runs, tally.seconds)
        last.add_metric(labels, tally.last_at.timestamp())
    yield from (took, last)


def _programmes() -> Iterator[Metric]:
    found, now = freshness(), time.time()
    yield _gauges(
        "programme_newest_figure_seconds", "Time since a figure of the programme was last published.",
        "programme",
        [(each.programme, now - each.published_at.timestamp() if each.published_at else None)
         for each in found],
    )  # fmt: skip
    yield _gauges(
        "programme_overdue_kpis", "KPIs that stand on figures which are too old.", "programme",
        [(each.programme, each.overdue) for each in found],
    )  # fmt: skip
    yield _gauges(
        "programme_kpis_without_data", "KPIs without a figure.", "programme",
        [(each.programme, each.without_data) for each in found],
    )  # fmt: skip


def _publishing() -> Iterator[Metric]:
    pause = current_pause()
    seconds = (timezone.now() - pause.began_at).total_seconds() if pause else 0
    yield from _gauge(
        "publishing_paused_seconds", "For how long publishing has been paused, 0 if not.", seconds
    )


def _database() -> Iterator[Metric]:
    found = database()
    yield from _gauge("database_bytes", "Size of the database with its indexes.", found.size)
    yield from _gauge("database_connections", "Connections to the database.", found.connections)
    yield from _gauge("database_most_connections", "Connections that may be.", found.most_connections)


def _replicas() -> Iterator[Metric]:
    found = replicas()
    yield _gauges(
        "replica_answers", "Whether a replica answers.", "replica",
        [(each.alias, float(each.answers)) for each in found],
    )  # fmt: skip
    yield _gauges(
        "replica_lag_seconds", "How far a replica is behind.", "replica",
        [(each.alias, each.lag) for each in found],
    )  # fmt: skip


def _backup() -> Iterator[Metric]:
    if found := last_backup():
        yield from _gauge("backup_timestamp_seconds", "When the last back-up was made.", found.at.timestamp())
        yield from _gauge("backup_ok", "Whether the last back-up succeeded.", float(found.ok))
        yield from _gauge("backup_bytes", "Size of the last back-up.", found.bytes)
        yield from _gauge("backup_seconds", "How long the last back-up took.", found.seconds)


PARTS: dict[str, Callable[[], Iterator[Metric]]] = {
    "broker": _broker,
    "outboxes": _outboxes,
    "jobs": _jobs,
    "programmes": _programmes,
    "publishing": _publishing,
    "database": _database,
    "replicas": _replicas,
    "backup": _backup,
}
