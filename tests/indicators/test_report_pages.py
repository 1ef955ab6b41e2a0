"""Reports in the browser: the list, the grid that two people fill in, and the review."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import Mandate, Organisation, User
from cities.models import Territory
from indicators.models import Breakdown, Category, Entry, FormLine, Report, ReportingForm
from indicators.periods import Period
from indicators.services.reporting import approve_report, open_report, submit_report
from tests.indicators.grid import Grid, Inputs

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
WATER, SCHOOLS = "central-water-access", "education-satisfaction"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def report() -> Report:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    return open_report(form=form, territory=Territory.objects.get(code="almaty"), period=Period.parse("2024"))


@pytest.fixture
def two(report: Report, client_of: Browser) -> tuple[Grid, Grid]:
    """Two people with the same page before them, on which both figures are saved."""
    mine = Grid(client_of("almaty.analyst"), report)
    mine.type(WATER, value="99,4")
    mine.type(SCHOOLS, value="20")
    assert mine.send()
    return mine, Grid(client_of("analyst"), report)


def entry(report: Report, indicator: str = WATER) -> Entry:
    return report.entries.get(indicator__code=indicator)


def test_a_line_that_was_not_touched_is_left_to_the_colleague(report: Report, two: tuple[Grid, Grid]) -> None:
    mine, theirs = two
    theirs.type(WATER, value="99.5")
    assert theirs.send()
    mine.type(SCHOOLS, value="21")
    assert mine.send()
    assert (entry(report).value, entry(report, SCHOOLS).value) == (Decimal("99.5"), 21)


def test_each_conflict_shows_whose_figure_it_is_and_nothing_is_saved(
    report: Report, two: tuple[Grid, Grid], user: Cast
) -> None:
    mine, theirs = two
    theirs.type(WATER, value="99.5", comment="in May")
    theirs.type(SCHOOLS, value="", status="L")
    assert theirs.send()
    mine.type(WATER, value="99.6")
    mine.type(SCHOOLS, value="22", comment="mine")
    assert not mine.send()
    assert str(user("analyst")) in mine.error(WATER)
    assert "99.5 (in May)" in mine.error(WATER)
    assert entry(report, SCHOOLS).get_status_display() in mine.error(SCHOOLS)
    assert (mine.shown(WATER), mine.shown(SCHOOLS), mine.shown(SCHOOLS, "comment")) == ("99.6", "22", "mine")
    assert (entry(report).value, entry(report, SCHOOLS).status) == (Decimal("99.5"), "L")
    assert mine.send()
    assert (entry(report).value, entry(report, SCHOOLS).value) == (Decimal("99.6"), 22)


def test_only_the_conflict_that_was_seen_can_be_overruled(report: Report, two: tuple[Grid, Grid]) -> None:
    mine, theirs = two
    theirs.type(WATER, value="99.5")
    assert theirs.send()
    mine.type(WATER, value="99.6")
    assert not mine.send()
    theirs.type(SCHOOLS, value="23")
    assert theirs.send()
    mine.type(SCHOOLS, value="24")
    assert not mine.send()
    assert "23" in mine.error(SCHOOLS)
    theirs.type(WATER, value="99.7")
    assert theirs.send()
    assert not mine.send()
    assert "99.7" in mine.error(WATER)
    assert entry(report).value == Decimal("99.7")


def test_a_conflict_is_over_when_the_colleagues_figure_is_taken(
    report: Report, two: tuple[Grid, Grid], user: Cast
) -> None:
    mine, theirs = two
    theirs.type(WATER, value="99.5")
    assert theirs.send()
    mine.type(WATER, value="99.6")
    assert not mine.send()
    mine.type(WATER, value="99.5")
    assert mine.send()
    assert (entry(report).version, entry(report).changed_by) == (2, user("analyst"))


def test_after_an_error_all_stays_as_it_was_typed(report: Report, client_of: Browser) -> None:
    grid = Grid(client_of("almaty.analyst"), report)
    grid.type(WATER, value="much", status="L", comment="no meter")
    grid.type(SCHOOLS, value="20,5")
    assert not grid.send()
    assert "much" in grid.error(WATER)
    assert not report.entries.exists()
    assert [grid.shown(WATER, name) for name in ("value", "status", "comment")] == ["much", "L", "no meter"]
    assert (grid.shown(SCHOOLS), grid.error(SCHOOLS)) == ("20,5", "")
    grid.type(WATER, value="")
    assert grid.send()
    assert (entry(report).status, entry(report, SCHOOLS).value) == ("L", Decimal("20.5"))


def test_a_submission_that_is_refused_keeps_what_was_saved_with_it(
    report: Report, client_of: Browser
) -> None:
    grid = Grid(client_of("almaty.analyst"), report)
    grid.type(WATER, comment="comes in June")
    grid.send("submit")
    assert Report.objects.get(pk=report.pk).state == "draft"
    grid.type(WATER, value="99.4")
    assert grid.send("submit")
    assert Report.objects.get(pk=report.pk).state == "submitted"


@pytest.mark.parametrize(
    ("value", "chosen", "stored"),
    [("x", "", "Q"), ("…", "", "O"), ("–", "M", "M"), ("", "L", "L"), ("5", "L", "A"), ("", "", "A")],
)
def test_a_mark_says_why_there_is_no_figure(
    report: Report, client_of: Browser, value: str, chosen: str, stored: str
) -> None:
    grid = Grid(client_of("almaty.analyst"), report)
    grid.type(WATER, value=value, status=chosen, comment="so")
    assert grid.send()
    assert (entry(report).status, entry(report).value) == (stored, Decimal(5) if value == "5" else None)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_figure_is_shown_whole_and_is_not_changed_by_looking(
    report: Report, client_of: Browser, user: Cast, language: str
) -> None:
    line = report.form.lines.get(indicator__code=WATER)
    Entry.objects.create(
        report=report, indicator=line.indicator, breakdown=line.breakdown,
        value=Decimal("1234.56789"), changed_by=user("analyst"),
    )  # fmt: skip
    with override(language):
        page = reverse("indicators:report-detail", args=[report.pk])
    client = client_of("almaty.analyst")
    values = Inputs(client.get(page).content.decode()).values
    assert values[f"line-{line.pk}-value"] == ("1234.56789" if language == "en" else "1234,56789")
    client.post(page, values)
    assert (entry(report).version, entry(report).changed_by) == (1, user("analyst"))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("status", "ZZ"),
        ("value", "1\x002"),
        ("comment", "\x00"),
        ("comment", "a" * 501),
        ("value", "9" * 300),
    ],
)
def test_what_no_browser_sends_is_answered_with_a_sentence(
    report: Report, client_of: Browser, field: str, text: str
) -> None:
    grid = Grid(client_of("almaty.analyst"), report)
    grid.type(WATER, **{field: text})
    assert not grid.send()
    assert grid.error(WATER, field)
    assert not report.entries.exists()


@pytest.mark.parametrize("reason", ["\x00", "", "a" * 1001])
def test_a_report_is_returned_only_with_a_reason_that_can_be_kept(
    report: Report, two: tuple[Grid, Grid], user: Cast, client_of: Browser, reason: str
) -> None:
    submit_report(report=report, by=user("almaty.analyst"))
    page = reverse("indicators:review-detail", args=[report.pk])
    answer = client_of("approver").post(page, {"return": "", "reason": reason})
    assert 'id="id_reason_error"' in answer.content.decode()
    assert Report.objects.get(pk=report.pk).state == "submitted"
    client_of("approver").post(page, {"return": "", "reason": "Of which month?"})
    assert Report.objects.get(pk=report.pk).state == "returned"


def test_the_review_shows_small_changes_and_changes_of_status(
    report: Report, two: tuple[Grid, Grid], user: Cast, client_of: Browser
) -> None:
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    Report.objects.filter(pk=report.pk).update(state="submitted")
    report.entries.filter(indicator__code=WATER).update(value=Decimal("99.44"))
    report.entries.filter(indicator__code=SCHOOLS).update(status="P")
    page = client_of("approver").get(reverse("indicators:review-detail", args=[report.pk]))
    text = " ".join(page.content.decode().split())
    assert "<del>99.4 </del><ins>99.44 </ins>" in text
    assert "<small>normal value</small> </del><ins>20 <small>provisional value</small>" in text


def test_a_publication_that_must_wait_too_long_is_to_be_tried_again(
    report: Report, two: tuple[Grid, Grid], user: Cast, client_of: Browser
) -> None:
    submit_report(report=report, by=user("almaty.analyst"))
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
    assert Report.objects.get(pk=report.pk).state == "submitted"


def test_the_number_of_queries_does_not_grow_with_the_lines(
    report: Report, client_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    line = report.form.lines.get(indicator__code=WATER)
    for category in Category.objects.all()[:20]:
        part, _ = Breakdown.objects.get_or_create(code=f"{category.dimension.code}={category.code}")
        part.categories.set([category])
        FormLine.objects.create(form=report.form, indicator=line.indicator, breakdown=part)
    client = client_of("almaty.analyst")
    with django_assert_max_num_queries(13):
        client.get(reverse("indicators:report-detail", args=[report.pk]))


@pytest.mark.parametrize(
    ("name", "page", "status"),
    [
        ("anonymous", "report-detail", 302),
        ("almaty.analyst", "report-detail", 200),
        ("deputy", "report-detail", 403),
        ("approver", "report-detail", 403),
        ("anonymous", "review-detail", 302),
        ("approver", "review-detail", 404),
        ("analyst", "review-detail", 403),
    ],
)
def test_who_may_open_a_draft(report: Report, client_of: Browser, name: str, page: str, status: int) -> None:
    assert client_of(name).get(reverse(f"indicators:{page}", args=[report.pk])).status_code == status


def test_a_report_of_another_territory_is_not_found(client_of: Browser) -> None:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    oblast = Territory.objects.get(code="akmola-oblast")
    form.territories.add(oblast)
    foreign = open_report(form=form, territory=oblast, period=Period.parse("2024"))
    page = reverse("indicators:report-detail", args=[foreign.pk])
    assert client_of("almaty.analyst").get(page).status_code == 404
    assert client_of("analyst").get(page).status_code == 200


def test_a_report_of_another_organisation_is_not_found(
    report: Report, user: Cast, client_of: Browser
) -> None:
    submit_to = reverse("indicators:review-detail", args=[report.pk])
    Report.objects.filter(pk=report.pk).update(
        state="submitted", submitted_by=user("analyst"), submitted_at="2026-01-01T00:00Z"
    )
    assert client_of("approver").get(submit_to).status_code == 200
    Mandate.objects.filter(user=user("approver")).update(territory=Territory.objects.get(code="almaty"))
    ReportingForm.objects.filter(pk=report.form_id).update(
        organisation=Organisation.objects.get(code="demo-ministry")
    )
    assert client_of("approver").get(submit_to).status_code == 404
    page = reverse("indicators:report-detail", args=[report.pk])
    assert client_of("almaty.analyst").get(page).status_code == 404
    listed = client_of("almaty.analyst").get(reverse("indicators:report-list")).content.decode()
    assert report.form.code not in listed
    assert page not in listed


def test_a_quarterly_form_offers_quarters(user: Cast, client_of: Browser) -> None:
    ReportingForm.objects.update(frequency="Q", first_day="2024-01-01", last_day="2024-06-30")
    analyst, page = client_of("almaty.analyst"), reverse("indicators:report-list")
    assert '<option value="2024-Q2">' in analyst.get(page).content.decode()
    wanted = {"form": "almaty-2025-annual", "territory": "almaty", "period": "2024-Q2"}
    assert analyst.post(page, wanted).status_code == 302
    assert str(Report.objects.get().period) == "2024-Q2"


@pytest.mark.parametrize("wrong", [{"form": "\x00"}, {"territory": "astana"}, {"period": "2024-Q9"}])
def test_a_report_that_is_not_offered_cannot_be_opened(client_of: Browser, wrong: dict[str, str]) -> None:
    wanted = {"form": "almaty-2025-annual", "territory": "almaty", "period": "2024", **wrong}
    answer = client_of("almaty.analyst").post(reverse("indicators:report-list"), wanted)
    assert answer.status_code == 404


def test_the_list_is_read_and_opens_reports_and_does_no_more(client_of: Browser) -> None:
    page = reverse("indicators:report-list")
    assert client_of("almaty.analyst").put(page).status_code == 405
    refused = client_of("almaty.analyst").post(
        page, {"form": "almaty-2025-annual", "territory": "almaty", "period": "2031"}
    )
    assert (refused.status_code, Report.objects.count()) == (200, 0)
