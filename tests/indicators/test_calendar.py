"""The coordinator's page: who has reported and who has not, and asking those who are late."""

import csv
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Mandate, User
from cities.models import Territory, TerritoryGroup
from indicators.deadlines import Deadline
from indicators.models import Notice, Report, ReportingForm
from indicators.periods import Period
from indicators.reported import Reported, reported, tasks_of
from indicators.services.notifying import Kind

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
QUARTER = Period.parse("2014-Q2")
PAGE = "/en/calendar/?form=monotowns-2012-2020-quarterly&period=2014-Q2"


@pytest.fixture
def form() -> ReportingForm:
    """The monotowns' quarterly form; its second quarter of 2014 was due on Tuesday, 15 July 2014."""
    return ReportingForm.objects.get(code="monotowns-2012-2020-quarterly")


@pytest.fixture
def report(user: Cast, form: ReportingForm) -> Callable[..., Report]:
    """A town's report of the quarter; what has been submitted was so at noon of the day."""

    def create(town: str, state: str, day: str = "2014-07-15") -> Report:
        handed_in = {"submitted_by": user("almaty.analyst"), "submitted_at": f"{day}T12:00:00+05:00"}
        found = Report.objects.create(
            form=form, territory=Territory.objects.get(code=town), period_start=QUARTER.start, state=state,
            return_reason="why" if state == "returned" else "", **({} if state == "draft" else handed_in),
        )  # fmt: skip
        line = form.lines.first()
        assert line
        found.entries.create(
            indicator=line.indicator, breakdown=line.breakdown, value=1, changed_by=user("almaty.analyst")
        )
        return found

    return create


def on(day: str, form: ReportingForm) -> Reported:
    deadline = Deadline(form, QUARTER, form.due_on(QUARTER))
    return reported(deadline, list(form.territories.all()), dt.date.fromisoformat(day))


def test_it_counts_who_has_reported_who_was_late_and_who_is_overdue(
    report: Callable[..., Report], form: ReportingForm
) -> None:
    report("ridder", "approved", "2014-07-15")
    report("balkhash", "submitted", "2014-07-18")
    report("saran", "draft")
    report("rudny", "returned", "2014-07-14")
    found = on("2014-07-21", form)
    assert len(found.places) == 27
    assert len(found.handed_in) == 2
    assert [place.territory.code for place in found.handed_in_late] == ["balkhash"]
    days = {place.territory.code: place.days_late for place in found.places}
    assert (days["ridder"], days["balkhash"], days["saran"], days["rudny"]) == (0, 3, 4, 0)
    assert len(found.overdue) == 24
    assert {place.territory.code: place.filled for place in found.places}["saran"] == 1


def test_nobody_is_overdue_on_the_last_day(form: ReportingForm) -> None:
    assert on("2014-07-15", form).overdue == []
    assert len(on("2014-07-16", form).overdue) == 27


def test_places_are_grouped_by_oblast(form: ReportingForm) -> None:
    groups = dict(on("2014-07-21", form).by_province())
    names = {province.code: len(places) for province, places in groups.items() if province}
    assert sum(names.values()) == 27
    assert "karaganda" in names or "karaganda-oblast" in names


def test_the_page_begins_with_its_sentence(client_of: Browser, report: Callable[..., Report]) -> None:
    report("ridder", "approved")
    report("balkhash", "submitted", "2014-07-18")
    page = client_of("coordinator").get(PAGE).content.decode()
    text = " ".join(page.split())
    assert "2 of 27 have reported. 1 of them was late. 25 are overdue." in text
    assert "15 July 2014" in text
    assert "by 3 working days" in text
    assert "Paragraph 3 of the resolution" in text


@pytest.mark.parametrize(("state", "towns"), [("draft", {"saran"}), ("late", 26), ("approved", {"ridder"})])
def test_the_list_can_be_narrowed_by_state(
    client_of: Browser, report: Callable[..., Report], state: str, towns: set[str] | int
) -> None:
    report("ridder", "approved")
    report("saran", "draft")
    found = rows(client_of("coordinator"), f"{PAGE}&state={state}")
    codes = {row["territory"] for row in found}
    assert codes == towns if isinstance(towns, set) else len(codes) == towns


def rows(browser: Client, address: str) -> list[dict[str, str]]:
    """The CSV twin of a page."""
    response = browser.get(f"{address}&as=csv")
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(response.content.decode("utf-8-sig").splitlines()))


def test_the_table_twin_says_the_same(client_of: Browser, report: Callable[..., Report]) -> None:
    report("balkhash", "submitted", "2014-07-18")
    found = {row["territory"]: row for row in rows(client_of("coordinator"), PAGE)}
    assert len(found) == 27
    row = found["balkhash"]
    assert (row["state"], row["submitted_on"], row["working_days_late"]) == ("submitted", "2014-07-18", "3")
    assert (row["due_on"], row["cells_filled"], row["cells"]) == ("2014-07-15", "1", "4")
    assert found["ridder"]["state"] == "not_begun"


def test_the_list_can_be_narrowed_to_an_oblast(client_of: Browser) -> None:
    browser = client_of("coordinator")
    province = next(row["province"] for row in rows(browser, PAGE) if row["territory"] == "balkhash")
    found = rows(browser, f"{PAGE}&province={province}")
    assert {row["province"] for row in found} == {province}
    assert 0 < len(found) < 27


def test_a_filter_that_is_not_offered_is_refused(client_of: Browser) -> None:
    browser = client_of("coordinator")
    assert browser.get("/en/calendar/?form=nonsense").status_code == 404
    assert "Select a valid choice" in browser.get(f"{PAGE}&state=nonsense").content.decode()


