"""How allauth keeps second factors here: encrypted, named in the portal's languages."""

import base64
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import must_have_second_factor


def factor_keys() -> MultiFernet:
    """The keys of the secrets: the first encrypts, all decrypt. Made of MFA_KEYS, else of SECRET_KEY."""
    texts: list[str | bytes] = [*settings.MFA_KEYS] or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_key(str(text)) for text in texts])


def _key(text: str) -> Fernet:
    made = HKDF(SHA256(), length=32, salt=None, info=b"bagdar second factors").derive(text.encode())
    return Fernet(base64.urlsafe_b64encode(made))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc] # it has no types
    """Secrets are encrypted; who must have a second factor keeps one."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "You may approve or administer, and this is your only second step: add another one first."
        ),
        "cannot_generate_recovery_codes": _("There are recovery codes only beside an app or a passkey."),
        "incorrect_code": _("This is not the right code. Codes change every half minute: try the next one."),
        "codes_away": _("Codes of apps cannot be checked at the moment: use a passkey, or try again soon."),
        "codes_unreadable": _(
            "Your codes cannot be checked any more, because the portal has lost the key to them: "
            "use a passkey, or ask an administrator to remove your second steps."
        ),
        "unverified_email": _("Your e-mail address has not been confirmed yet."),
    }

    def encrypt(self, text: str) -> str:
        """The text as it is stored."""
        return factor_keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text that was stored. Raises InvalidToken where no key is the right one."""
        return factor_keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether the user may be without it."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            return True
        return not must_have_second_factor(authenticator.user)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """A name for a passkey until its owner gives it another."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)
