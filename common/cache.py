"""Django's cache in Redis without a new client for every command."""

from functools import cache
from typing import Any

from django.core.cache.backends import redis


class Client(redis.RedisCacheClient):
    """One client for each pool of connections. Django makes one for every command from `_client`, its class,
    which takes as long as the command itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._client: Any = cache(self._client)


class RedisCache(redis.RedisCache):
    """The backend for `CACHES`."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._class = Client
