"""Reporting periods and how SDMX writes them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.periods import Frequency, Period, PeriodError

PERIODS = st.builds(
    Period.containing,
    st.sampled_from(Frequency),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)),
)


@given(PERIODS)
def test_what_is_written_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(PERIODS)
def test_a_period_holds_all_its_days_and_no_other(period: Period) -> None:
    assert period.contains(period.start)
    assert period.contains(period.end)
    assert not period.contains(period.end + timedelta(days=1))
    assert not period.contains(period.start - timedelta(days=1))


@given(PERIODS.filter(lambda period: period.year < 2100))
def test_the_next_period_begins_the_day_after(period: Period) -> None:
    following = period.next()
    assert following.start == period.end + timedelta(days=1)
    assert following.frequency is period.frequency
    assert period < following


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-S2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_it_knows_its_first_and_last_day(text: str, start: date, end: date) -> None:
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-Q5", "2024-S3", "2024-13", "2024-5", "2024-00", " 2024", "2024 ", "2024-q1", "1899",
     "2101", "٢٠٢٤", "2024-05-01"],
)  # fmt: skip
def test_it_rejects_what_sdmx_does_not_write(text: str) -> None:
    with pytest.raises(PeriodError):
        Period.parse(text)


def test_it_rejects_a_start_within_a_period() -> None:
    with pytest.raises(PeriodError):
        Period(Frequency.QUARTER, date(2024, 2, 1))
    with pytest.raises(PeriodError):
        Period(Frequency.MONTH, date(2024, 2, 2))


def test_there_is_no_period_after_the_year_2100() -> None:
    with pytest.raises(PeriodError):
        Period.parse("2100").next()


def test_periods_sort_by_their_start_and_the_shorter_first() -> None:
    texts = ["2024-Q1", "2024", "2024-01", "2023-12", "2024-S1", "2024-02"]
    assert [str(period) for period in sorted(map(Period.parse, texts))] == [
        "2023-12", "2024-01", "2024-Q1", "2024-S1", "2024", "2024-02",
    ]  # fmt: skip


def test_a_year_contains_its_quarters_and_not_those_of_another() -> None:
    year = Period.parse("2024")
    assert year.contains(Period.parse("2024-Q4"))
    assert not year.contains(Period.parse("2025-Q1"))
    assert not Period.parse("2024-Q4").contains(year)


def test_it_counts_its_number_in_the_year() -> None:
    numbers = [Period.parse(text).number for text in ("2024", "2024-S2", "2024-Q3", "2024-11")]
    assert numbers == [1, 2, 3, 11]
