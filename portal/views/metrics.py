"""What Prometheus reads; for the addresses of METRICS_FROM, or with the token METRICS_TOKEN."""

import hmac
import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from accounts.middleware import address_of
from common.metering import counted
from portal.monitoring.collector import Portal
from portal.monitoring.servers import disk


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """This host's counts and disk (`?of=host`), what is true of the whole portal (`?of=portal`), or both."""
    if not _may_read(request):
        raise PermissionDenied
    wanted = request.GET.get("of", "")
    registry = CollectorRegistry() if wanted == "portal" else counted()
    if wanted != "portal":
        registry.register(_Host())
    if wanted != "host":
        registry.register(Portal())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Host(Collector):
    """The disk of this host."""

    def collect(self) -> Iterable[Metric]:
        """Its room, and what of it is free."""
        found = disk()
        return [
            GaugeMetricFamily("bagdar_disk_free_bytes", "Free on the disk of BAGDAR_VAR.", value=found.free),
            GaugeMetricFamily("bagdar_disk_bytes", "Size of the disk of BAGDAR_VAR.", value=found.total),
        ]


def _may_read(request: HttpRequest) -> bool:
    """By the token; else by the address, unless a proxy of which the settings know nothing stands between."""
    keyword, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and keyword == "Bearer":
        return hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    if not settings.TRUSTED_PROXY and {"X-Forwarded-For", "Forwarded", "Via"} & set(request.headers):
        return False
    address = address_of(request)
    return address is not None and any(
        ipaddress.ip_address(address) in network for network in settings.METRICS_FROM
    )
