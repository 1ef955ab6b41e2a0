"""The position that a replica must have reached, so that nobody is shown less than somebody was before.

It is raised by whoever sees public data change: a request or a job that wrote before it answers, and a reader
to whom a changed state is shown for the first time. It is kept in Redis, for longer than a replica may be
behind; with Redis away it is not known.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 10
"""How long Redis is left alone after it did not answer."""
LONGER_THAN_ANY_LAG = 600
"""Seconds beyond the limit of the lag."""
RAISE = """
local known = tonumber(redis.call('GET', KEYS[1]) or '0')
if tonumber(ARGV[1]) > known then redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2]) end
"""
_away_until: dict[str, float] = {}
_untold: dict[str, int] = {}
"""What this process saw while Redis did not answer."""


def floor() -> int | None:
    """The position; 0 where none is remembered, None where Redis cannot say."""
    if (seen := _untold.get(_server())) and not raise_floor(seen):
        return None
    return _with_redis(lambda client, key: int(client.get(key) or 0))


def raise_floor(position: int) -> bool:
    """From now on replicas must have reached the position; False where Redis could not be told."""
    seconds = int(settings.REPLICA_LAG_SECONDS) + LONGER_THAN_ANY_LAG
    told = _with_redis(lambda client, key: client.eval(RAISE, 1, key, position, seconds) or 0)
    if told is None:
        _untold[_server()] = max(position, _untold.get(_server(), 0))
    elif position >= _untold.get(_server(), 0):
        _untold.pop(_server(), None)
    return told is not None


def _server() -> str:
    return str(settings.CACHES["default"]["LOCATION"])


def _with_redis(act: Callable[[Any, str], int]) -> int | None:
    server, prefix = _server(), settings.CACHES["default"]["KEY_PREFIX"]
    if time.monotonic() < _away_until.get(server, 0):
        return None
    try:
        return act(_redis(server), f"{prefix}:floor")
    except RedisError:
        logger.warning("Redis does not answer: replicas rest for %s seconds", PATIENCE_SECONDS)
        _away_until[server] = time.monotonic() + PATIENCE_SECONDS
        return None


@lru_cache(maxsize=4)
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
