"""Every address of the URL configuration, with arguments that fit, for the crawl of permissions."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize

SAMPLES: dict[str, object] = {
    "code": "almaty-2025", "programme": "almaty-2025", "kpi": "KPI-7", "goal": "IV", "measure": "2.2-1",
    "territory": "temirtau", "day": dt.date(2024, 3, 1), "pk": 1, "name": 1, "mapping": 1, "number": 1,
    "kind": "programme", "form": "pdf", "period": "2023", "token": "a-token", "key": "a-key",
    "uidb36": "1", "path": "nothing/", "object_id": "1", "content_type_id": "1", "app_label": "accounts",
    "url": "nothing", "id": "1", "provider_id": "government",
}  # fmt: skip
"""What stands for an argument of this name where a test brings nothing of its own."""
OTHERS: dict[str, dict[str, object]] = {
    "discrepancy-detail": {"code": "D-004-1"},
    "indicator-detail": {"code": "neet-share"},
    "indicator-kpis": {"code": "neet-share"},
    "inquiry-detail": {"code": "ds-275"},
    "reply-letter": {"code": "ds-275"},
    "territory-detail": {"code": "almaty"},
    "territory-feed": {"code": "almaty"},
    "rule-list": {"code": "monotowns-2012-2020"},
    "city-strategy-checklist": {"programme": "semey-2050"},
    "choose-language": {"code": "ru"},
}


class Place(NamedTuple):
    """An address: the name of its URL pattern with its namespace ("" has none), and a path that fits."""

    name: str
    path: str


def places() -> list[Place]:
    """Every pattern; those of the API are crawled by a test of their own."""
    return list(_walk(get_resolver(), "/", ""))


def _walk(resolver: Any, prefix: str, namespace: str) -> Iterator[Place]:
    for pattern in resolver.url_patterns:
        if str(pattern.pattern) == "api/v1/":
            continue
        path = prefix + _path(pattern)
        if isinstance(pattern, URLPattern):
            yield Place(namespace + (pattern.name or ""), path)
        else:
            yield from _walk(
                pattern, path, namespace + (f"{pattern.namespace}:" if pattern.namespace else "")
            )


def _path(pattern: Any) -> str:
    """The pattern's own part of a path, its arguments filled in."""
    form, names = normalize(pattern.pattern.regex.pattern)[0]
    given, converters = SAMPLES | OTHERS.get(getattr(pattern, "name", ""), {}), pattern.pattern.converters
    return form % {
        name: converters[name].to_url(given[name]) if name in converters else given[name] for name in names
    }
