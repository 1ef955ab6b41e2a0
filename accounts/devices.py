"""Devices on which somebody has been logged in: a signed cookie tells them from a guesser's."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.services.guessing import account_hash

SALT = "accounts.devices"
REMEMBERED_SECONDS = 365 * 24 * 3600


def device_of(request: HttpRequest, account: str) -> str:
    """The device's name, if this account has been logged in on it, else nothing."""
    try:
        owner, name = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=REMEMBERED_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return ""
    return str(name) if owner == account_hash(account) else ""


def remember_device(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Names the device, unless it has a name; the cookie says nothing of its owner to who reads it."""
    if device_of(request, account):
        return
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([account_hash(account), secrets.token_hex(16)], salt=SALT),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
