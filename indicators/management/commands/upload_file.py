"""Sends a file in from the command line: the same way as on the pages, in the name of a user.

    manage.py upload_file PATH --user EMAIL --source CODE
        [--indicator CODE] [--reason TEXT] [--confirm] [--wait]

Exit status: 0 done, 1 the file or the command cannot be used, 3 it waits for a person (a cell is rejected, or
published figures would change without a reason).
"""

import time
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from indicators.forms import UploadRequestForm
from indicators.messages import failure
from indicators.models import Upload
from indicators.services.uploading import apply_upload, preview_upload, receive_upload
from indicators.tasks import process, published

PAUSE = 0.5
WAITS_FOR_A_PERSON = 3
State = Upload.State


class Command(BaseCommand):
    """Sends a file in as an upload."""

    help = "Sends a table in as an upload of the user, as the page does."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the page asks for."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--user", required=True, metavar="EMAIL", help="in whose name")
        parser.add_argument("--source", required=True, metavar="CODE", help="who says so")
        parser.add_argument("--indicator", default="", metavar="CODE", help="left out, it is recognised")
        parser.add_argument("--reason", default="", help="why published figures change")
        parser.add_argument("--confirm", action="store_true", help="publish unless a cell is rejected")
        parser.add_argument("--wait", action="store_true", help="until it is read, and published")

    def handle(self, *args: Any, **options: Any) -> None:
        """Receives the file; with --wait takes it to its end, together with the workers."""
        with override("en"):
            self._take_in(**options)

    def _take_in(self, **options: Any) -> None:
        upload = self._receive(**options)
        self.stdout.write(f"Upload {upload.pk}: {upload.file_name}, SHA-256 {upload.sha256}")
        if not options["wait"]:
            return
        while upload.is_waiting:
            self._advance(upload)
            upload.refresh_from_db()
        for kind, count in upload.counts.items():
            if isinstance(count, int):
                self.stdout.write(f"{kind}: {count}")
        self._conclude(upload, confirm=options["confirm"])

    def _receive(self, path: Path, user: str, **options: Any) -> Upload:
        sender = User.objects.filter(email=user).first()
        if sender is None:
            raise CommandError(f"There is no user {user}.")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open("rb") as stream:
            form = UploadRequestForm(sender, options, {"file": File(stream, path.name)})
            if not form.is_valid():
                flaws = (f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
                raise CommandError("\n".join(flaws))
            fields = form.cleaned_data
            with transaction.atomic():
                upload = receive_upload(
                    file=fields["file"], user=sender, source=fields["source"],
                    indicator=fields["indicator"], reason=fields["reason"], confirms_itself=fields["confirm"],
                )  # fmt: skip
                transaction.on_commit(lambda: process(upload))
        return upload

    def _advance(self, upload: Upload) -> None:
        """Takes the next step itself, unless a worker has it: then it waits a little."""
        if upload.state == State.RECEIVED:
            is_done = preview_upload(upload.pk)
        else:
            is_done = apply_upload(upload.pk) is not None
            if is_done:
                published()
        if not is_done:
            time.sleep(PAUSE)

    def _conclude(self, upload: Upload, *, confirm: bool) -> None:
        if upload.state == State.FAILED:
            reason = upload.failure or {}
            raise CommandError(failure(reason["code"], reason["params"]))
        changes = upload.counts.get("new", 0) + upload.counts.get("changed", 0)
        if confirm and upload.state == State.PREVIEWED and (changes or upload.counts.get("rejected")):
            message = "It waits to be confirmed: look at it on its page."
            raise CommandError(message, returncode=WAITS_FOR_A_PERSON)
        self.stdout.write(self.style.SUCCESS(f"State: {upload.state}"))
