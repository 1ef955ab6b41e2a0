"""Limits on how often a client may ask. Counted in the cache; with the cache away nobody is refused."""

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class ScopedThrottle(ScopedRateThrottle):
    """Requests of one client to the views with the same `throttle_scope`."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the client may ask again already."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            return True
