"""Who is counted as one client of the API, and what he is told of his limits (docs/api/limits.md)."""

from typing import TYPE_CHECKING

from rest_framework.authentication import get_authorization_header
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.middleware import address_of
from accounts.models import ApiKey, User
from accounts.origin import household_of
from accounts.services.keys import find_key, key_text
from common.rest.throttling import Counted, count_request

if TYPE_CHECKING:  # it imports this module
    from rest_framework.views import APIView


class ClientThrottle(BaseThrottle):
    """One limit for each client: the view's (`throttle_scope`), else its key's, else its address's."""

    counted: Counted | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Whether the request is within the limit; its headers are left for `limits_middleware`."""
        who = _key_of(request) or _user_of(request) or _address_of(request)
        if who is None:
            return True
        policy = getattr(view, "throttle_scope", None) or ("key" if who.startswith("key:") else "address")
        self.counted = count_request(policy, who)
        if self.counted is None:
            return True
        request._request.limit_headers = self.counted.headers()  # type: ignore[attr-defined]
        return self.counted.remaining >= 0

    def wait(self) -> float | None:
        """Seconds until the next window."""
        return self.counted.seconds if self.counted else None


def _key_of(request: Request) -> str | None:
    """The key that is used; published addresses look at none, but a good one has a limit of its own."""
    if isinstance(request.auth, ApiKey):
        return f"key:{request.auth.prefix}"
    text = key_text(get_authorization_header(request))
    key = find_key(text) if text else None
    return f"key:{key.prefix}" if key else None


def _user_of(request: Request) -> str | None:
    return f"user:{request.user.pk}" if isinstance(request.user, User) else None


def _address_of(request: Request) -> str | None:
    text = address_of(request._request)
    if text is None:
        return None
    return f"address:{household_of(text)}"
