"""An inquiry comes in: it is registered with its points, and figures of its day are attached to it."""

import calendar
import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import Action, askers_for, may
from accounts.services.auditing import record
from cities.models import Territory
from indicators.working_days import working_day_from
from programmes.models import FrozenFigure, Inquiry, Programme, Question
from programmes.services.freezing import Wanted, copies_as_of

State = Inquiry.State
CLOSED = {State.APPROVED, State.PUBLISHED}


class InquiryError(Exception):
    """Something that cannot be done to an inquiry; `code` says what, `params` name the particulars."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Letter:
    """What a deputies' inquiry says: in one language, its points in their order."""

    number: str
    date: dt.date
    language: str
    topic: str
    addressees: str
    asker: Organisation
    addressed_to: Sequence[Organisation]
    territory: Territory
    programme: Programme | None
    points: Sequence[str]


def due_on(date: dt.date) -> dt.date:
    """The day by which a letter of the date is to be answered: so many months later, a day off gives way to
    the next working day, and a month that is too short to its last day."""
    years, month = divmod(date.month - 1 + settings.INQUIRY_ANSWER_MONTHS, 12)
    year, month = date.year + years, month + 1
    day = min(date.day, calendar.monthrange(year, month)[1])
    return working_day_from(dt.date(year, month, day))


def register_inquiry(*, letter: Letter, by: User) -> Inquiry:
    """Stores the letter; the first organisation addressed answers until it is given to another.

    `InquiryError`: not_allowed, date_to_come, no_points, nobody_addressed, number_taken.
    """
    _check(letter, by)
    words = {
        f"topic_{letter.language}": letter.topic,
        f"addressees_{letter.language}": letter.addressees,
    }
    try:
        with transaction.atomic():
            inquiry = Inquiry.objects.create(
                code=f"new-{secrets.token_hex(8)}", number=letter.number, date_printed=letter.date,
                language=letter.language, asker=letter.asker, organisation=letter.addressed_to[0],
                territory=letter.territory, programme=letter.programme, state=State.REGISTERED,
                due_on=due_on(letter.date), registered_by=by, registered_at=timezone.now(), **words,
            )  # fmt: skip
            inquiry.code = f"{letter.date.year}-{inquiry.pk}"
            inquiry.save(update_fields=["code"])
            inquiry.addressed_to.set(letter.addressed_to)
            inquiry.territories.set([letter.territory])
            Question.objects.bulk_create(
                Question(inquiry=inquiry, order=order, **{f"text_{letter.language}": text})
                for order, text in enumerate(letter.points, start=1)
            )
            record("inquiry.registered", by=by, **about(inquiry))
    except IntegrityError as error:
        if "inquiry_number_is_given_once_a_year" not in str(error):
            raise
        raise InquiryError("number_taken", number=letter.number, year=letter.date.year) from None
    return inquiry


def _check(letter: Letter, by: User) -> None:
    is_theirs = askers_for(by).filter(pk=letter.asker.pk).exists()
    if not (is_theirs and may(by, Action.REGISTER_INQUIRY, letter.territory)):
        raise InquiryError("not_allowed")
    if letter.date > timezone.localdate():
        raise InquiryError("date_to_come")
    if not letter.points:
        raise InquiryError("no_points")
    if not letter.addressed_to:
        raise InquiryError("nobody_addressed")


def attach_figures(*, inquiry: Inquiry, wanted: Sequence[Wanted], by: User) -> list[FrozenFigure]:
    """Freezes the figures as they were known on the inquiry's date; nothing changes them afterwards.

    `InquiryError`: not_allowed, not_now, foreign_question, foreign_territory, attached_already.
    """
    with transaction.atomic():
        inquiry = locked(inquiry)
        if not may_attach(by, inquiry):
            raise InquiryError("not_allowed")
        if inquiry.state in CLOSED or inquiry.date_printed is None:
            raise InquiryError("not_now", state=inquiry.get_state_display())
        for each in wanted:
            _check_place(inquiry, each)
        copies = copies_as_of(inquiry.date_printed, wanted)
        for copy in copies:
            copy.inquiry, copy.frozen_by = inquiry, by
        try:
            with transaction.atomic():
                FrozenFigure.objects.bulk_create(copies)
        except IntegrityError as error:
            if "figure_is_frozen_once" not in str(error):
                raise
            raise InquiryError("attached_already") from None
        details = {"kpis": [f"{each.kpi.programme.code}:{each.kpi.code}" for each in wanted]}
        record("inquiry.figures", by=by, details=details, **about(inquiry))
    return copies


def may_attach(user: User, inquiry: Inquiry) -> bool:
    """Whether the user may attach figures, on the business of who asks or of who answers."""
    bodies = (inquiry.asker, inquiry.organisation)
    return any(may(user, Action.ATTACH_FIGURES, inquiry.territory, body) for body in bodies)


def _check_place(inquiry: Inquiry, wanted: Wanted) -> None:
    """A KPI is judged in its own territory, in each of its group, or for the group as a whole."""
    if wanted.question is not None and wanted.question.inquiry_id != inquiry.pk:
        raise InquiryError("foreign_question")
    kpi = wanted.kpi
    if kpi.group is None:
        is_its = wanted.territory is not None and wanted.territory.pk == kpi.territory_id
    elif wanted.territory is None:
        is_its = wanted.is_judged
    else:
        is_its = kpi.group.memberships.filter(territory=wanted.territory).exists()
    if not is_its:
        raise InquiryError("foreign_territory", kpi=kpi.name)


def locked(inquiry: Inquiry) -> Inquiry:
    """The inquiry as it is stored, locked for the rest of the transaction."""
    rows = Inquiry.objects.select_for_update(of=("self",)).select_related("organisation", "territory")
    return rows.get(pk=inquiry.pk, document=None)


class About(TypedDict):
    """What every event of an inquiry says."""

    subject: str
    label: str
    organisation: Organisation | None
    territory: Territory | None


def about(inquiry: Inquiry) -> About:
    """The inquiry as the audit trail names it."""
    return {
        "subject": f"inquiry:{inquiry.pk}",
        "label": f"№ {inquiry.number} ({inquiry.date_printed})",
        "organisation": inquiry.organisation,
        "territory": inquiry.territory,
    }
