"""Encrypts the secrets of second factors anew, with the first of the keys."""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.adapter_mfa import factor_keys
from accounts.services.entering import SECRETS, drop_unreadable_factors


class Command(BaseCommand):
    """After a new key has been put before the old ones: then the old ones may go (docs/settings.md)."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """`--drop-unreadable` where the old keys are lost."""
        told = "remove what no key opens: those who had it set up their second steps again"
        parser.add_argument("--drop-unreadable", action="store_true", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        """All or none; nobody's codes change."""
        with transaction.atomic():
            if options["drop_unreadable"]:
                self.stdout.write(f"{drop_unreadable_factors()} secrets that no key opens were removed.")
            try:
                count = _encrypt_anew()
            except InvalidToken as error:
                raise CommandError(
                    "There are secrets that no key opens, and nothing was changed. Put the key with which "
                    "they were encrypted into MFA_KEYS; where it is lost, remove them by --drop-unreadable."
                ) from error
        self.stdout.write(f"{count} secrets were encrypted with the first key.")


def _encrypt_anew() -> int:
    keys, count = factor_keys(), 0
    for factor in Authenticator.objects.select_for_update().iterator():
        found = {name: factor.data[name] for name in SECRETS if name in factor.data}
        factor.data |= {name: keys.rotate(text.encode()).decode() for name, text in found.items()}
        factor.save(update_fields=["data"])
        count += bool(found)
    return count
