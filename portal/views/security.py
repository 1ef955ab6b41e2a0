"""Where somebody who has found a weakness may tell of it (RFC 9116)."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

VALID_DAYS = 180
"""How long what is said holds; the standard recommends less than a year."""


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """The contact, if there is one; without one there is nothing to say."""
    contacts = settings.SECURITY_CONTACT
    if not contacts:
        raise Http404
    until = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {_address(contact)}" for contact in contacts]
    lines += [
        f"Expires: {until + dt.timedelta(days=VALID_DAYS):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: kk, ru, en",
        f"Canonical: {settings.PORTAL_URL}{request.path}",
    ]
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _address(contact: str) -> str:
    """A contact as a URI: a bare address is one for letters."""
    return f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
