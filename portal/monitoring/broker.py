"""What waits in the queues, and which workers are there."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from common.jobs import SENT_AT

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2
WORKERS_PATIENCE_SECONDS = 1.0
BINDINGS = "_kombu.binding."
SEPARATOR = "\x06\x16"


class BrokerAway(Exception):  # noqa: N818 - a state of things
    """Valkey does not answer."""


@dataclass(frozen=True)
class Queue:
    """A queue: messages that wait, and for how many seconds the oldest has (None: nothing waits)."""

    name: str
    waiting: int
    oldest_seconds: float | None


@dataclass(frozen=True)
class Broker:
    """The broker's version, its queues in the order of names, and messages that workers have in hand."""

    version: str
    queues: list[Queue]
    in_hand: int
    memory_bytes: int


@dataclass(frozen=True)
class Job:
    """A job that a worker has in hand, and since when (seconds since 1970)."""

    task: str
    began: float | None


@dataclass(frozen=True)
class Worker:
    """A worker that answers."""

    name: str
    jobs: list[Job]


def broker() -> Broker:
    """The broker as it is now. Raises `BrokerAway`."""
    with _connection() as connection:
        channel = connection.default_channel
        client = channel.client
        names = _names(client)
        server = client.info()
        return Broker(
            version=f"{_product(server)} {server.get('valkey_version') or server['redis_version']}",
            queues=[_queue(channel, name) for name in sorted(names)],
            in_hand=client.hlen(channel.unacked_key),
            memory_bytes=server["used_memory"],
        )


def workers() -> list[Worker]:
    """The workers that answer within a second, in the order of names. Raises `BrokerAway`."""
    with _connection() as connection:
        inspect = current_app.control.inspect(timeout=WORKERS_PATIENCE_SECONDS, connection=connection)
        found = inspect.active() or {}
    return [
        Worker(name, [Job(str(job["name"]), job.get("time_start")) for job in jobs])
        for name, jobs in sorted(found.items())
    ]


@contextmanager
def _connection() -> Iterator[Any]:
    """A connection of its own that does not wait long."""
    impatient = {
        "socket_timeout": PATIENCE_SECONDS,
        "socket_connect_timeout": PATIENCE_SECONDS,
        "polling_interval": WORKERS_PATIENCE_SECONDS,  # closing waits for the end of a poll
    }
    try:
        with current_app.connection_for_read(transport_options=impatient) as connection:
            yield connection
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("The broker does not answer: %s", error)
        raise BrokerAway from error


def _names(client: Any) -> set[str]:
    """The queues that settings name, and those that workers or senders have declared."""
    names = set(current_app.amqp.queues)
    for key in client.scan_iter(match=f"*{BINDINGS}*", count=1000):
        if not key.endswith(b".pidbox") and b"celeryev" not in key:
            names |= {member.decode().split(SEPARATOR)[-1] for member in client.smembers(key)}
    return names


def _queue(channel: Any, name: str) -> Queue:
    """Messages are pushed at the left and taken at the right; those of each priority have a list."""
    client = channel.client
    keys = [channel._q_for_pri(name, step) for step in channel.priority_steps]
    waiting = sum(client.llen(key) for key in keys)
    oldest = [_age(message) for key in keys if (message := client.lindex(key, -1))]
    return Queue(name, waiting, max((age for age in oldest if age is not None), default=None))


def _age(message: bytes) -> float | None:
    """Seconds since the message was enqueued; None where it does not say."""
    try:
        sent_at = json.loads(message)["headers"][SENT_AT]
    except (ValueError, KeyError, TypeError):
        return None
    return max(0.0, time.time() - float(sent_at))


def _product(server: dict[str, Any]) -> str:
    return "Valkey" if "valkey_version" in server else "Redis"
