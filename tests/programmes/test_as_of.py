"""The portal of an earlier day: figures and targets as they were known then, on pages and in the API."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from indicators.models import Observation, ObservationRevision, Series
from indicators.services.publishing import Figure, publish
from programmes.models import Goal, Kpi, LegalAct, Progress, Standing, Target
from programmes.services.as_of import DayToComeError, as_of
from programmes.services.recomputing import recompute

pytestmark = pytest.mark.django_db
NEET = "/en/programmes/almaty-2025/kpis/KPI-7/"
PROGRESS = "/api/v1/progress/"
MARCH, APRIL, MAY = dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 5, 1)


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


@pytest.fixture
def kpi() -> Kpi:
    """KPI 7 of Almaty with a history: known since February, 2024 published in March, revised in April, a
    target amended in April."""
    found = Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")
    series = Standing.objects.get(kpi=found).series
    assert series is not None
    with connection.cursor() as cursor:  # history is append-only; only a test may have been there before
        cursor.execute("ALTER TABLE indicators_observationrevision DISABLE TRIGGER USER")
        cursor.execute("UPDATE indicators_observationrevision SET recorded_at = '2026-02-01T12:00Z'")
        cursor.execute("ALTER TABLE indicators_observationrevision ENABLE TRIGGER USER")
    put(series, "4.4", MARCH)
    put(series, "4.9", APRIL)
    act = LegalAct.objects.filter(programme=found.programme).first()
    target = found.targets.get(period_start__year=2025)
    target.valid_to = APRIL
    target.save()
    Target.objects.create(kpi=found, period_start=target.period_start, value=Decimal("5.5"), valid_from=APRIL)
    assert act is not None
    recompute([found.pk])
    return found


def put(series: Series, value: str, day: dt.date) -> None:
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(2024, 1, 1), Decimal(value), "A", "test",
    )  # fmt: skip
    publish([figure], reason="revised", at=noon(day))


def known(day: dt.date, kpi: Kpi) -> tuple[float | None, float | None]:
    """The actual of 2024 and the target of 2025 as known on the day."""
    with as_of(day, Kpi.objects.filter(pk=kpi.pk)):
        rows = {row.year: row for row in Progress.objects.filter(kpi=kpi)}
        assert rows[2025].target is not None
        return (rows[2024].actual if 2024 in rows else None), rows[2025].target


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MARCH - dt.timedelta(days=1), (None, 4.5)),
        (MARCH, (4.4, 4.5)),
        (APRIL - dt.timedelta(days=1), (4.4, 4.5)),
        (APRIL, (4.9, 5.5)),
        (MAY, (4.9, 5.5)),
    ],
)
def test_a_day_has_its_own_figures_and_targets(
    kpi: Kpi, day: dt.date, expected: tuple[float | None, float | None]
) -> None:
    assert known(day, kpi) == expected


def test_before_anything_was_known_there_is_no_data(kpi: Kpi) -> None:
    with as_of(dt.date(2026, 1, 1), Kpi.objects.filter(pk=kpi.pk)):
        assert Standing.objects.get(kpi=kpi).standing == "no_data"
        assert not Observation.objects.exists()


def test_a_figure_is_known_from_the_day_on_which_its_source_released_it(kpi: Kpi) -> None:
    series = Standing.objects.get(kpi=kpi).series
    assert series is not None
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id, series.source_id, "A",
        dt.date(2025, 1, 1), Decimal("4.2"), "A", "test",
    )  # fmt: skip
    publish([figure], released_on=dt.date(2026, 3, 10))
    with as_of(dt.date(2026, 3, 10), Kpi.objects.filter(pk=kpi.pk)):
        assert Progress.objects.get(kpi=kpi, year=2025).actual == 4.2


def test_nothing_of_the_earlier_day_remains(kpi: Kpi) -> None:
    before = list(Progress.objects.filter(kpi=kpi).order_by("year").values())
    revisions = ObservationRevision.objects.count()
    known(MARCH, kpi)
    assert list(Progress.objects.filter(kpi=kpi).order_by("year").values()) == before
    assert ObservationRevision.objects.count() == revisions


def test_a_day_to_come_is_refused(kpi: Kpi) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with pytest.raises(DayToComeError), as_of(tomorrow, Kpi.objects.filter(pk=kpi.pk)):
        pass


def test_the_page_says_which_day_it_shows_and_keeps_it_in_links(client: Client, kpi: Kpi) -> None:
    page = client.get(NEET, {"as_of": "2026-03-01"}).content.decode()
    assert "As known on 1 March 2026:" in page
    assert "4.4" in page
    assert not re.search(r"(?<![\d.])4\.9\b", page)
    assert "/en/programmes/almaty-2025/?as_of=2026-03-01" in page
    programme = client.get("/en/programmes/almaty-2025/", {"as_of": "2026-03-01"}).content.decode()
    assert f"{NEET}?as_of=2026-03-01" in programme


def test_the_way_up_keeps_the_day(client: Client, kpi: Kpi) -> None:
    up = 'href="/en/programmes/almaty-2025/?as_of=2026-03-01"'
    goal = Goal.objects.filter(programme=kpi.programme)[0]
    for page in ("progress/", f"goals/{goal.code}/", "kpis/KPI-7/", "kpis/KPI-7/revisions/"):
        shown = client.get(f"/en/programmes/almaty-2025/{page}", {"as_of": "2026-03-01"}).content.decode()
        assert up in shown, page


def test_the_chart_as_a_file_is_of_the_same_day(client: Client, kpi: Kpi) -> None:
    page = client.get(NEET, {"as_of": "2026-03-01", "year": "2024"}).content.decode()
    assert f'href="{NEET}chart.svg?as_of=2026-03-01"' in page


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "2126-01-01", "0001-01-01"])
def test_what_is_no_day_is_said_and_today_is_shown(client: Client, text: str) -> None:
    page = client.get(NEET, {"as_of": text}).content.decode()
    assert f"“{text}” is not a day up to today" in page
    assert "As known on" not in page


def test_the_api_answers_as_of_a_day(client: Client, kpi: Kpi) -> None:
    def ask(**params: str) -> Any:
        return client.get(PROGRESS, {"kpi": "almaty-2025:KPI-7", "year_from": "2024", **params}).json()

    assert ask(as_of="2026-03-01")["results"][0]["actual"] == 4.4
    assert ask()["results"][0]["actual"] == 4.9
    one = client.get(f"{PROGRESS}almaty-2025:KPI-7:almaty:2024/", {"as_of": "2026-03-01"}).json()
    assert one["actual"] == 4.4
    standings = client.get("/api/v1/standings/", {"programme": "almaty-2025", "as_of": "2026-01-01"}).json()
    assert {row["standing"] for row in standings["results"]} == {"no_data"}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"as_of": "2024-03-01"}, "as_of_names_no_kpi"),
        ({"as_of": "2126-01-01", "programme": "almaty-2025"}, "bad_value"),
        ({"as_of": "March", "programme": "almaty-2025"}, "bad_value"),
        ({"as_of": "2024-03-01", "programme": "nowhere"}, "unknown_code"),
    ],
)
def test_the_api_says_what_is_wrong_with_a_day(client: Client, params: dict[str, str], code: str) -> None:
    answer = client.get(PROGRESS, params)
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def put_women(kpi: Kpi, value: str, day: dt.date) -> None:
    series = Series.objects.get(
        indicator=kpi.indicator, territory=kpi.territory, breakdown__code="SEX=F", source__code="bureau"
    )
    put(series, value, day)


def women(client: Client, **asked: str) -> dict[str, float]:
    """The figures of women by year in the file of the page of breakdowns."""
    rows = client.get(f"{NEET}breakdowns/", {"by": "SEX", "format": "json", **asked}).json()
    return {row["period"]: row["value"] for row in rows if row["code"] == "SEX=F"}


def test_breakdowns_are_those_known_on_the_day(client: Client, kpi: Kpi) -> None:
    put_women(kpi, "7.1", MARCH)
    put_women(kpi, "7.7", APRIL)
    assert women(client, as_of="2026-03-15")["2024"] == 7.1
    assert women(client)["2024"] == 7.7
    assert "2024" not in women(client, as_of="2026-02-15")


def test_the_way_to_the_breakdowns_and_back_keeps_the_day(client: Client, kpi: Kpi) -> None:
    page = client.get(NEET, {"as_of": "2026-03-01"}).content.decode()
    assert f'action="{NEET}breakdowns/"' in page
    assert '<input type="hidden" name="as_of" value="2026-03-01">' in page
    shown = client.get(f"{NEET}breakdowns/", {"as_of": "2026-03-01"}).content.decode()
    assert "As known on 1 March 2026:" in shown
    assert f'href="{NEET}?as_of=2026-03-01"' in shown


def test_breakdowns_of_a_day_before_all_figures_are_a_page_without_any(client: Client, kpi: Kpi) -> None:
    page = client.get(f"{NEET}breakdowns/", {"as_of": "2026-01-01"})
    assert page.status_code == 200
    assert "None of them has a figure yet." in page.content.decode()
    assert "<table" not in page.content.decode()
