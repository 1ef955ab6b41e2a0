"""Erases what is personal of a user, and says where the name still stands."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from portal.services.erasing import ErasureError, erase_user, words_of
from portal.services.tracing import find_traces


class Command(BaseCommand):
    """`manage.py erase_user someone@akimat.example --reason "..."`"""

    help = (
        "Erases name, e-mail address, keys, sessions, notices of a user; looks where the name still stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and why; `--look` erases nothing."""
        parser.add_argument("email", help="the user's e-mail address")
        parser.add_argument("--reason", default="", help="kept in the audit trail; name nobody in it")
        parser.add_argument("--look", action="store_true", help="only look where the name stands")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erases, and prints each table and column that is left for a person to decide about."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("There is no user with this e-mail address.")
        words = words_of(user)
        if not options["look"]:
            try:
                erase_user(user=user, by=None, reason=options["reason"])
            except ErasureError as error:
                raise CommandError(
                    "Say why: --reason." if error.code == "reason_required" else error.code
                ) from error
            self.stdout.write(f"Erased: the user is number {user.pk} from now on.")
        traces = find_traces(words)
        for trace in traces:
            self.stdout.write(f"{trace.table}.{trace.column}: {trace.rows} rows")
        if not traces:
            self.stdout.write("Nothing in the database names the person.")
