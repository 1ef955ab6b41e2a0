"""The audit trail is written here: who did what to what, from where and why (docs/audit.md)."""

from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import override

from accounts.audit_actions import ACTIONS_ON_MODELS
from accounts.models import AuditEvent, Organisation, User
from accounts.origin import Origin, current_origin
from cities.models import Territory
from common.admin_changes import Change, name_of


class Circumstances(TypedDict, total=False):
    """What may be said of an event beside who did what.

    `organisation` and `territory` say whose business it is, and so who may read about it. `details` is a
    JSON object; a member made by `change` is shown as old → new. `origin` only where it is not the
    present request, command or job.
    """

    organisation: Organisation | None
    territory: Territory | None
    reason: str
    details: dict[str, Any] | None
    origin: Origin | None


def change(old: object, new: object) -> dict[str, object]:
    """A member of an event's details: what something was and what it is now, None for nothing."""
    return {"old": old, "new": new}


def event(
    action: str, *, subject: str, label: str, by: User | None, **circumstances: Unpack[Circumstances]
) -> AuditEvent:
    """An event for `record_all`: the code of the action, a stable reference to what it was done to
    (`report:12`), its name for people, and who did it (None: nobody, a job on its own)."""
    origin = circumstances.get("origin") or current_origin()
    return AuditEvent(
        action=action,
        subject=subject,
        label=label,
        user=by,
        organisation=circumstances.get("organisation"),
        territory=circumstances.get("territory"),
        reason=circumstances.get("reason", ""),
        details=circumstances.get("details") or {},
        channel=origin.channel,
        address=origin.address,
    )


def record(
    action: str, *, subject: str, label: str, by: User | None, **circumstances: Unpack[Circumstances]
) -> None:
    """Writes one event, in the caller's transaction: it is kept if what it tells of is kept."""
    event(action, subject=subject, label=label, by=by, **circumstances).save(force_insert=True)


def record_all(events: Iterable[AuditEvent]) -> None:
    """Writes several events, in their order."""
    AuditEvent.objects.bulk_create(events, batch_size=1_000)


def record_admin_changes(*, request: HttpRequest, changes: list[Change], **_signal: object) -> None:
    """Records what a user of the administration changed, an event for each row."""
    with override(settings.LANGUAGE_CODE):  # the trail is in the state's language, whoever writes it
        record_all([_admin_event(each, request.user) for each in changes])


def _admin_event(changed: Change, by: Any) -> AuditEvent:
    row, model = changed.row, str(changed.row._meta.model_name)
    return event(
        ACTIONS_ON_MODELS.get(model, "admin.changed"),
        subject=f"{model}:{changed.key}",
        label=f"{model}: {name_of(row)}",
        by=by,
        organisation=row if isinstance(row, Organisation) else getattr(row, "organisation", None),
        territory=row if isinstance(row, Territory) else getattr(row, "territory", None),
        details={name: change(old, new) for name, (old, new) in changed.fields.items()},
    )
