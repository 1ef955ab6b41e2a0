"""Reminders: five days and one day before, when overdue, and weekly after; each of them once."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.db.models import Q

from accounts.models import Mandate, Organisation, User
from cities.models import Territory
from indicators.models import Notice, Report, ReportingForm, Source
from indicators.services.notifying import Kind
from indicators.services.reminding import remind

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
DUE = dt.date(2024, 7, 15)


@pytest.fixture
def form() -> ReportingForm:
    """A quarterly form for Almaty and Astana; the only one."""
    Report.objects.all().delete()
    ReportingForm.objects.all().delete()
    form = ReportingForm.objects.create(
        code="quarterly", name_en="Quarterly", organisation=Organisation.objects.get(code="demo-akimat"),
        source=Source.objects.get(code="akimat-almaty"), frequency="Q", due_days=15,
        first_day="2024-04-01", last_day="2024-06-30",
    )  # fmt: skip
    form.territories.set(Territory.objects.filter(code__in=["almaty", "astana"]))
    return form


def told(user: User, territory: str = "almaty") -> list[tuple[str, int]]:
    """Kinds of reminders, each with the days from the deadline that its key names, in their order."""
    notices = Notice.objects.filter(user=user, params__territory=territory).order_by("pk")
    return [(notice.kind, int(notice.key.rpartition(":")[2])) for notice in notices]


def after(days: int) -> dt.date:
    return DUE + dt.timedelta(days=days)


def test_it_reminds_on_its_days_and_on_no_other(user: Cast, form: ReportingForm) -> None:
    for days in range(-30, 90):
        remind(after(days))
    before = [("due_soon", -5), ("due_soon", -1)]
    overdue = [("overdue", days) for days in (1, 8, 15, 22, 29)]
    assert told(user("almaty.analyst")) == before + overdue
    assert told(user("analyst"), "astana") == before + overdue
    assert told(user("almaty.analyst"), "astana") == []


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-6, None), (-5, -5), (-4, -5), (-1, -1), (0, -1), (1, 1), (7, 1), (8, 8), (35, 29), (36, None)],
)
def test_it_catches_up_with_the_most_recent_reminder_only(
    user: Cast, form: ReportingForm, days: int, kind: int | None
) -> None:
    remind(after(days))
    assert [step for _kind, step in told(user("almaty.analyst"))] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("state", "is_reminded"),
    [("draft", True), ("returned", True), ("submitted", False), ("approved", False)],
)
def test_it_reminds_of_what_is_not_handed_in(
    user: Cast, form: ReportingForm, state: str, is_reminded: bool
) -> None:
    Report.objects.create(
        form=form, territory=Territory.objects.get(code="almaty"), period_start="2024-04-01", state=state,
        submitted_by=user("almaty.analyst"), submitted_at="2024-07-01T00:00:00Z", return_reason="why",
        decided_by=user("approver"),
    )  # fmt: skip
    remind(after(1))
    assert bool(told(user("almaty.analyst"))) is is_reminded
    if is_reminded:
        path = f"/reports/{form.code}/2024-Q2/"
        assert Notice.objects.get(user=user("almaty.analyst")).path == path


def test_an_old_report_that_never_came_is_left_in_peace(user: Cast, form: ReportingForm) -> None:
    remind(dt.date(2026, 11, 21))
    assert not Notice.objects.exists()


def test_it_reminds_nobody_whose_mandate_has_ended(user: Cast, form: ReportingForm) -> None:
    Mandate.objects.filter(user=user("analyst")).update(valid_from="2020-01-01", valid_to="2021-01-01")
    remind(after(1))
    [notice] = Notice.objects.all()
    assert notice.user == user("almaty.analyst")


def test_a_working_day_later_is_not_overdue(user: Cast, form: ReportingForm) -> None:
    """The 15th of January 2023 was a Sunday."""
    ReportingForm.objects.update(first_day="2022-10-01", last_day="2022-12-31")
    remind(dt.date(2023, 1, 16))
    assert told(user("almaty.analyst")) == [("due_soon", -1)]
    remind(dt.date(2023, 1, 17))
    assert told(user("almaty.analyst"))[-1] == ("overdue", 1)


def test_hundreds_of_places_need_no_more_queries(
    form: ReportingForm, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    form.territories.set(Territory.objects.filter(~Q(level="country")))
    many = form.territories.count()
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        remind(after(1))
    analysts = Counter(Notice.objects.values_list("user__email", flat=True))
    assert many > 100
    assert analysts["analyst@bagdar.example"] == many
    assert set(Notice.objects.values_list("kind", flat=True)) == {Kind.OVERDUE}
    assert {notice.params["period"] for notice in Notice.objects.all()} == {"2024-Q2"}
