"""Registering an inquiry, and the figures that are frozen with it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as config
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Organisation, User
from cities.models import Territory
from indicators.models import Breakdown
from indicators.periods import Period
from programmes.later import later_figures
from programmes.models import FrozenFigure, GroupStanding, Inquiry, Kpi, LoadedPackage, Standing
from programmes.packages.loading import load
from programmes.services.freezing import Wanted
from programmes.services.recomputing import recompute
from programmes.services.registering import (
    InquiryError,
    Letter,
    attach_figures,
    due_on,
    register_inquiry,
)
from tests.programmes.inquiries.conftest import MARCH, Registers, put

pytestmark = pytest.mark.django_db
Freezes = Callable[[Inquiry, Kpi], None]


def test_it_is_stored_with_its_points_and_its_day(registered: Registers) -> None:
    inquiry = registered()
    assert inquiry.state == Inquiry.State.REGISTERED
    assert inquiry.due_on == dt.date(2026, 4, 2)
    assert [question.text_ru for question in inquiry.questions.all()] == [
        "Почему доля NEET не снижается?",
        "Какие меры приняты?",
    ]
    assert inquiry.organisation == Organisation.objects.get(code="demo-akimat")
    event = AuditEvent.objects.get(action="inquiry.registered")
    assert event.subject == f"inquiry:{inquiry.pk}"
    assert event.territory == inquiry.territory


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 3, 2), dt.date(2026, 4, 2)),
        (dt.date(2026, 1, 31), dt.date(2026, 3, 2)),  # the last of February is a Saturday
        (dt.date(2026, 4, 9), dt.date(2026, 5, 12)),  # Victory Day on a Saturday moves to Monday
        (dt.date(2026, 11, 21), dt.date(2026, 12, 21)),
    ],
)
def test_it_is_due_a_month_later_on_a_working_day(day: dt.date, expected: dt.date) -> None:
    assert due_on(day) == expected


def test_the_months_are_a_setting(settings: Any) -> None:
    settings.INQUIRY_ANSWER_MONTHS = 2
    assert due_on(dt.date(2026, 11, 16)) == dt.date(2027, 1, 18)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"date": dt.date(2126, 1, 1)}, "date_to_come"),
        ({"points": []}, "no_points"),
        ({"addressed_to": []}, "nobody_addressed"),
    ],
)
def test_it_refuses_a_letter_that_cannot_be(
    registered: Registers, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(InquiryError) as refused:
        registered(**changes)
    assert refused.value.code == code
    assert not Inquiry.objects.filter(document=None).exists()


def test_it_refuses_a_number_twice_in_a_year_in_any_case(registered: Registers) -> None:
    registered()
    with pytest.raises(InquiryError) as refused:
        registered(number="дс-12", date=MARCH + dt.timedelta(days=9))
    assert refused.value.code == "number_taken"
    registered(date=dt.date(2025, 3, 3))
    registered(number="ДС-13")


def test_nobody_asks_in_a_foreign_name_or_of_a_foreign_place(
    letter: Letter, registered: Registers, user: Callable[[str], User]
) -> None:
    with pytest.raises(InquiryError):
        registered(territory=Territory.objects.get(code="astana"))
    with pytest.raises(InquiryError):
        registered(asker=Organisation.objects.get(code="demo-ministry"))
    with pytest.raises(InquiryError):
        register_inquiry(letter=letter, by=user("analyst"))
    register_inquiry(letter=letter, by=user("coordinator"))


def test_hostile_words_are_kept_as_they_are(registered: Registers) -> None:
    text = "<script>alert(1)</script> =HYPERLINK() '; DROP TABLE x; --"
    inquiry = registered(topic=text, points=[text])
    inquiry.refresh_from_db()
    assert inquiry.topic_ru == text
    assert inquiry.questions.get().text_ru == text


def test_a_figure_is_frozen_as_it_was_known_on_the_day_of_the_letter(
    registered: Registers, freeze: Freezes, neet: Kpi
) -> None:
    put(neet, 2024, "9.9")
    recompute([neet.pk])
    inquiry = registered()
    freeze(inquiry, neet)
    frozen = inquiry.figures.get()
    assert Standing.objects.get(kpi=neet).actual == 9.9
    assert frozen.as_of == MARCH
    assert frozen.actual is not None
    assert frozen.actual != Decimal("9.9")
    assert frozen.period_start != dt.date(2024, 1, 1)
    assert frozen.revision is not None
    assert frozen.revision.value == frozen.actual
    assert frozen.source == frozen.revision.series.source
    assert (frozen.target_year, frozen.standing) == (2030, "on_track")
    years = [row[0] for row in frozen.history]
    assert years == sorted(years)
    assert [row[1] for row in frozen.history if row[0] == 2024] in ([], [None])


def test_later_figures_stand_beside_the_frozen_one_and_never_in_its_place(
    registered: Registers, freeze: Freezes, neet: Kpi
) -> None:
    inquiry = registered()
    freeze(inquiry, neet)
    frozen = inquiry.figures.get()
    assert frozen.period_start is not None
    then = frozen.actual
    put(neet, frozen.period_start.year, "1.5")
    put(neet, 2025, "2.5")
    recompute([neet.pk])
    frozen = FrozenFigure.objects.select_related("kpi", "revision__series").get()
    later = later_figures([frozen])[frozen.pk]
    assert frozen.actual == then
    assert later.revised == Decimal("1.5")
    assert (later.is_newer, later.actual, str(later.period)) == (True, 2.5, "2025")


def test_postgresql_refuses_to_change_or_delete_what_is_frozen(
    registered: Registers, freeze: Freezes, neet: Kpi
) -> None:
    inquiry = registered()
    freeze(inquiry, neet)
    attempts: list[Callable[[], object]] = [
        lambda: FrozenFigure.objects.update(actual=1),
        lambda: FrozenFigure.objects.filter(pk__gt=0)._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


def test_a_year_may_be_asked_for(registered: Registers, neet: Kpi, user: Callable[[str], User]) -> None:
    inquiry = registered()
    wanted = Wanted(neet, neet.territory, period=Period.parse("2020"))
    attach_figures(inquiry=inquiry, wanted=[wanted], by=user("deputy"))
    frozen = inquiry.figures.get()
    assert str(frozen.period) == "2020"
    assert frozen.actual is not None


def test_a_year_without_a_figure_is_frozen_as_missing(
    registered: Registers, neet: Kpi, user: Callable[[str], User]
) -> None:
    inquiry = registered()
    wanted = Wanted(neet, neet.territory, period=Period.parse("1999"))
    attach_figures(inquiry=inquiry, wanted=[wanted], by=user("deputy"))
    frozen = inquiry.figures.get()
    assert (str(frozen.period), frozen.actual, frozen.standing) == ("1999", None, "")


def test_another_breakdown_has_a_figure_and_no_target(
    registered: Registers, neet: Kpi, user: Callable[[str], User]
) -> None:
    other = (
        Breakdown.objects.filter(series__indicator=neet.indicator, series__territory=neet.territory)
        .exclude(pk=neet.breakdown_id)
        .first()
    )
    assert other is not None
    inquiry = registered()
    wanted = Wanted(neet, neet.territory, breakdown=other, question=inquiry.questions.first())
    attach_figures(inquiry=inquiry, wanted=[wanted], by=user("deputy"))
    frozen = inquiry.figures.get()
    assert frozen.breakdown == other
    assert frozen.actual is not None
    assert (frozen.target, frozen.standing) == (None, "")


def test_a_group_is_frozen_town_by_town_or_as_a_whole(
    registered: Registers, known_since_february: None, user: Callable[[str], User]
) -> None:
    standing = Standing.objects.filter(kpi__group__isnull=False).select_related("territory").first()
    assert standing is not None
    kpi = Kpi.objects.select_related("group", "breakdown", "programme").get(pk=standing.kpi_id)
    inquiry = registered()
    wanted = [Wanted(kpi, None), Wanted(kpi, standing.territory)]
    attach_figures(inquiry=inquiry, wanted=wanted, by=user("deputy"))
    of_group, of_town = inquiry.figures.order_by("pk")
    assert of_group.standing == GroupStanding.objects.get(kpi=kpi).standing
    assert (of_group.territory, of_group.source, of_group.revision) == (None, None, None)
    assert (of_town.territory, of_town.standing) == (standing.territory, standing.standing)


@pytest.mark.parametrize("code", ["attached_already", "foreign_territory", "foreign_question", "not_allowed"])
def test_it_refuses_figures_that_do_not_belong_there(
    registered: Registers, neet: Kpi, user: Callable[[str], User], code: str
) -> None:
    inquiry, other = registered(), registered(number="2")
    wanted, by = Wanted(neet, neet.territory), user("deputy")
    if code == "attached_already":
        attach_figures(inquiry=inquiry, wanted=[wanted], by=by)
    elif code == "foreign_territory":
        wanted = Wanted(neet, Territory.objects.get(code="astana"))
    elif code == "foreign_question":
        wanted = Wanted(neet, neet.territory, question=other.questions.first())
    else:
        by = User.objects.create_user("stranger@bagdar.example", None)
    with pytest.raises(InquiryError) as refused:
        attach_figures(inquiry=inquiry, wanted=[wanted], by=by)
    assert refused.value.code == code


def test_loading_the_packages_again_leaves_registered_inquiries_alone(registered: Registers) -> None:
    inquiry = registered()
    LoadedPackage.objects.all().delete()
    load(config.DATA_DIR)
    assert inquiry.questions.count() == 2
    assert Inquiry.objects.filter(document__isnull=False).count() == 2


def test_it_is_overdue_from_the_day_after_its_day(registered: Registers) -> None:
    assert registered().is_overdue
    fresh = registered(number="2", date=timezone.localdate())
    assert not fresh.is_overdue
    assert set(Inquiry.objects.overdue(timezone.localdate())) == {Inquiry.objects.get(number="ДС-12")}
