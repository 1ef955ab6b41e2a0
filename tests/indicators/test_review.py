"""The approver's queue and his decisions; who has a list of reports."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Organisation, User
from cities.models import Territory
from indicators.models import Breakdown, Indicator, Observation, Report, ReportingForm
from indicators.periods import Period
from indicators.services.entering import Cell, reports_on, save_cells
from indicators.services.pausing import pause_publishing
from indicators.services.publishing import Figure, publish
from indicators.services.reporting import submit_report

pytestmark = pytest.mark.django_db

Browsers = Callable[[str], Client]
Cast = Callable[[str], User]
QUEUE = reverse("indicators:review-list")


def submitted(user: Cast, period: str = "2024", value: str = "99.4", comment: str = "") -> Report:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    almaty = Territory.objects.get(code="almaty")
    [report] = reports_on(form=form, period=Period.parse(period), territories=[almaty])
    cell = Cell(
        Indicator.objects.get(code="central-water-access"), Breakdown.objects.get(code=""), Decimal(value),
        "A", comment, version=0,
    )  # fmt: skip
    save_cells(report=report, cells=[cell], by=user("almaty.analyst"))
    return submit_report(
        report=Report.objects.get(period_start=report.period_start), by=user("almaty.analyst")
    )


def publish_before(report: Report, value: str, year: int) -> None:
    publish(
        [Figure(Indicator.objects.get(code="central-water-access").pk, report.territory_id,
                Breakdown.objects.get(code="").pk, report.form.source_id, "A", dt.date(year, 1, 1),
                Decimal(value), "A", "a test")],
    )  # fmt: skip


def said(client: Client, url: str, sent: dict[str, object]) -> list[str]:
    """What the page says after the form is sent."""
    return [str(message) for message in get_messages(client.post(url, sent).wsgi_request)]


def test_what_is_doubtful_comes_first(client_of: Browsers, user: Cast) -> None:
    calm, odd = submitted(user, "2023"), submitted(user, "2024", "9", comment="A burst main")
    publish_before(odd, "98", 2022)
    page = client_of("approver").get(QUEUE)
    assert [each.report for each in page.context["waiting"]] == [odd, calm]
    assert [each.warnings for each in page.context["waiting"]] == [1, 0]


def test_many_are_approved_at_once_and_what_cannot_be_does_not_keep_the_others(
    client_of: Browsers, user: Cast
) -> None:
    good, bad = submitted(user, "2023"), submitted(user, "2024")
    publish_before(bad, "98", 2024)  # meanwhile: approving would change it without a reason
    texts = said(client_of("approver"), reverse("indicators:review-approve"), {"report": [good.pk, bad.pk]})
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("approved", "submitted")
    assert any(str(bad.period) in text for text in texts)
    published = Observation.objects.filter(series__source=good.form.source, period_start="2023-01-01")
    assert published.get(series__indicator__code="central-water-access").value == Decimal("99.4")


@pytest.mark.parametrize("sent", [{}, {"report": ["nonsense"]}, {"report": ["999999999"]}])
def test_nothing_is_approved_that_was_not_chosen(
    client_of: Browsers, user: Cast, sent: dict[str, object]
) -> None:
    report = submitted(user)
    assert said(client_of("approver"), reverse("indicators:review-approve"), sent)
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_report_is_returned_only_with_a_reason(client_of: Browsers, user: Cast) -> None:
    report = submitted(user)
    page = reverse("indicators:review-detail", args=[report.pk])
    assert client_of("approver").post(page, {"return": "", "reason": " "}).status_code == 200
    report.refresh_from_db()
    assert report.state == "submitted"
    assert client_of("approver").post(page, {"return": "", "reason": "Which month?"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.return_reason) == ("returned", "Which month?")


def test_a_publication_that_must_wait_too_long_is_to_be_tried_again(client_of: Browsers, user: Cast) -> None:
    report = submitted(user)
    with override("en"):
        page = reverse("indicators:review-detail", args=[report.pk])
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as elsewhere, connection.cursor() as here:
            elsewhere.execute("LOCK TABLE indicators_series IN EXCLUSIVE MODE")
            here.execute("SET LOCAL lock_timeout = '50ms'")
            answer = client_of("approver").post(page, {"approve": ""})
    finally:
        other.close()
    assert "try again in a minute" in answer.content.decode()
    report.refresh_from_db()
    assert report.state == "submitted"


def test_the_queue_takes_as_many_queries_for_many_reports(client_of: Browsers, user: Cast) -> None:
    client, taken = client_of("approver"), []
    for periods in (("2022",), ("2023", "2024", "2025")):
        for period in periods:
            submitted(user, period)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        taken.append(len(queries))
    assert taken[1] - taken[0] <= 3 * 12  # each period is read by itself


@pytest.mark.parametrize("page", ["review-detail", "review-approve"])
@pytest.mark.parametrize(("name", "status"), [("anonymous", 302), ("almaty.analyst", 403), ("deputy", 403)])
def test_only_approvers_decide(client_of: Browsers, user: Cast, page: str, name: str, status: int) -> None:
    report = submitted(user)
    arguments = [report.pk] if page == "review-detail" else []
    assert client_of(name).post(reverse(f"indicators:{page}", args=arguments)).status_code == status


def test_the_report_of_another_place_is_not_found(client_of: Browsers, user: Cast) -> None:
    report = submitted(user)
    mandate = user("approver").mandates.get()
    mandate.territory = Territory.objects.get(code="astana")
    mandate.save()
    assert client_of("approver").get(reverse("indicators:review-detail", args=[report.pk])).status_code == 404
    client_of("approver").post(reverse("indicators:review-approve"), {"report": [report.pk]})
    report.refresh_from_db()
    assert report.state == "submitted"


def test_the_report_of_another_organisation_is_not_found(client_of: Browsers, user: Cast) -> None:
    report = submitted(user)
    mandate = user("approver").mandates.get()
    mandate.territory = report.territory
    mandate.organisation = Organisation.objects.get(code="demo-statistics")
    mandate.save()
    assert client_of("approver").get(reverse("indicators:review-detail", args=[report.pk])).status_code == 404


def test_the_list_says_how_far_each_period_is(client_of: Browsers, user: Cast) -> None:
    submitted(user, "2024")
    page = client_of("almaty.analyst").get(reverse("indicators:report-list"))
    [tasks] = [tasks for tasks in page.context["forms"] if tasks[0].form.code == "almaty-2025-annual"]
    assert {str(task.period): task.handed_in for task in tasks}["2024"] == 1
    assert sum(task.handed_in for task in tasks) == 1


def test_nothing_is_approved_while_publishing_is_paused(client_of: Browsers, user: Cast) -> None:
    report, approver = submitted(user), client_of("approver")
    pause_publishing(by=user("administrator"), reason="The annual revision")
    assert "Publishing is paused." in approver.get(QUEUE.replace("/kk/", "/en/")).content.decode()
    [text] = said(approver, reverse("indicators:review-approve"), {"report": [str(report.pk)]})
    assert "An administrator has paused publishing (The annual revision)." in text
    report.refresh_from_db()
    assert report.state == "submitted"
    sheet = client_of("almaty.analyst").get(reverse("indicators:sheet", args=["almaty-2025-annual", "2023"]))
    assert "Publishing is paused." in sheet.content.decode()
