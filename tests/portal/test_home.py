"""The first page: how promises stand, what has changed, what is due next."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.coming import days_due
from portal.models import NotedStanding, StandingChange
from portal.news import Moved
from portal.services.noting import note_standings
from portal.visits import COOKIE, visits_of
from programmes.models import Kpi, Programme, Standing, Target
from tests.programmes.pages.reading import text_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


def almaty_kpi(standing: str) -> Standing:
    return Standing.objects.filter(standing=standing, kpi__programme__code="almaty-2025")[0]


def noted_as(row: Standing, before: str) -> None:
    """As if the standing had been another one when standings were last compared."""
    NotedStanding.objects.filter(kpi_id=row.kpi_id, territory_id=row.territory_id).update(standing=before)


def test_it_says_how_the_promises_stand(client: Client) -> None:
    text = text_of(client, "/en/")
    assert "1 of 333 promises are kept or on course; 2 have slipped; 330 cannot be judged yet." in text
    assert "Coverage: figures to judge by for 3 of 223." in text
    assert "there are 28 target indicators and names none of them" in text


def test_it_says_what_is_planned_and_that_nobody_knows_what_is_paid(client: Client) -> None:
    content = client.get("/en/?format=csv").content.decode("utf-8-sig")
    rows = {row["programme"]: row for row in csv.DictReader(io.StringIO(content))}
    rural = rows["rural-territories-2023-2027"]
    assert rural["planned_million_tenge"] == "210100.0"
    assert rural["paid_million_tenge"] == ""
    assert "210.1 billion ₸" in text_of(client, "/en/")


def test_it_shows_which_figures_were_published_lately_with_their_source(client: Client) -> None:
    text = text_of(client, "/en/").partition("New figures behind promises")[2]
    assert "(NEET)" in text
    assert "14 figures, 2010–2023 · Almaty 2025 · Bureau of National Statistics" in text


def test_figures_of_a_document_are_no_news(client: Client) -> None:
    assert "strategy" not in text_of(client, "/en/").partition("New figures behind promises")[2].lower()


def test_it_has_a_search_box(client: Client) -> None:
    html = client.get("/kk/").content.decode()
    assert 'action="/kk/search/"' in html
    assert 'name="q"' in html


class TestChanges:
    def test_a_standing_that_is_noted_for_the_first_time_has_not_changed(self) -> None:
        NotedStanding.objects.all().delete()
        assert note_standings() == 0
        assert NotedStanding.objects.count() == Standing.objects.count()

    def test_a_promise_that_slipped_is_shown_with_both_standings(self, client: Client) -> None:
        note_standings()
        row = almaty_kpi("reversed")
        noted_as(row, "on_track")
        assert note_standings() == 1
        text = text_of(client, "/en/").partition("What has changed")[2]
        assert "1 promise has slipped, 0 have recovered." in text
        assert "on track → moving backwards" in text

    def test_nothing_is_written_while_nothing_changes(self, django_assert_num_queries: Any) -> None:
        note_standings()
        with django_assert_num_queries(4):  # a savepoint, the lock, the question
            assert note_standings() == 0

    def test_what_has_no_standing_any_more_is_forgotten(self) -> None:
        note_standings()
        row = almaty_kpi("no_data")
        Standing.objects.filter(kpi_id=row.kpi_id, territory_id=row.territory_id).delete()
        note_standings()
        assert not NotedStanding.objects.filter(kpi_id=row.kpi_id, territory_id=row.territory_id).exists()
        assert not StandingChange.objects.filter(kpi_id=row.kpi_id).exists()

    @pytest.mark.parametrize(
        ("before", "after", "direction"),
        [
            ("on_track", "at_risk", "worse"),
            ("reversed", "missed", "worse"),
            ("missed", "met", "better"),
            ("no_data", "met", "known"),
            ("on_track", "stale", "unknown"),
        ],
    )
    def test_what_cannot_be_judged_is_neither_better_nor_worse(
        self, before: str, after: str, direction: str
    ) -> None:
        assert Moved(StandingChange(before=before, after=after)).direction == direction

    def test_only_what_happened_since_the_day_is_shown(self, client: Client) -> None:
        note_standings()
        noted_as(almaty_kpi("reversed"), "on_track")
        note_standings()
        StandingChange.objects.update(noted_at=timezone.now() - dt.timedelta(days=20))
        week = timezone.localdate() - dt.timedelta(days=7)
        assert "no promise stands otherwise than before." in text_of(client, f"/en/?since={week}")
        assert "1 promise has slipped" in text_of(client, "/en/")

    @pytest.mark.parametrize("text", ["x", "2019-01-01", "2999-01-01", "<b>"])
    def test_a_day_that_is_none_is_said(self, client: Client, text: str) -> None:
        shown = text_of(client, f"/en/?since={text}")
        assert "is no day of the past year" in shown


class TestVisits:
    def test_the_first_visit_shows_the_last_month_and_is_remembered(self, client: Client) -> None:
        response = client.get("/en/")
        today = timezone.localdate()
        assert response.cookies[COOKIE].value == today.isoformat()
        assert response.cookies[COOKIE]["httponly"]
        assert "Since your last visit" not in response.content.decode()

    def test_a_later_visit_shows_what_has_changed_since_the_one_before(self, client: Client) -> None:
        today = timezone.localdate()
        before = today - dt.timedelta(days=9)
        client.cookies[COOKIE] = before.isoformat()
        text = text_of(client, "/en/")
        assert f"Since your last visit on {before:%-d %B %Y}:" in text
        assert client.cookies[COOKIE].value == f"{before}.{today}"
        assert f"Since your last visit on {before:%-d %B %Y}:" in text_of(client, "/en/")

    def test_a_day_in_the_address_counts_more(self, client: Client) -> None:
        client.cookies[COOKIE] = (timezone.localdate() - dt.timedelta(days=9)).isoformat()
        assert "Since your last visit" not in text_of(client, f"/en/?since={timezone.localdate()}")

    @pytest.mark.parametrize("text", ["", "x", "2019-01-01", "2999-01-01.x", "a.b.c", "2026-11-22"])
    def test_what_is_no_day_of_the_past_year_is_no_visit(self, text: str) -> None:
        assert visits_of(text, TODAY) == (None, None)

    def test_it_reads_the_visit_before_the_latest(self) -> None:
        assert visits_of("2026-11-01.2026-11-21", TODAY) == (dt.date(2026, 11, 1), TODAY)
        assert visits_of("2026-11-01", TODAY) == (None, dt.date(2026, 11, 1))

    def test_no_other_page_is_concerned(self, client: Client) -> None:
        assert COOKIE not in client.get("/en/programmes/").cookies


class TestDueNext:
    def test_it_counts_targets_and_measures_by_day(self) -> None:
        programmes = list(Programme.objects.all())
        due = days_due(dt.date(2025, 6, 1), programmes)
        almaty = {each.day: each for each in due if each.programme.code == "almaty-2025"}
        targets = Target.objects.filter(
            kpi__programme__code="almaty-2025", period_start="2025-01-01", valid_to=None
        )
        assert almaty[dt.date(2025, 12, 31)].targets == targets.count()
        assert [each.day for each in due] == sorted(each.day for each in due)

    def test_nothing_is_due_of_what_is_over(self) -> None:
        assert days_due(dt.date(2060, 1, 1), list(Programme.objects.all())) == []


def test_its_queries_do_not_grow_with_promises(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(24):
        client.get("/en/")
    assert Kpi.objects.count() > 200


def test_of_many_programmes_it_shows_those_in_which_most_has_slipped(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = client.get("/en/").context
    assert everything["count"] == len(everything["glances"]) == Programme.objects.count()
    monkeypatch.setattr("portal.views.home.MOST_PROGRAMMES", 1)
    [shown] = client.get("/en/?since=2026-11-01").context["glances"]
    assert shown.slipped == max(each.slipped for each in everything["glances"])
    text = text_of(client, "/en/?since=2026-11-01")
    assert "This is the 1 programme in which most promises have slipped." in text
    assert f"All {everything['count']} programmes" in text
    assert "1 of 333 promises are kept" in text
