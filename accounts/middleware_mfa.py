"""Those who approve or administer are strangers until they have shown a second factor."""

from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from accounts.middleware import GetResponse
from accounts.models import User
from accounts.permissions import must_have_second_factor
from accounts.services.entering import has_shown_second_factor

LOG_IN = ("account_login", "admin:login")
ON_THE_WAY = {"account_logout", "account_reauthenticate", "account_change_password"}
"""What somebody needs who sets his first factor up, beside the pages of allauth.mfa themselves."""
SHOWING = {"account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""What somebody needs who has a factor: with the others a password would be enough for another one."""


def second_factor_middleware(get_response: GetResponse) -> GetResponse:
    """Whatever asks who is there, page, API or administration, meets nobody; log-in leads to the set-up.

    So nothing private can be forgotten here, and what is published stays readable. The pages of the factors
    themselves are closed in this way to everybody who has one: he may approve tomorrow.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not settings.MFA_REQUIRED or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return get_response(request)
        user = request.user
        if not isinstance(user, User) or has_shown_second_factor(request, user):
            return get_response(request)
        name = _name_of(request)
        is_asked_for = name.startswith("mfa_") or must_have_second_factor(user)
        if not is_asked_for or _is_on_the_way(name, user):
            return get_response(request)
        request.user = AnonymousUser()
        if name in LOG_IN:
            return _to_set_up(request, user)
        response = get_response(request)
        return _to_set_up(request, user) if _asks_to_log_in(response) else response

    return respond


class LostKeys:
    """Pages of codes that no key of the portal opens any more lead to the one that says what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the view that failed is answered with."""
        if not isinstance(error, InvalidToken) or not _name_of(request).startswith("mfa_"):
            return None
        return redirect("mfa_index")


def _is_on_the_way(name: str, user: User) -> bool:
    if is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
        return name in SHOWING
    return name in ON_THE_WAY or name.startswith("mfa_")


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _asks_to_log_in(response: HttpResponseBase) -> bool:
    address = urlsplit(response.headers.get("Location", "")).path
    return address in {reverse(name) for name in LOG_IN}


def _to_set_up(request: HttpRequest, user: User) -> HttpResponse:
    """The page on which the factor is shown that there is, else set up."""
    if is_mfa_enabled(user, [Authenticator.Type.TOTP]):
        page = "mfa_reauthenticate"
    elif is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]):
        page = "mfa_reauthenticate_webauthn"
    else:
        text = _("You may approve or administer: set up a second step of log-in first.")
        messages.warning(request, text)
        page = "mfa_index"
    return redirect(reverse(page, query={"next": request.get_full_path()}) if page != "mfa_index" else page)
