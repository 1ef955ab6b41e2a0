"""How allauth behaves here."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # it has no types
    """Accounts are created by an administrator; messages exist in the portal's three languages."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is not active."),
        "email_password_mismatch": _("The e-mail address and the password do not belong together."),
        "too_many_login_attempts": _("Too many attempts to log in. Try again later."),
        "rate_limited": _("Too many requests. Wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
