"""The deputy's page: what has moved since a day, what is late, who answers."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Organisation, User
from cities.models import Territory
from indicators.models import Report, ReportingForm
from indicators.services.publishing import Figure, publish
from programmes.briefing import Scope, briefing
from programmes.briefing.comparing import LISTS, RANKS, UNJUDGED
from programmes.models import Inquiry, Kpi, Measure, Standing
from programmes.services.as_of import as_of
from programmes.services.recomputing import recompute

pytestmark = pytest.mark.django_db
PAGE = "/en/deputy/"
FEBRUARY, MARCH = dt.date(2026, 2, 1), dt.date(2026, 3, 2)
Browsers = Callable[[str], Client]


@pytest.fixture
def almaty() -> Scope:
    return Scope(territory=Territory.objects.get(code="almaty"))


@pytest.fixture
def history(db: None) -> None:
    """What is published has been known since February, and was judged today."""
    with connection.cursor() as cursor:  # history is append-only; only a test may have been there before
        cursor.execute("ALTER TABLE indicators_observationrevision DISABLE TRIGGER USER")
        cursor.execute("UPDATE indicators_observationrevision SET recorded_at = '2026-02-01T12:00Z'")
        cursor.execute("ALTER TABLE indicators_observationrevision ENABLE TRIGGER USER")


@pytest.fixture
def neet(history: None) -> Kpi:
    """KPI 7 of Almaty, on track in March, whose figure published today is far off."""
    kpi = Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")
    worsen(kpi, "19.5")
    return kpi


def worsen(kpi: Kpi, value: str, at: dt.datetime | None = None) -> None:
    series = Standing.objects.get(kpi=kpi).series
    assert series is not None
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(2025, 1, 1), Decimal(value), "A", "test",
    )  # fmt: skip
    publish([figure], reason="revised", at=at or timezone.now())
    recompute([kpi.pk])


def text_of(client: Client, **params: str) -> str:
    response = client.get(PAGE, params)
    assert response.status_code == 200
    return response.content.decode()


def test_every_pair_of_standings_belongs_to_one_list_of_moves() -> None:
    moves = [pair for name in ("slipped", "improved", "appeared", "faded") for pair in LISTS[name]]
    assert len(moves) == len(set(moves))
    for then in (*RANKS, *UNJUDGED):
        for now in (*RANKS, *UNJUDGED):
            is_still = (then in UNJUDGED and now in UNJUDGED) or RANKS.get(then) == RANKS.get(now)
            assert ((then, now) in moves) is not is_still


def test_what_slipped_is_found_with_both_standings_and_who_answers(almaty: Scope, neet: Kpi) -> None:
    found = briefing(almaty, MARCH)
    assert [(move.kpi, move.territory) for move in found.slipped.rows] == [(neet, almaty.territory)]
    move = found.slipped.rows[0]
    assert move.then is not None
    assert (move.then.standing, move.now.standing, move.now.actual) == ("on_track", "reversed", 19.5)
    assert move.answers == neet.programme.owner
    assert found.answerers[0].promises >= 1
    assert found.slipped.total == 1


def test_the_comparison_is_that_of_the_portal_of_the_day(almaty: Scope, neet: Kpi) -> None:
    found = briefing(almaty, MARCH)
    places = Territory.objects.within({almaty.territory.pk})  # type: ignore[union-attr]
    kpis = Kpi.objects.filter(standings__territory__in=places).distinct()
    with as_of(MARCH, kpis):
        standings = Standing.objects.filter(territory__in=places).values_list("standing", flat=True)
        then = [str(each) for each in standings]
    assert {word: count for word, count in found.counts_then.items() if count} == {
        word: then.count(word) for word in set(then)
    }


def test_what_improved_is_found(almaty: Scope, history: None) -> None:
    kpi = Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")
    worsen(kpi, "19.5", at=dt.datetime(2026, 2, 10, tzinfo=dt.UTC))
    worsen(kpi, "2.0")
    found = briefing(almaty, MARCH)
    assert [move.kpi for move in found.improved.rows] == [kpi]
    assert briefing(almaty, timezone.localdate()).improved.total == 0


def test_before_anything_was_known_everything_is_judged_for_the_first_time(
    almaty: Scope, history: None, client: Client
) -> None:
    found = briefing(almaty, dt.date(2026, 1, 1))
    assert found.slipped.total == found.improved.total == 0
    assert found.appeared.total == found.now.judged
    page = text_of(client, territory="almaty", since="2026-01-01")
    assert "No promise here could be judged on 1 January 2026" in page


def test_a_new_figure_is_seen_although_the_day_is_kept(almaty: Scope, history: None) -> None:
    assert briefing(almaty, MARCH).slipped.total == 0
    worsen(Kpi.objects.get(programme__code="almaty-2025", code="KPI-7"), "19.5")
    assert briefing(almaty, MARCH).slipped.total == 1


def test_a_measure_is_late_after_its_last_day_until_it_is_done(almaty: Scope) -> None:
    late = briefing(almaty, MARCH).late_measures
    assert late.total
    days = [each.due_on for each in late.rows]
    assert days == sorted(days, reverse=True)
    assert all(day < timezone.localdate() for day in days)
    Measure.objects.filter(pk=late.rows[0].measure.pk).update(state="done")
    assert briefing(almaty, MARCH).late_measures.total == late.total - 1


def test_a_report_is_late_until_it_is_handed_in(user: Callable[[str], User]) -> None:
    form = ReportingForm.objects.filter(territories__isnull=False).first()
    assert form is not None
    scope = Scope(organisation=form.organisation)
    today = timezone.localdate()
    ReportingForm.objects.filter(pk=form.pk).update(first_day=None, last_day=None)
    late = briefing(scope, MARCH).late_reports
    assert late.total
    one = late.rows[0]
    assert one.days_late > 0
    assert one.due_on < today
    Report.objects.create(
        form=one.form, territory=one.territory, period_start=one.period.start, state="submitted",
        submitted_by=user("analyst"), submitted_at=timezone.now(),
    )  # fmt: skip
    assert briefing(scope, MARCH).late_reports.total == late.total - 1


def test_open_inquiries_are_those_that_the_reader_may_read(
    almaty: Scope, user: Callable[[str], User]
) -> None:
    Inquiry.objects.create(
        code="2026-1", number="1", date_printed="2026-03-02", due_on="2026-04-02", state="assigned",
        asker=Organisation.objects.get(code="demo-maslikhat"), territory=almaty.territory,
        organisation=Organisation.objects.get(code="demo-akimat"), registered_by=user("deputy"),
        registered_at="2026-03-02T00:00Z",
    )  # fmt: skip
    assert briefing(almaty, MARCH, user("deputy")).inquiries.total == 1
    assert briefing(almaty, MARCH).inquiries.total == 0


def test_a_deputy_sees_his_own_place_and_his_last_session_again(client_of: Browsers) -> None:
    deputy = client_of("deputy")
    assert "<h1>Almaty" in text_of(deputy)
    text_of(deputy, since="2026-09-01")
    assert 'value="2026-09-01"' in text_of(deputy)


def test_a_citizen_chooses_and_no_cookie_is_set(client: Client) -> None:
    assert "Choose your city" in text_of(client)
    response = client.get(PAGE, {"territory": "almaty", "since": "2026-09-01"})
    assert "sessionid" not in response.cookies
    assert 'value="2026-09-01"' not in text_of(client)


def test_an_organisation_may_be_chosen(client: Client) -> None:
    body = Organisation.objects.filter(indicators__kpis__isnull=False).first()
    assert body is not None
    assert body.name_en in text_of(client, organisation=body.code)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30", "2126-01-01", "0001-01-01", "<script>", "9" * 400]
)
def test_what_is_no_day_is_said_and_ignored(client: Client, text: str) -> None:
    page = text_of(client, territory="almaty", since=text)
    assert "is not a day up to today" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    "params", [{"territory": "atlantis"}, {"organisation": "nobody"}, {"territory": "\0"}]
)
def test_an_unknown_place_is_not_found(client: Client, params: dict[str, str]) -> None:
    assert client.get(PAGE, params).status_code == 404


def test_a_place_without_promises_has_a_sensible_page(client: Client) -> None:
    place = (
        Territory.objects.exclude(pk__in=Standing.objects.values("territory"))
        .filter(children=None, level="district")
        .first()
    )
    assert place is not None
    assert "No promise here has been judged yet." in text_of(client, territory=place.code)


def test_hostile_and_long_names_are_shown_as_text(client: Client, neet: Kpi) -> None:
    name = "<script>alert(1)</script>=1+1" + "ж" * 300
    Kpi.objects.filter(pk=neet.pk).update(name_en=name)
    page = text_of(client, territory="almaty", since="2026-03-02")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_lists_come_as_a_file(client: Client, neet: Kpi) -> None:
    asked = {"territory": "almaty", "since": "2026-03-02"}
    text = client.get(PAGE, {**asked, "format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    slipped = [row for row in rows if row["list"] == "slipped"]
    assert [(row["kpi"], row["standing_then"], row["standing_now"]) for row in slipped] == [
        ("KPI-7", "on_track", "reversed")
    ]
    assert client.get(PAGE, {**asked, "format": "json"}).json()[0]["list"] == "slipped"


@pytest.mark.parametrize(("territory", "budget"), [("almaty", 50), ("kazakhstan", 50)])
def test_the_page_takes_as_many_queries_however_much_it_shows(
    client: Client, history: None, territory: str, budget: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    with django_assert_max_num_queries(budget):
        text_of(client, territory=territory, since="2026-03-02")
    with django_assert_max_num_queries(20):
        text_of(client, territory=territory, since="2026-03-02")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_is_there_in_every_language(client: Client, language: str) -> None:
    assert client.get(f"/{language}/deputy/", {"territory": "almaty"}).status_code == 200


def test_the_sheet_to_print_is_one_page_of_pdf(client: Client, neet: Kpi) -> None:
    response = client.get(PAGE, {"territory": "almaty", "since": MARCH.isoformat(), "format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    [page] = PdfReader(io.BytesIO(response.content)).pages
    text = page.extract_text()
    assert "Almaty" in text
    assert "NEET" in text
