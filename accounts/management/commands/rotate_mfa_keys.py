"""Encrypts the secrets of second factors anew, with the first of the keys."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.adapter_mfa import factor_keys

SECRETS = ("secret", "seed")


class Command(BaseCommand):
    """After a new key has been put before the old ones: then the old ones may go (docs/settings.md)."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """All or none; nobody's codes change."""
        keys, count = factor_keys(), 0
        with transaction.atomic():
            for factor in Authenticator.objects.select_for_update().iterator():
                found = {name: factor.data[name] for name in SECRETS if name in factor.data}
                factor.data |= {name: keys.rotate(text.encode()).decode() for name, text in found.items()}
                factor.save(update_fields=["data"])
                count += bool(found)
        self.stdout.write(f"{count} secrets were encrypted with the first key.")
