"""Makes a database ready to be read: data, progress, search, demonstration users; safe at every start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Organisation
from accounts.services.demonstrating import create_demonstration_users
from indicators.models import Source
from indicators.services.publishing import PublishingPausedError
from portal.services.indexing import refresh_search
from portal.services.noting import note_standings
from programmes import packages
from programmes.models import Programme, ProgressRun
from programmes.services.checking_quality import check_quality, check_touched
from programmes.services.forming import create_annual_form, create_forms
from programmes.services.recomputing import drain_outbox
from programmes.services.running import recompute_everything


class Command(BaseCommand):
    """`manage.py prepare`"""

    help = "Loads the programmes and statistics, computes progress, creates demonstration users."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--no-demonstration` for a real installation."""
        parser.add_argument("--no-demonstration", action="store_true", help="create no demonstration users")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads what changed, computes what is due, prints the passwords of users that are new."""
        is_due = not (self._is_loaded_already() and self._is_computed_today())
        if is_due:
            recompute_everything()
        drain_outbox()
        if is_due:
            check_quality()
        check_touched()
        note_standings()
        refresh_search()
        if not options["no_demonstration"]:
            self._demonstrate()

    def _is_loaded_already(self) -> bool:
        """Loads the files if they have changed. While publishing is paused they wait for the next start."""
        try:
            return packages.load(settings.DATA_DIR).is_skipped
        except packages.PackageError as error:
            raise CommandError(str(error)) from error
        except PublishingPausedError as error:
            self.stderr.write(f"Publishing is paused ({error}): the files' figures wait for the next start.")
            return True

    def _is_computed_today(self) -> bool:
        last = ProgressRun.objects.filter(state=ProgressRun.State.DONE).first()
        return last is not None and timezone.localdate(last.started_at) == timezone.localdate()

    def _demonstrate(self) -> None:
        passwords = create_demonstration_users()
        akimat = Organisation.objects.get(code="demo-akimat")
        create_annual_form(
            programme=Programme.objects.get(code="almaty-2025"),
            organisation=akimat,
            source=Source.objects.get(code="akimat-almaty"),
        )
        monotowns = Programme.objects.get(code="monotowns-2012-2020")
        create_forms(programme=monotowns, organisation=akimat, data=settings.DATA_DIR)
        if passwords:
            self.stdout.write("Demonstration users (these passwords are shown only once):")
            for email, password in passwords.items():
                self.stdout.write(f"  {email:32} {password}")
