"""Working days of Kazakhstan, and the deadlines that wait for them."""

import datetime as dt

import pytest

from indicators.deadlines import deadlines, latest_deadline
from indicators.models import ReportingForm
from indicators.periods import Frequency, Period
from indicators.working_days import is_working_day, working_day_from


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-06-15", "Saturday"),
        ("2024-06-16", "Sunday"),
        ("2024-01-01", "New Year"),
        ("2024-01-07", "Orthodox Christmas"),
        ("2024-03-08", "Women's Day"),
        ("2024-03-25", "Monday for Nauryz on Saturday and Sunday"),
        ("2024-10-25", "Republic Day"),
        ("2024-12-16", "Independence Day"),
        ("2025-01-03", "Friday moved from Sunday, 5 January"),
        ("2025-03-10", "Monday for Women's Day on a Saturday"),
        ("2019-07-06", "Capital Day on a Saturday"),
    ],
)
def test_these_days_are_off(text: str, name: str) -> None:
    assert not is_working_day(day(text)), name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-06-14", "Friday"),
        ("2025-01-05", "Sunday worked for Friday, 3 January"),
        ("2024-05-04", "Saturday worked for Wednesday, 8 May"),
        ("2021-10-25", "Republic Day before it was a day off again"),
        ("2024-07-05", "the day before Capital Day"),
    ],
)
def test_these_days_are_worked(text: str, name: str) -> None:
    assert is_working_day(day(text)), name


@pytest.mark.parametrize(
    ("due", "moved"),
    [
        ("2024-06-14", "2024-06-14"),
        ("2024-06-15", "2024-06-17"),
        ("2024-03-21", "2024-03-26"),
        ("2025-01-01", "2025-01-05"),
    ],
)
def test_a_day_off_gives_way_to_the_next_working_day(due: str, moved: str) -> None:
    assert working_day_from(day(due)) == day(moved)


def quarterly(**fields: object) -> ReportingForm:
    return ReportingForm(code="quarterly", frequency="Q", due_days=15, **fields)


@pytest.mark.parametrize(
    ("quarter", "due"),
    [(1, "2024-04-15"), (2, "2024-07-15"), (3, "2024-10-15"), (4, "2025-01-15")],
)
def test_a_quarterly_report_is_due_on_the_15th_of_the_month_after(quarter: int, due: str) -> None:
    assert quarterly().due_on(Period.of(Frequency.QUARTER, 2024, quarter)) == day(due)


def test_a_report_due_on_a_sunday_is_in_time_on_monday() -> None:
    assert quarterly().due_on(Period.of(Frequency.QUARTER, 2022, 4)) == day("2023-01-16")


def test_half_yearly_reports_are_due_within_january_and_july() -> None:
    form = ReportingForm(code="half-yearly", frequency="S", due_days=31)
    due = [each.on for each in deadlines(form, day("2019-01-01"), day("2019-12-31"))]
    assert due == [day("2019-01-31"), day("2019-07-31")]


def test_a_form_has_deadlines_only_for_what_it_covers() -> None:
    form = quarterly(first_day=day("2019-04-01"), last_day=day("2020-06-30"))
    periods = [str(each.period) for each in deadlines(form, day("2015-01-01"), day("2026-01-01"))]
    assert periods == ["2019-Q2", "2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2"]


def test_deadlines_are_found_between_two_days_both_included() -> None:
    between = deadlines(quarterly(), day("2024-04-15"), day("2024-07-15"))
    assert [str(each.period) for each in between] == ["2024-Q1", "2024-Q2"]
    assert deadlines(quarterly(), day("2024-04-16"), day("2024-07-14")) == []


def test_a_deadline_that_days_off_put_off_is_not_missed() -> None:
    [deadline] = deadlines(quarterly(), day("2023-01-16"), day("2023-01-16"))
    assert str(deadline.period) == "2022-Q4"


@pytest.mark.parametrize(
    ("today", "period"),
    [("2024-10-15", "2024-Q2"), ("2024-10-16", "2024-Q3"), ("2030-01-01", "2024-Q4"), ("2019-01-01", None)],
)
def test_the_latest_deadline_is_the_last_that_has_passed(today: str, period: str | None) -> None:
    form = quarterly(first_day=day("2020-01-01"), last_day=day("2024-12-31"))
    latest = latest_deadline(form, day(today))
    assert (str(latest.period) if latest else None) == period
