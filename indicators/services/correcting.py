"""What people correct and explain of an upload is stored, and the file read again; one transaction each."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import transaction

from accounts.models import User
from accounts.services.auditing import change, record
from indicators.models import LearntName, Source, TableMapping, Upload
from indicators.services.learning import learn_names
from indicators.services.uploading import UploadError, about, read_again

State = Upload.State
Changes = Mapping[str, Mapping[str, Any]]


class Facts(NamedTuple):
    """What holds for the whole upload."""

    source: Source
    released_on: dt.date | None


def correct_upload(*, upload: Upload, seen: dt.datetime, facts: Facts, changes: Changes, by: User) -> Upload:
    """Stores corrections to the tables of an upload by their position, and has the file read again.

    `seen` is `changed_at` of what the person looked at: if a colleague has changed the upload since,
    `UploadError` is raised and nothing is stored. The same correction sent twice is stored once.
    """
    with transaction.atomic():
        upload = _locked(upload)
        corrections = _merged(upload.corrections, changes)
        before = (upload.corrections, upload.source_id, upload.released_on)
        if before == (corrections, facts.source.pk, facts.released_on) and upload.changed_at != seen:
            return upload
        if upload.changed_at != seen:
            raise UploadError("changed_meanwhile")
        upload.corrections, upload.source, upload.released_on = corrections, *facts
        upload.save()
        record("upload.mapped", by=by, details={"corrections": changes}, **about(upload))
        return _read_again(upload)


def explain_names(
    *, upload: Upload, names: list[tuple[str, str, str]], conversions: Changes, by: User
) -> Upload:
    """Remembers names that an upload uses, and which of its units are to be converted; reads it again.

    `names` are (kind, text, code), `conversions` the units' codes by the position of the table, under the key
    `convert`. Raises `LearningError` or `UploadError`; then nothing is remembered.
    """
    with transaction.atomic():
        upload = _locked(upload)
        learnt = learn_names(names, by=by)
        upload.corrections = _merged(upload.corrections, conversions)
        upload.save()
        details = {name.text: name.code for name in learnt}
        record("name.learnt", by=by, details=details, **about(upload))
        return _read_again(upload)


def forget(*, upload: Upload, what: LearntName | TableMapping, by: User) -> Upload:
    """Undoes what was learnt, for every later file; an upload that is not confirmed yet is read again."""
    with transaction.atomic():
        upload = _locked(upload)
        record("name.forgotten", by=by, details={"forgotten": change(str(what), None)}, **about(upload))
        what.delete()
        return _read_again(upload) if upload.state in {State.PREVIEWED, State.FAILED} else upload


def _locked(upload: Upload) -> Upload:
    """The upload, locked for a person, who does not wait for a worker that holds it."""
    uploads = Upload.objects.select_for_update(of=("self",), skip_locked=True)
    found = uploads.filter(pk=upload.pk).first()
    if found is None:
        raise UploadError("busy")
    return found


def _read_again(upload: Upload) -> Upload:
    """Has it read again, unless no worker has begun to read it anyway."""
    return upload if upload.state == State.RECEIVED else read_again(upload=upload, indicator=None)


def _merged(corrections: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Earlier corrections with the changes over them, columns one by one."""
    merged = dict(corrections)
    for position, changed in changes.items():
        if not changed:
            continue
        before = merged.get(position, {})
        columns = {**before.get("columns", {}), **changed.get("columns", {})}
        merged[position] = {**before, **changed, **({"columns": columns} if columns else {})}
    return merged
