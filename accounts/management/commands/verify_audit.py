"""Proves that the audit trail is intact, or names the first broken link."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.verifying import Fault, verify_audit


def sha256(text: str) -> str:
    """A SHA-256 in hexadecimal digits."""
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise ArgumentTypeError("a hash has 64 hexadecimal digits")
    return text


class Command(BaseCommand):
    """`manage.py verify_audit`; exit code 1 where something is broken."""

    help = "Proves that the audit trail is intact, or names the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--since` for the new events only, `--head` against a trail cut off at its end."""
        parser.add_argument("--since", type=int, default=1, help="number of the first event to verify")
        parser.add_argument("--head", type=sha256, help="hash of the last event, as noted earlier")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verifies and prints how many events there are and the hash to note."""
        verdict = verify_audit(since=options["since"], head=options["head"])
        if verdict.fault:
            raise CommandError(f"The audit trail is broken. {described(verdict.fault)}")
        self.stdout.write(f"{verdict.count} events are intact. Hash of the last one:")
        self.stdout.write(verdict.head)


def described(fault: Fault) -> str:
    """The place and what is wrong with it."""
    place = "" if fault.number is None else f"Event {fault.number}"
    if fault.at is not None:
        place = f"{place or 'An event without a number'} of {fault.at.isoformat()}"
    return f"{place}: {fault.what}." if place else f"{fault.what.capitalize()}."
