"""A reply's way: given to somebody, drafted point by point, returned or approved by another, published."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import Action, answerers_for, may, users_with
from accounts.services.auditing import change, record
from programmes.models import Inquiry
from programmes.services.registering import CLOSED, InquiryError, about, locked
from programmes.services.telling import (
    tell_assigned,
    tell_drafted,
    tell_published,
    tell_returned,
)

State = Inquiry.State
AT_WORK = {State.ASSIGNED, State.RETURNED}


def assign_inquiry(*, inquiry: Inquiry, organisation: Organisation, assignee: User | None, by: User) -> None:
    """Gives the inquiry to an organisation and, if one is named, to one of its people.

    `InquiryError`: not_allowed, not_now, not_an_answerer.
    """
    with transaction.atomic():
        inquiry = _checked(inquiry, by, Action.ASSIGN_INQUIRY)
        if inquiry.state in CLOSED | {State.DRAFTED}:
            raise _not_now(inquiry)
        territory = inquiry.territory
        if territory is None or not answerers_for(by, territory).filter(pk=organisation.pk).exists():
            raise InquiryError("not_allowed")
        people = users_with(Action.ANSWER_INQUIRY, territory, organisation)
        if assignee is not None and not people.filter(pk=assignee.pk).exists():
            raise InquiryError("not_an_answerer", name=str(assignee))
        before = inquiry.organisation
        inquiry.organisation, inquiry.assignee, inquiry.state = organisation, assignee, State.ASSIGNED
        inquiry.save()
        details = {
            "organisation": change(before and before.code, organisation.code),
            "user": change(None, str(assignee) if assignee else None),
        }
        record("inquiry.assigned", by=by, details=details, **about(inquiry))
        tell_assigned(inquiry, {assignee.pk} if assignee else set(people.values_list("pk", flat=True)))


def save_answers(*, inquiry: Inquiry, answers: Mapping[int, str], signatory: str, by: User) -> None:
    """Keeps the answers by the id of their points, in the inquiry's language, and who will sign.

    `InquiryError`: not_allowed, not_now.
    """
    with transaction.atomic():
        inquiry = _at_work(inquiry, by)
        _save(inquiry, answers, signatory, by)
        record("inquiry.answered", by=by, **about(inquiry))


def submit_reply(*, inquiry: Inquiry, answers: Mapping[int, str], signatory: str, by: User) -> None:
    """Keeps the answers and hands the reply in for approval. `InquiryError`: not_allowed, not_now,
    points_unanswered with their numbers."""
    with transaction.atomic():
        inquiry = _at_work(inquiry, by)
        _save(inquiry, answers, signatory, by)
        empty = [
            question.order
            for question in inquiry.questions.order_by("order")
            if not getattr(question, f"answer_{inquiry.language}").strip()
        ]
        if empty:
            raise InquiryError("points_unanswered", points=", ".join(map(str, empty)))
        inquiry.state, inquiry.drafted_by, inquiry.drafted_at = State.DRAFTED, by, timezone.now()
        inquiry.return_reason = ""
        inquiry.save()
        record("inquiry.drafted", by=by, **about(inquiry))
        tell_drafted(inquiry)


def _at_work(inquiry: Inquiry, by: User) -> Inquiry:
    inquiry = _checked(inquiry, by, Action.ANSWER_INQUIRY)
    if inquiry.state not in AT_WORK:
        raise _not_now(inquiry)
    return inquiry


def _save(inquiry: Inquiry, answers: Mapping[int, str], signatory: str, by: User) -> None:
    name = f"answer_{inquiry.language}"
    for question in inquiry.questions.filter(pk__in=answers):
        text = answers[question.pk].strip()
        if text != getattr(question, name):
            setattr(question, name, text)
            question.answered_by = by
            question.save(update_fields=[name, "answered_by"])
    setattr(inquiry, f"replied_by_{inquiry.language}", signatory.strip())
    inquiry.save()


def approve_reply(*, inquiry: Inquiry, by: User) -> None:
    """Approves the reply: somebody who neither drafted it nor wrote any of its answers.

    `InquiryError`: not_allowed, not_now, own_reply.
    """
    with transaction.atomic():
        inquiry = _drafted(inquiry, by)
        if inquiry.drafted_by_id == by.pk or inquiry.questions.filter(answered_by=by).exists():
            raise InquiryError("own_reply")
        inquiry.state, inquiry.approved_by, inquiry.approved_at = State.APPROVED, by, timezone.now()
        inquiry.save()
        record("inquiry.approved", by=by, **about(inquiry))


def return_reply(*, inquiry: Inquiry, reason: str, by: User) -> None:
    """Gives the reply back, saying why, also after it was approved.

    `InquiryError`: not_allowed, not_now, reason_missing.
    """
    with transaction.atomic():
        inquiry = _checked(inquiry, by, Action.APPROVE_INQUIRY)
        if inquiry.state not in {State.DRAFTED, State.APPROVED}:
            raise _not_now(inquiry)
        if not reason.strip():
            raise InquiryError("reason_missing")
        inquiry.state, inquiry.return_reason = State.RETURNED, reason.strip()
        inquiry.approved_by = inquiry.approved_at = None
        inquiry.save()
        record("inquiry.returned", by=by, reason=inquiry.return_reason, **about(inquiry))
        tell_returned(inquiry)


def publish_reply(*, inquiry: Inquiry, by: User) -> None:
    """Makes the inquiry and its reply public. `InquiryError`: not_allowed, not_now."""
    with transaction.atomic():
        inquiry = _checked(inquiry, by, Action.APPROVE_INQUIRY)
        if inquiry.state != State.APPROVED:
            raise _not_now(inquiry)
        inquiry.state, inquiry.replied_on = State.PUBLISHED, timezone.localdate()
        inquiry.save()
        record("inquiry.published", by=by, **about(inquiry))
        tell_published(inquiry)


def _drafted(inquiry: Inquiry, by: User) -> Inquiry:
    inquiry = _checked(inquiry, by, Action.APPROVE_INQUIRY)
    if inquiry.state != State.DRAFTED:
        raise _not_now(inquiry)
    return inquiry


def _checked(inquiry: Inquiry, by: User, action: Action) -> Inquiry:
    inquiry = locked(inquiry)
    if not may(by, action, inquiry.territory, inquiry.organisation):
        raise InquiryError("not_allowed")
    return inquiry


def _not_now(inquiry: Inquiry) -> InquiryError:
    return InquiryError("not_now", state=inquiry.get_state_display())
