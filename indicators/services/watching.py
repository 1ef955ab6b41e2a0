"""What is known of a watched file from its uploads: whether its layout is still that which was published."""

from indicators.models import Notice, Upload, WatchedFile
from indicators.services.notifying import tell_watch

Kind = Notice.Kind


def shapes_of(upload: Upload) -> list[str]:
    """The fingerprints of the tables that were recognised in it, each once."""
    return sorted({table["fingerprint"] for table in upload.recognised})


def judge_reading(upload: Upload) -> None:
    """After an upload was read: if its file is watched and no table any more, or another one, an alarm."""
    watch = WatchedFile.objects.select_for_update(of=("self",)).filter(uploads=upload).first()
    if watch is None:
        return
    if upload.state == Upload.State.FAILED:
        reason = upload.failure or {}
        raise_alarm(watch, Kind.LAYOUT_CHANGED, reason["code"], reason["params"], upload)
    elif watch.fingerprints and shapes_of(upload) != watch.fingerprints:
        raise_alarm(watch, Kind.LAYOUT_CHANGED, "layout_changed", {}, upload)
    elif watch.problem and watch.problem["kind"] == Kind.LAYOUT_CHANGED:
        watch.problem = None
        watch.save(update_fields=["problem"])


def remember_shapes(upload: Upload) -> None:
    """After it was published: what a watched file looks like in it is right from now on."""
    WatchedFile.objects.filter(uploads=upload).update(fingerprints=shapes_of(upload), problem=None)


def raise_alarm(
    watch: WatchedFile,
    kind: Notice.Kind,
    code: str,
    params: dict[str, object],
    upload: Upload | None = None,
) -> None:
    """Keeps what is wrong with the file, and tells for whom it is watched."""
    watch.problem = {
        "kind": kind.value, "code": code, "params": params, "upload": upload.pk if upload else None,
    }  # fmt: skip
    watch.save(update_fields=["problem"])
    tell_watch(watch, kind, upload)
