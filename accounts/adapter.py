"""How allauth behaves here."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.devices import device_of, remember_device
from accounts.models import User
from accounts.services.guessing import TooManyAttemptsError, begin_attempt, forgive, note_failure

WAYS = {
    "reauthenticate": _("Use the password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # it has no types
    """Accounts are created by an administrator; messages exist in the portal's three languages."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is not active."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
        "too_many_login_attempts": _(
            "Too many attempts. Try again in a quarter of an hour, or where you have logged in before."
        ),
        "rate_limited": _("Too many requests. Wait a little and try again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose password it is; who guesses is slowed down."""
        account = credentials.get("email") or ""
        try:
            attempt = begin_attempt(account=account, device=device_of(request, account))
        except TooManyAttemptsError as refusal:
            raise self.validation_error("too_many_login_attempts") from refusal
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            note_failure(attempt)
        else:
            forgive(attempt)
        return user

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Where the person goes; his device is known from now on."""
        answer: HttpResponse = super().post_login(request, user, **more)
        remember_device(request, answer, user.email)
        return answer

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """By what a person can show once more that it is he."""
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS.get(way["id"], way["description"])} for way in ways]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
