"""An inquiry's way from the coordinator's desk to everybody's."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, Mandate, Organisation, User
from cities.models import Territory
from indicators.models import Notice
from programmes.answers import reply_context
from programmes.models import Inquiry, Kpi
from programmes.services.registering import InquiryError
from programmes.services.replying import (
    approve_reply,
    assign_inquiry,
    publish_reply,
    return_reply,
    save_answers,
    submit_reply,
)
from tests.programmes.inquiries.conftest import Registers

pytestmark = pytest.mark.django_db
State = Inquiry.State
Users = Callable[[str], User]


@pytest.fixture
def akimat() -> Organisation:
    return Organisation.objects.get(code="demo-akimat")


@pytest.fixture
def assigned(registered: Registers, user: Users, akimat: Organisation) -> Inquiry:
    inquiry = registered()
    assign_inquiry(
        inquiry=inquiry, organisation=akimat, assignee=user("almaty.analyst"), by=user("coordinator")
    )
    inquiry.refresh_from_db()
    return inquiry


@pytest.fixture
def drafted(assigned: Inquiry, user: Users) -> Inquiry:
    submit_reply(
        inquiry=assigned, answers=answers(assigned), signatory="Заместитель акима",
        by=user("almaty.analyst"),
    )  # fmt: skip
    assigned.refresh_from_db()
    return assigned


def answers(inquiry: Inquiry, text: str = "Ответ") -> dict[int, str]:
    return {question.pk: f"{text} {question.order}" for question in inquiry.questions.all()}


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("user__email", flat=True))


def test_it_goes_all_the_way_and_each_step_is_told_and_recorded(drafted: Inquiry, user: Users) -> None:
    approve_reply(inquiry=drafted, by=user("approver"))
    publish_reply(inquiry=drafted, by=user("approver"))
    drafted.refresh_from_db()
    assert drafted.state == State.PUBLISHED
    assert drafted.replied_on is not None
    assert [question.answer_ru for question in drafted.questions.all()] == ["Ответ 1", "Ответ 2"]
    assert drafted.replied_by_ru == "Заместитель акима"
    assert told("inquiry_assigned") == {user("almaty.analyst").email}
    assert told("inquiry_drafted") == {user("approver").email}
    assert told("inquiry_answered") == {user("deputy").email}
    actions = AuditEvent.objects.filter(subject=f"inquiry:{drafted.pk}").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "inquiry.registered", "inquiry.assigned", "inquiry.drafted", "inquiry.approved", "inquiry.published",
    ]  # fmt: skip


def test_without_a_name_everybody_who_may_answer_is_told(
    registered: Registers, user: Users, akimat: Organisation
) -> None:
    assign_inquiry(inquiry=registered(), organisation=akimat, assignee=None, by=user("coordinator"))
    assert {user("almaty.analyst").email, user("analyst").email} <= told("inquiry_assigned")


def test_the_head_of_the_organisation_may_assign_its_own_people_only(
    registered: Registers, user: Users, akimat: Organisation
) -> None:
    inquiry = registered()
    head = User.objects.create_user("head@bagdar.example", None)
    almaty = Territory.objects.get(code="almaty")
    Mandate.objects.create(user=head, role="approver", organisation=akimat, territory=almaty)
    assign_inquiry(inquiry=inquiry, organisation=akimat, assignee=user("almaty.analyst"), by=head)
    for organisation, person, code in [
        (Organisation.objects.get(code="demo-ministry"), None, "not_allowed"),
        (akimat, user("deputy"), "not_an_answerer"),
    ]:
        with pytest.raises(InquiryError) as refused:
            assign_inquiry(inquiry=inquiry, organisation=organisation, assignee=person, by=head)
        assert refused.value.code == code


def test_an_answer_may_be_saved_piece_by_piece(assigned: Inquiry, user: Users) -> None:
    first = assigned.questions.get(order=1)
    save_answers(inquiry=assigned, answers={first.pk: "начало"}, signatory="", by=user("almaty.analyst"))
    first.refresh_from_db()
    assert (first.answer_ru, first.answered_by) == ("начало", user("almaty.analyst"))
    assert assigned.state == State.ASSIGNED


def test_points_without_an_answer_are_named(assigned: Inquiry, user: Users) -> None:
    first = assigned.questions.get(order=1)
    with pytest.raises(InquiryError) as refused:
        submit_reply(inquiry=assigned, answers={first.pk: "да"}, signatory="", by=user("almaty.analyst"))
    assert (refused.value.code, refused.value.params) == ("points_unanswered", {"points": "2"})


def test_whoever_wrote_a_word_of_it_does_not_approve_it(assigned: Inquiry, user: Users) -> None:
    first, second = assigned.questions.order_by("order")
    save_answers(inquiry=assigned, answers={first.pk: "моё"}, signatory="", by=user("approver"))
    submit_reply(inquiry=assigned, answers={second.pk: "чужое"}, signatory="", by=user("almaty.analyst"))
    with pytest.raises(InquiryError) as refused:
        approve_reply(inquiry=assigned, by=user("approver"))
    assert refused.value.code == "own_reply"
    assert told("inquiry_drafted") == set()


def test_postgresql_refuses_an_approval_by_the_drafter(drafted: Inquiry, user: Users) -> None:
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        Inquiry.objects.filter(pk=drafted.pk).update(approved_by=user("almaty.analyst"), state="approved")


def test_it_is_returned_with_a_reason_and_handed_in_again(drafted: Inquiry, user: Users) -> None:
    with pytest.raises(InquiryError, match="reason_missing"):
        return_reply(inquiry=drafted, reason=" ", by=user("approver"))
    return_reply(inquiry=drafted, reason="нет цифр", by=user("approver"))
    drafted.refresh_from_db()
    assert (drafted.state, drafted.return_reason) == (State.RETURNED, "нет цифр")
    assert told("inquiry_returned") == {user("almaty.analyst").email}
    submit_reply(inquiry=drafted, answers=answers(drafted), signatory="", by=user("almaty.analyst"))
    approve_reply(inquiry=drafted, by=user("approver"))
    return_reply(inquiry=drafted, reason="ещё раз", by=user("approver"))
    drafted.refresh_from_db()
    assert (drafted.state, drafted.approved_by) == (State.RETURNED, None)


@pytest.mark.parametrize("step", ["assign", "save", "submit", "approve", "return", "publish", "attach"])
def test_nothing_is_done_out_of_turn(
    drafted: Inquiry, user: Users, akimat: Organisation, neet: Kpi, freeze: Callable[[Inquiry, Kpi], None],
    step: str,
) -> None:  # fmt: skip
    approve_reply(inquiry=drafted, by=user("approver"))
    if step == "publish":
        publish_reply(inquiry=drafted, by=user("approver"))
    analyst, approver = user("almaty.analyst"), user("approver")
    if step == "return":
        publish_reply(inquiry=drafted, by=approver)
    steps: dict[str, Callable[[], object]] = {
        "assign": lambda: assign_inquiry(
            inquiry=drafted, organisation=akimat, assignee=None, by=user("coordinator")
        ),
        "save": lambda: save_answers(inquiry=drafted, answers={}, signatory="", by=analyst),
        "submit": lambda: submit_reply(inquiry=drafted, answers={}, signatory="", by=analyst),
        "approve": lambda: approve_reply(inquiry=drafted, by=approver),
        "return": lambda: return_reply(inquiry=drafted, reason="нет", by=approver),
        "publish": lambda: publish_reply(inquiry=drafted, by=approver),
        "attach": lambda: freeze(drafted, neet),
    }
    with pytest.raises(InquiryError) as refused:
        steps[step]()
    assert refused.value.code == "not_now"


@pytest.mark.parametrize("name", ["deputy", "coordinator", "administrator"])
def test_who_does_not_answer_neither_drafts_nor_decides(assigned: Inquiry, user: Users, name: str) -> None:
    steps: list[Callable[[], None]] = [
        lambda: save_answers(inquiry=assigned, answers={}, signatory="", by=user(name)),
        lambda: approve_reply(inquiry=assigned, by=user(name)),
        lambda: publish_reply(inquiry=assigned, by=user(name)),
    ]
    for step in steps:
        with pytest.raises(InquiryError) as refused:
            step()
        assert refused.value.code == "not_allowed"


def test_the_reply_is_in_the_language_of_the_letter_with_its_sources(
    drafted: Inquiry, neet: Kpi, freeze: Callable[[Inquiry, Kpi], None]
) -> None:
    freeze(drafted, neet)
    reply = reply_context(drafted)
    assert (reply.language, reply.number, reply.is_draft) == ("ru", "ДС-12", True)
    assert [(point.number, point.answer) for point in reply.points] == [(1, "Ответ 1"), (2, "Ответ 2")]
    figure = reply.figures[0]
    assert figure.kpi == neet.name_ru
    assert "," in figure.actual or figure.actual[0].isdigit()
    assert figure.chart is not None
    assert len(figure.chart.rows) >= 2
    texts = {note.number: note.text for note in reply.footnotes}
    assert set(figure.notes) <= set(texts)
    assert figure.frozen.source is not None
    assert texts[figure.notes[0]].startswith(figure.frozen.source.name_ru)
    assert any("1" in texts[number] for number in figure.notes[1:])


def test_a_reply_that_a_document_holds_has_its_places_as_footnotes() -> None:
    reply = reply_context(Inquiry.objects.get(code="ds-275"))
    assert not reply.is_draft
    assert len(reply.points) == 4
    assert reply.footnotes


def test_a_reply_takes_as_many_queries_however_long_it_is(
    drafted: Inquiry, neet: Kpi, freeze: Callable[[Inquiry, Kpi], None],
    django_assert_max_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    for kpi in Kpi.objects.filter(programme__code="almaty-2025", territory=neet.territory)[:6]:
        freeze(drafted, kpi)
    inquiry = Inquiry.objects.get(pk=drafted.pk)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert len(reply_context(inquiry).figures) == 6
