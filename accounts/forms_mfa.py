"""Forms of second factors, labelled in the portal's three languages."""

import hashlib
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from cryptography.fernet import InvalidToken
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from accounts.devices import device_of
from accounts.models import User
from accounts.services.entering import is_readable
from accounts.services.guessing import TooManyAttemptsError, begin_attempt, forgive, note_failure

CODE_SECONDS = 120
"""Longer than a code is taken, before and after its half minute."""


class _Coded:
    """A field for a code, as phones fill it in."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget = forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        )


class _Once(_Coded):
    """A code that is good once: allauth forgets it after half a minute, and its tolerance is longer."""

    user: User
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code. Without the cache nobody knows which were used: then none of an app is taken. Of recovery
        codes the database knows."""
        device = device_of(context.request, self.user.email)
        try:
            attempt = begin_attempt(account=self.user.email, device=device, is_code=True)
        except TooManyAttemptsError as refusal:
            raise get_account_adapter().validation_error("too_many_login_attempts") from refusal
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            is_fresh = self._is_fresh(code)
        except RedisError as away:
            forgive(attempt)
            raise get_adapter().validation_error("codes_away") from away
        except InvalidToken as lost:
            (note_failure if self._could_be_guessed() else forgive)(attempt)
            raise get_adapter().validation_error("codes_unreadable") from lost
        except forms.ValidationError:
            note_failure(attempt)
            raise
        if not is_fresh:
            note_failure(attempt)
            raise get_adapter().validation_error("incorrect_code")
        forgive(attempt)
        return code

    def _could_be_guessed(self) -> bool:
        """Whether another of the user's secrets can be read, and the code may have been meant for it."""
        coded = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        return any(is_readable(factor) for factor in coded)

    def _is_fresh(self, code: str) -> bool:
        """Whether the code, however it is typed, comes for the first time. Raises RedisError where only the
        cache could tell."""
        digest = hashlib.sha256(normalize_user_code(code).encode()).hexdigest()
        try:
            return bool(cache.add(f"used-code:{self.user.pk}:{digest}", True, timeout=CODE_SECONDS))
        except RedisError:
            if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
                return True
            raise


class CodeForm(_Once, AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """The code that completes a log-in."""


class CodeAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]
    """The code before something delicate."""


class AppForm(_Coded, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it has the secret."""


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, which the browser makes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["passwordless"].label = _("Log in with this passkey alone, without a password")
        self.fields["passwordless"].help_text = _(
            "The device then asks for a fingerprint, a face or a PIN each time."
        )


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
