"""Looking at watched files: what is new becomes an upload of its user, read and waiting for him."""

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from indicators.models import Notice, Upload, WatchedFile
from indicators.services.fetching import Fetched, FetchError, fetched
from indicators.services.uploading import receive_upload
from indicators.services.watching import raise_alarm

MOST_FAILURES = 3
"""A host that is away now and then is no news; so many times running it is."""


def due_files() -> list[WatchedFile]:
    """The watched files that it is time to look at."""
    now = timezone.now()
    return [watch for watch in WatchedFile.objects.filter(is_active=True).order_by("pk") if watch.is_due(now)]


def look_at(pk: int) -> Upload | None:
    """Looks at one watched file if it is due and nobody else does; returns the upload of new content.

    It stays locked while it is fetched: a worker that dies leaves it due, and nothing is received twice.
    """
    with transaction.atomic():
        watches = WatchedFile.objects.select_for_update(of=("self",), skip_locked=True)
        watch = watches.select_related("user", "source", "indicator").filter(pk=pk, is_active=True).first()
        if watch is None or not watch.is_due(timezone.now()):
            return None
        watch.looked_at = timezone.now()
        try:
            with fetched(watch.address, etag=watch.etag, last_modified=watch.last_modified) as found:
                upload = _received(watch, found)
        except FetchError as error:
            _failed(watch, error)
            upload = None
        watch.save()
    return upload


def _received(watch: WatchedFile, found: Fetched | None) -> Upload | None:
    """The upload of the fetched file, unless it is as it was."""
    watch.failures = 0
    if watch.problem and watch.problem["kind"] == Notice.Kind.NOT_REACHED:
        watch.problem = None
    if found is None:
        return None
    watch.etag, watch.last_modified = found.etag, found.last_modified
    if found.sha256 == watch.sha256:
        return None
    watch.sha256 = found.sha256
    file = File(found.file, found.name)
    return receive_upload(
        file=file, user=watch.user, source=watch.source, indicator=watch.indicator, watch=watch
    )


def _failed(watch: WatchedFile, error: FetchError) -> None:
    """Counts the failure; from the third one running it is told."""
    watch.failures += 1
    if watch.failures >= MOST_FAILURES:
        params = {"address": watch.address, **error.params}
        raise_alarm(watch, Notice.Kind.NOT_REACHED, error.code, params)
