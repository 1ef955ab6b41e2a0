"""A person says why a finding of data quality is right as it is, or takes that back."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Action, may
from programmes.models import QualityFinding


class AcknowledgementError(Exception):
    """The finding cannot be acknowledged so: `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def acknowledge_finding(*, finding: QualityFinding, by: User, reason: str, signature: str) -> None:
    """Acknowledges the finding for the figures of the signature.

    `AcknowledgementError`: not_allowed, reason_missing; changed, if its figures are no longer those that the
    person saw.
    """
    locked = _locked(finding, by)
    if not reason.strip():
        raise AcknowledgementError("reason_missing")
    if locked.gone_at is not None or locked.signature != signature:
        raise AcknowledgementError("changed")
    locked.acknowledged_by, locked.acknowledged_at = by, timezone.now()
    locked.acknowledged_reason, locked.acknowledged_signature = reason.strip(), locked.signature
    locked.save()


@transaction.atomic
def withdraw_acknowledgement(*, finding: QualityFinding, by: User) -> None:
    """Opens the finding again; one that is no longer found goes. `AcknowledgementError`: not_allowed."""
    locked = _locked(finding, by)
    if locked.gone_at is not None:
        locked.delete()
        return
    locked.acknowledged_by = locked.acknowledged_at = None
    locked.acknowledged_reason = locked.acknowledged_signature = ""
    locked.save()


def _locked(finding: QualityFinding, by: User) -> QualityFinding:
    if not may(by, Action.ACKNOWLEDGE, finding.territory):
        raise AcknowledgementError("not_allowed")
    return QualityFinding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
