"""Tells those whom an inquiry concerns how far it is."""

from collections.abc import Collection

from django.db.models import Q

from accounts.permissions import Action, users_with
from indicators.models import Notice
from indicators.services.notifying import notify, page
from programmes.models import Inquiry

Kind = Notice.Kind


def tell_assigned(inquiry: Inquiry, users: Collection[int]) -> None:
    """Tells those who may draft the reply that it is asked of them."""
    _tell(Kind.INQUIRY_ASSIGNED, inquiry, users)


def tell_drafted(inquiry: Inquiry) -> None:
    """Tells those who may approve the reply that it waits for them; who wrote it may not."""
    if inquiry.territory is None or inquiry.organisation is None:
        return
    wrote = Q(pk=inquiry.drafted_by_id) | Q(pk__in=inquiry.questions.values("answered_by"))
    users = users_with(Action.APPROVE_INQUIRY, inquiry.territory, inquiry.organisation).exclude(wrote)
    _tell(Kind.INQUIRY_DRAFTED, inquiry, users.values_list("pk", flat=True))


def tell_returned(inquiry: Inquiry) -> None:
    """Tells who drafted the reply that it came back, and why."""
    _tell(Kind.INQUIRY_RETURNED, inquiry, [inquiry.drafted_by_id], reason=inquiry.return_reason)


def tell_published(inquiry: Inquiry) -> None:
    """Tells who registered the inquiry that it is answered."""
    _tell(Kind.INQUIRY_ANSWERED, inquiry, [inquiry.registered_by_id])


def _tell(kind: Kind, inquiry: Inquiry, users: Collection[int | None], **params: object) -> None:
    """Once for each event of the trail: somebody to whom it is given twice is told twice."""
    due = inquiry.due_on.isoformat() if inquiry.due_on else ""
    moments = (inquiry.assignee_id, inquiry.organisation_id, inquiry.drafted_at, inquiry.replied_on)
    notify(
        kind,
        users=[user for user in users if user is not None],
        key=f"{inquiry.pk}:{':'.join(map(str, moments))}",
        params={"number": inquiry.number, "topic": inquiry.topic, "due": due, **params},
        path=page("programmes:inquiry-detail", inquiry.code),
    )