def test_a_coordinator_of_a_town_sees_it_alone(user: Cast, client_of: Browser, form: ReportingForm) -> None:
    ridder = Territory.objects.get(code="ridder")
    Mandate.objects.filter(user=user("coordinator")).update(territory=ridder, organisation=form.organisation)
    assert [row["territory"] for row in rows(client_of("coordinator"), PAGE)] == ["ridder"]


def test_without_forms_it_says_what_to_do(user: Cast, client_of: Browser) -> None:
    Mandate.objects.filter(user=user("coordinator")).update(territory=Territory.objects.get(code="astana"))
    assert "No form is filled in" in client_of("coordinator").get("/en/calendar/").content.decode()


def test_it_asks_one_town_once_a_day(client_of: Browser, user: Cast) -> None:
    browser, nudge = client_of("coordinator"), "/en/calendar/nudge/"
    asked = {"form": "monotowns-2012-2020-quarterly", "period": "2014-Q2", "territory": "ridder"}
    page = browser.post(nudge, {**asked, "words": "The Ministry waits."}, follow=True).content.decode()
    assert "Those who report of 1 territory were asked." in page
    assert "asked today" in page
    assert "nobody was asked" in browser.post(nudge, asked, follow=True).content.decode()
    [notice] = Notice.objects.filter(kind=Kind.NUDGED)
    assert notice.user == user("analyst")
    assert notice.params["words"] == "The Ministry waits."


def test_it_asks_all_that_are_overdue_and_nobody_who_has_reported(
    client_of: Browser, report: Callable[..., Report]
) -> None:
    report("ridder", "submitted")
    asked = {"form": "monotowns-2012-2020-quarterly", "period": "2014-Q2"}
    client_of("coordinator").post("/en/calendar/nudge/", asked)
    towns = {notice.params["territory"] for notice in Notice.objects.filter(kind=Kind.NUDGED)}
    assert len(towns) == 26
    assert "ridder" not in towns
    client_of("coordinator").post("/en/calendar/nudge/", {**asked, "territory": "ridder"})
    assert Notice.objects.filter(kind=Kind.NUDGED).count() == 26


def test_it_asks_nobody_outside_the_mandate(user: Cast, client_of: Browser, form: ReportingForm) -> None:
    ridder = Territory.objects.get(code="ridder")
    Mandate.objects.filter(user=user("coordinator")).update(territory=ridder, organisation=form.organisation)
    asked = {"form": form.code, "period": "2014-Q2", "territory": "balkhash"}
    client_of("coordinator").post("/en/calendar/nudge/", asked)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("name", ["analyst", "approver", "deputy"])
def test_only_those_who_coordinate_may_look_and_ask(client_of: Browser, name: str) -> None:
    assert client_of(name).get(PAGE).status_code == 403
    assert client_of(name).post("/en/calendar/nudge/", {}).status_code == 403


def test_hundreds_of_places_need_no_more_queries(
    client_of: Browser, form: ReportingForm, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = client_of("coordinator")
    form.territories.set(Territory.objects.exclude(level="country"))
    with django_assert_max_num_queries(22):
        assert browser.get(PAGE).status_code == 200
    with django_assert_max_num_queries(22):
        browser.post("/en/calendar/nudge/", {"form": form.code, "period": "2014-Q2"})
    assert Notice.objects.count() > 100


def test_the_forms_are_what_the_document_says() -> None:
    quarterly, half_yearly = (
        ReportingForm.objects.get(code=f"monotowns-2012-2020-{name}") for name in ("quarterly", "half-yearly")
    )
    towns = set(TerritoryGroup.objects.get(code="monotowns-2012").territories.all())
    asked = [
        "active-small-enterprises", "below-subsistence-minimum-share",
        "below-subsistence-minimum-share-2015", "unemployment-rate",
    ]  # fmt: skip
    for form in (quarterly, half_yearly):
        assert set(form.territories.all()) == towns
        assert [line.indicator.code for line in form.lines.select_related("indicator")] == asked
        assert form.last_day == dt.date(2020, 12, 31)
    assert quarterly.due_on(Period.parse("2014-Q2")) == dt.date(2014, 7, 15)
    assert half_yearly.due_on(Period.parse("2013-S2")) == dt.date(2014, 1, 31)


def test_an_analyst_sees_what_is_due_of_him(user: Cast, client_of: Browser, form: ReportingForm) -> None:
    before, task = tasks_of(user("almaty.analyst"), dt.date(2025, 1, 10))
    assert (str(task.deadline.period), task.deadline.on) == ("2024", dt.date(2025, 1, 15))
    assert (before.is_overdue, task.is_overdue) == (True, False)
    mine = tasks_of(user("analyst"), dt.date(2014, 7, 16))
    late = next(task for task in mine if task.deadline.form == form and task.is_overdue)
    assert len(late.territories) == 27
    assert client_of("almaty.analyst").get("/en/reports/").status_code == 200


def test_what_was_handed_in_is_no_longer_due(user: Cast, report: Callable[..., Report]) -> None:
    Report.objects.create(
        form=ReportingForm.objects.get(code="almaty-2025-annual"), period_start="2024-01-01",
        territory=Territory.objects.get(code="almaty"), state="submitted",
        submitted_by=user("almaty.analyst"), submitted_at="2025-01-14T12:00:00Z",
    )  # fmt: skip
    [task] = [
        task
        for task in tasks_of(user("almaty.analyst"), dt.date(2025, 1, 14))
        if str(task.deadline.period) == "2024"
    ]
    assert task.is_done
    later = tasks_of(user("almaty.analyst"), dt.date(2025, 1, 16))
    assert "2024" not in {str(task.deadline.period) for task in later}
