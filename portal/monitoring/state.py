"""The state of the portal at this moment, whatever of it is away."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError

from indicators.models import PublishingPause
from indicators.services.pausing import current_pause
from portal.monitoring.broker import Broker, BrokerAway, Worker, broker, workers
from portal.monitoring.outboxes import Outbox, outboxes
from portal.monitoring.schedule import Scheduled, scheduled
from portal.monitoring.servers import (
    Backup,
    Database,
    Disk,
    Replica,
    database,
    disk,
    last_backup,
    replicas,
    versions,
)
from portal.monitoring.work import Snapshot, Work, last_publication, newest_snapshot, work

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class State:
    """Everything that the status page shows; None where a part does not answer."""

    broker: Broker | None
    workers: list[Worker] | None
    scheduled: list[Scheduled]
    outboxes: list[Outbox]
    work: list[Work]
    disk: Disk | None
    database: Database | None
    replicas: list[Replica]
    backup: Backup | None
    snapshot: Snapshot | None
    last_publication: dt.datetime | None
    pause: PublishingPause | None
    versions: dict[str, str]


def state_now() -> State:
    """Asks every part; takes a second or so, in which workers may answer."""
    found = _asked(broker)
    server = _asked(database)
    running = {"PostgreSQL": server.version} if server else {}
    if found:
        product, _space, version = found.version.partition(" ")
        running[product] = version
    return State(
        broker=found,
        workers=_asked(workers) if found else None,
        scheduled=scheduled(),
        outboxes=outboxes(),
        work=work(),
        disk=_asked(disk),
        database=server,
        replicas=replicas(),
        backup=last_backup(),
        snapshot=_asked(newest_snapshot),
        last_publication=last_publication(),
        pause=current_pause(),
        versions=versions() | running,
    )


def _asked(part: Callable[[], T]) -> T | None:
    try:
        return part()
    except (BrokerAway, DatabaseError, OSError) as error:
        logger.warning("%s could not be asked: %s", part.__name__, error)
        return None
