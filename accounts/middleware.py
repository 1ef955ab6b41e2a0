"""What every request brings along."""

import ipaddress
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from accounts.origin import Channel, Origin, coming_from
from common.rest.throttling import policy_header

logger = logging.getLogger(__name__)
FORBIDDEN = 403
GetResponse = Callable[[HttpRequest], HttpResponseBase]


def origin_middleware(get_response: GetResponse) -> GetResponse:
    """Notes for the audit trail where the request comes from, and in the log who was refused."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        channel = Channel.API if request.path.startswith("/api/") else Channel.PAGE
        address = address_of(request)
        with coming_from(Origin(channel, address)):
            response = get_response(request)
        if response.status_code == FORBIDDEN:
            who = getattr(getattr(request, "user", None), "pk", None)
            logger.warning("Refused: %s %s, user %s, from %s", request.method, request.path, who, address)
        return response

    return respond


def limits_middleware(get_response: GetResponse) -> GetResponse:
    """Tells clients of the API their limit, and how much is left of it where the request was counted.

    It stands outside whatever keeps answers: what is told to one client is kept for nobody.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path_info.startswith("/api/v1/") and settings.API_LIMITS["address"]:
            response.headers["RateLimit-Policy"] = policy_header("address")
            for name, value in getattr(request, "limit_headers", {}).items():
                response.headers[name] = value
        return response

    return respond


def address_of(request: HttpRequest) -> str | None:
    """The sender's network address; None where the server does not know it (a Unix socket).

    Behind a trusted proxy it is the last one in X-Forwarded-For, which the proxy wrote; anybody may have
    written the ones before it, and without such a proxy all of them. Some proxies write a port behind it.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY and (forwarded := request.headers.get("X-Forwarded-For")):
        text = forwarded.rpartition(",")[2]
    text = text.strip()
    host, _port = split_domain_port(text)
    try:
        address = ipaddress.ip_address(host.strip("[]") or text)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)
