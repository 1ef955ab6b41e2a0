"""How many requests a client has made in the running minute, counted in Redis; with Redis away nobody is."""

import logging
import time
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
WINDOW = 60
"""Seconds for which requests are counted; the next window begins at nought."""
PATIENCE_SECONDS = 10
"""How long Redis is left alone after it did not answer."""
now = time.time
_away_until: dict[str, float] = {}


class Counted(NamedTuple):
    """Where a client stands: the limit's name, how many requests it allows, how many are left, and the whole
    seconds until the window ends."""

    policy: str
    quota: int
    remaining: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit header fields writes them (docs/api/limits.md)."""
        return {
            "RateLimit-Policy": policy_header(self.policy),
            "RateLimit": f'"{self.policy}";r={max(self.remaining, 0)};t={self.seconds}',
        }


def policy_header(policy: str) -> str:
    """How many requests in how many seconds the limit allows."""
    return f'"{policy}";q={settings.API_LIMITS[policy]};w={WINDOW}'


def count_request(policy: str, who: str) -> Counted | None:
    """Counts a request in one round trip; below 0 remaining it is one too many.

    None where the limit is off (0) or Redis is away.
    """
    quota, cache = settings.API_LIMITS[policy], settings.CACHES["default"]
    server = str(cache["LOCATION"])
    if not quota or time.monotonic() < _away_until.get(server, 0):
        return None
    window, passed = divmod(now(), WINDOW)
    key = f"{cache['KEY_PREFIX']}:limit:{policy}:{who}:{window:.0f}"
    try:
        with _redis(server).pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, WINDOW)
            count, _is_set = pipe.execute()
    except RedisError:
        logger.warning("Redis does not answer: requests go uncounted for %s seconds", PATIENCE_SECONDS)
        _away_until[server] = time.monotonic() + PATIENCE_SECONDS
        return None
    return Counted(policy, quota, quota - count, max(1, round(WINDOW - passed)))


@lru_cache(maxsize=4)
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
