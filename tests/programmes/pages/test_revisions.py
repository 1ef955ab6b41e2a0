"""First published against latest, and the same figure from every source, on a KPI's pages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from indicators.models import OFFICIAL_FIRST, ObservationRevision, Series, Source
from indicators.periods import Period
from indicators.services.publishing import Figure, publish
from programmes.by_source import FromSource, from_every_source
from programmes.differences import Difference
from programmes.models import Kpi, Standing
from programmes.revisions import EARLIER, NEWEST, Record, histories, record_of
from tests.programmes.pages.reading import text_of

pytestmark = pytest.mark.django_db
KPI = "/en/programmes/almaty-2025/kpis/KPI-7/"
ALL = f"{KPI}revisions/"
NEXT_MONTH = dt.datetime(2026, 12, 15, 7, tzinfo=dt.UTC)


@pytest.fixture
def kpi() -> Kpi:
    """Young people not in education, employment or training in Almaty: 14 years, 2023 at 5.2 %."""
    related = Kpi.objects.select_related("indicator", "territory")
    return related.get(programme__code="almaty-2025", code="KPI-7")


@pytest.fixture
def standing(kpi: Kpi) -> Standing:
    return Standing.objects.select_related("series__source").get(kpi=kpi)


@pytest.fixture
def series(standing: Standing) -> Series:
    assert standing.series is not None
    return standing.series


def put(series: Series, period: str, value: str | None, reason: str = "", **other: Any) -> None:
    """Publishes a figure of the series, or of another `source` of the same indicator."""
    when = Period.parse(period)
    source = other.pop("source", None)
    figure = Figure(
        series.indicator_id, series.territory_id, series.breakdown_id,
        Source.objects.get(code=source).pk if source else series.source_id,
        when.frequency, when.start, None if value is None else Decimal(value),
        other.pop("status", "A" if value is not None else "O"), other.pop("origin", "Sheet1!C7"),
    )  # fmt: skip
    publish([figure], reason=reason, **other)


def found(kpi: Kpi, standing: Standing) -> dict[str, FromSource]:
    return {each.source.code: each for each in from_every_source(kpi, standing, kpi.territory)}


@pytest.mark.parametrize(
    ("value", "other", "amount", "share"),
    [
        ("5.3", "5.2", "0.1", 0.1 / 5.2),
        ("5.2", "5.2", "0.0", 0.0),
        ("-3", "-2", "-1", -0.5),
        ("0", "4", "-4", -1.0),
        ("4", "0", "4", None),
    ],
)
def test_a_difference_is_exact_and_its_share_is_of_the_figure_compared_with(
    value: str, other: str, amount: str, share: float | None
) -> None:
    difference = Difference.of(Decimal(value), Decimal(other))
    assert difference is not None
    assert difference.amount == Decimal(amount)
    assert difference.share == (None if share is None else pytest.approx(share))


def test_a_missing_figure_differs_from_nothing() -> None:
    assert Difference.of(None, Decimal(4)) is None
    assert Difference.of(Decimal(4), None) is None


def test_revisions_are_grouped_by_period_in_the_order_of_publication() -> None:
    annual, monthly = Series(frequency="A"), Series(frequency="M")

    def revision(pk: int, series: Series, year: int, value: str) -> ObservationRevision:
        start = dt.date(year, 1, 1)
        return ObservationRevision(pk=pk, series=series, period_start=start, value=Decimal(value))

    grouped = histories(
        [
            revision(4, annual, 2023, "5.3"),
            revision(1, annual, 2023, "5.2"),
            revision(2, annual, 2024, "6"),
            revision(3, monthly, 2023, "7"),
        ]
    )
    values = {
        str(each.period): [float(revision.value or 0) for revision in each.revisions] for each in grouped
    }
    assert list(values.items()) == [("2024", [6]), ("2023", [5.2, 5.3]), ("2023-01", [7])]
    assert [each.revised for each in grouped] == [0, 1, 0]
    assert not Record(grouped).has_release_days


def test_first_and_latest_are_shown_with_their_difference_and_the_last_reason(
    client: Client, kpi: Kpi, series: Series
) -> None:
    put(series, "2023", "5.15", "weights after the census")
    put(series, "2023", "5.3", "late questionnaires", at=NEXT_MONTH, status="P", origin="Sheet1!D9")
    history = next(each for each in record_of(series, kpi.indicator).histories if each.period.year == 2023)
    assert (history.first.value, history.latest.value, history.revised) == (Decimal("5.2"), Decimal("5.3"), 2)
    page = text_of(client, KPI)
    assert "One of 14 figures has been revised since it was first published here." in page
    row = page.partition("Where from 2023")[2].partition("2022")[0]
    for words in ("5.3 provisional value", "15 December 2026", "5.2", "+0.1 +1.9 % 2 late questionnaires"):
        assert words in row, words
    assert "Sheet1!D9" in row
    assert "census" not in row


def test_a_figure_published_once_stays_short(client: Client, series: Series) -> None:
    assert "First published" not in text_of(client, KPI)
    put(series, "2023", "5.3", "late questionnaires")
    assert "published once" in text_of(client, KPI)


def test_a_revision_of_an_early_year_is_not_hidden_among_earlier_figures(kpi: Kpi, series: Series) -> None:
    put(series, "2012", "3.4", "corrected")
    record = record_of(series, kpi.indicator)
    assert [each.period.year for each in record.shown] == [2023, 2022, 2021, 2012]
    assert 2012 not in [each.period.year for each in record.earlier]
    assert record.has_more


def test_a_figure_that_was_withdrawn_has_no_difference(client: Client, kpi: Kpi, series: Series) -> None:
    put(series, "2022", None, "withdrawn by the source")
    history = record_of(series, kpi.indicator).revised[0]
    assert history.difference is None
    assert "missing value" in text_of(client, ALL)


def test_more_periods_than_fit_lead_to_a_page_of_their_own(kpi: Kpi, series: Series) -> None:
    revisions = [
        ObservationRevision(pk=year, series=series, period_start=dt.date(year, 1, 1), value=Decimal(1))
        for year in range(1950, 2010)
    ]
    record = Record(histories(revisions))
    assert (len(record.shown), len(record.earlier), record.has_more) == (NEWEST, EARLIER, True)
    assert not Record(histories(revisions[:20])).has_more


def test_every_revision_of_every_period_has_its_line(client: Client, series: Series) -> None:
    put(series, "2023", "5.15", "weights after the census")
    put(series, "2023", "5.3", "late questionnaires", at=NEXT_MONTH, released_on=dt.date(2026, 12, 10))
    page = text_of(client, ALL)
    assert page.count("first published") == 14 + 1  # and the sentence above
    for words in ("+0.15 +2.9 %", "−0.05 −1 %", "weights after the census", "10 December 2026"):
        assert words in page, words
    assert ALL in client.get(KPI).content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (ALL, 200),
        (f"{ALL}?territory=almaty", 200),
        (f"{ALL}?territory=semey", 404),
        (f"{ALL}?as_of=2000-01-01", 200),
        ("/en/programmes/almaty-2025/kpis/KPI-999/revisions/", 404),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/revisions/", 404),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/revisions/?territory=arkalyk", 200),
        ("/en/programmes/monotowns-2012-2020/kpis/M-4/revisions/?territory=temirtau", 200),
    ],
)
def test_the_page_is_about_one_territory(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_before_anything_was_published_the_page_says_so(client: Client) -> None:
    assert "No figure of this indicator has been published" in text_of(client, f"{ALL}?as_of=2000-01-01")


def test_revisions_cost_one_query_however_many_there_are(
    kpi: Kpi, series: Series, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        put(series, f"{2012 + number % 3}", f"{number}", f"correction {number}")
    with django_assert_num_queries(1):
        record = record_of(series, kpi.indicator)
        assert sum(each.revised for each in record.histories) == 12
        assert all(step.series.frequency for each in record.histories for step, _difference in each.steps)


def test_another_source_shows_its_difference_in_the_year_of_the_standing(
    client: Client, kpi: Kpi, standing: Standing, series: Series
) -> None:
    put(series, "2023", "5.9", source="ministry-labour")
    put(series, "2024", "6.1", source="ministry-labour")
    ministry = found(kpi, standing)["ministry-labour"]
    assert (standing.year, ministry.latest.period.year) == (2023, 2024)
    assert ministry.difference is not None
    assert ministry.difference.amount == Decimal("0.7")
    assert "2023 5.9 used: 5.2 +0.7 +13.5 %" in text_of(client, KPI)


def test_figures_of_other_periods_are_not_compared(kpi: Kpi, standing: Standing, series: Series) -> None:
    put(series, "2019", "7.5", source="akimat-almaty")
    put(series, "2023-Q4", "5.0", source="ministry-labour")
    of_source = found(kpi, standing)
    assert of_source["akimat-almaty"].difference is None
    assert of_source["ministry-labour"].difference is None


def test_parts_of_the_year_are_compared_with_the_same_parts(
    kpi: Kpi, standing: Standing, series: Series
) -> None:
    for period, value in (("2023-Q1", "5.0"), ("2023-Q2", "5.4")):
        put(series, period, value)
    put(series, "2023-Q1", "4.8", source="ministry-labour")
    put(series, "2023-Q2", "5.1", source="ministry-labour")
    ministry = found(kpi, standing)["ministry-labour"]
    assert ministry.compared is not None
    assert str(ministry.compared.period) == "2023-Q2"
    assert ministry.difference is not None
    assert ministry.difference.amount == Decimal("-0.3")


def test_the_source_used_comes_first_and_the_most_official_next(
    kpi: Kpi, standing: Standing, series: Series
) -> None:
    for source in ("survey", "akimat-almaty", "ministry-labour"):
        put(series, "2023", "5.9", source=source)
    assert list(found(kpi, standing)) == [
        "bureau", "ministry-labour", "akimat-almaty", "survey", "document-004",
    ]  # fmt: skip


def test_every_kind_of_source_has_its_place_in_the_order() -> None:
    assert set(OFFICIAL_FIRST) == set(Source.Kind)


def test_sources_cost_one_query(kpi: Kpi, standing: Standing, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert found(kpi, standing)["bureau"].latest.value == Decimal("5.2")
