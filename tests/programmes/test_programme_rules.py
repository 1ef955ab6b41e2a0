"""Due days, sums of plans, anchor projects, loans and the clock of an application."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.methods.loan_rules import (
    AUYL_AMANATY,
    BUDGET_CREDIT,
    FINANCIAL_AGENCY,
    Calendar,
    Loan,
    Step,
    check_clock,
    check_loan,
    due_steps,
    microcredit,
    other_legal_entity,
)
from programmes.methods.programme_rules import (
    QUARTERLY_REPORT,
    AnchorProject,
    Code,
    Deadline,
    PlanRow,
    check_anchor_projects,
    due_dates,
    sum_by_year,
)
from tests.yamls import read_yaml

PROGRAMMES = Path(__file__).resolve().parents[2] / "data" / "programmes"
TERM = (dt.date(2012, 1, 1), dt.date(2015, 12, 31))
DAYS = st.dates(dt.date(2012, 1, 1), dt.date(2030, 12, 31))


def days(*written: str) -> tuple[dt.date, ...]:
    return tuple(dt.date.fromisoformat(day) for day in written)


def measures() -> list[dict[str, Any]]:
    """Every measure of every package."""
    files = [*PROGRAMMES.glob("*/measures.yaml"), *PROGRAMMES.glob("*/measures/*.yaml")]
    return [row for file in sorted(files) for row in read_yaml(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (None, ()),
        ({"type": "one_off", "period": "2012-Q3"}, days("2012-09-30")),
        ({"type": "one_off", "period": "2014-01"}, days("2014-01-31")),
        ({"type": "one_off", "period": "2025"}, ()),
        ({"type": "start", "period": "2012-S2"}, days("2012-12-31")),
        ({"type": "period", "from_year": 2012, "to_year": 2014}, days("2014-12-31")),
        ({"type": "yearly", "from_year": 2014}, days("2014-12-31", "2015-12-31")),
        ({"type": "yearly", "to_year": 2012}, days("2012-12-31")),
        (
            {"type": "recurring", "months": [1], "from_year": 2013, "to_year": 2015},
            days("2013-01-31", "2014-01-31", "2015-01-31"),
        ),
    ],
)
def test_it_tells_when_a_measure_is_due(deadline: Deadline | None, expected: tuple[dt.date, ...]) -> None:
    assert due_dates(deadline, *TERM) == expected


def test_january_and_july_make_two_reports_a_year() -> None:
    found = due_dates({"type": "recurring", "months": [7, 1]}, *TERM)
    assert found == days(
        *(f"{year}-{day}" for year in (2012, 2013, 2014, 2015) for day in ("01-31", "07-31"))
    )


def test_the_quarterly_report_is_due_on_the_15th_of_the_month_after_the_quarter() -> None:
    found = due_dates(QUARTERLY_REPORT, dt.date(2013, 11, 7), dt.date(2014, 12, 31))
    assert found == days("2014-01-15", "2014-04-15", "2014-07-15", "2014-10-15")


def test_a_window_includes_both_its_ends() -> None:
    assert due_dates(QUARTERLY_REPORT, *days("2014-01-15", "2014-04-15")) == days("2014-01-15", "2014-04-15")


def test_it_rejects_a_deadline_of_a_kind_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="sometimes"):
        due_dates({"type": "sometimes"}, *TERM)


@given(DAYS, DAYS, st.sampled_from([row.get("deadline") for row in measures()]))
def test_due_days_of_real_measures_are_ordered_and_within_the_window(
    first: dt.date, last: dt.date, deadline: Deadline | None
) -> None:
    found = due_dates(deadline, first, last)
    assert list(found) == sorted(set(found))
    assert all(first <= day <= last for day in found)


@given(DAYS, DAYS, DAYS)
def test_a_window_cut_in_two_holds_the_same_due_days(one: dt.date, two: dt.date, three: dt.date) -> None:
    first, middle, last = sorted((one, two, three))
    parts = (
        due_dates(QUARTERLY_REPORT, first, middle),
        due_dates(QUARTERLY_REPORT, middle + dt.timedelta(days=1), last),
    )
    assert parts[0] + parts[1] == due_dates(QUARTERLY_REPORT, first, last)


def test_rows_of_the_monotowns_plan_miss_its_rounded_totals() -> None:
    rows = [
        PlanRow(measure["code"], each["year"], each["year"], Decimal(str(each["amount"])))
        for measure in read_yaml(
            (PROGRAMMES / "monotowns-2012-2020" / "measures.yaml").read_text(encoding="utf-8")
        )
        for each in measure["planned"]
    ]
    printed = {2012: Decimal(6000), 2013: Decimal(38200), 2014: Decimal(43200), 2015: Decimal(53900)}
    sums = sum_by_year(rows, printed)
    assert [(each.year, each.planned, each.difference) for each in sums] == [
        (2012, Decimal("6000.0"), Decimal("0.0")),
        (2013, Decimal("38175.4"), Decimal("-24.6")),
        (2014, Decimal("43196.7"), Decimal("-3.3")),
        (2015, Decimal("53861.5"), Decimal("-38.5")),
    ]


def test_an_amount_for_several_years_is_not_divided_and_leaves_no_difference() -> None:
    rows = [PlanRow("a", 2013, 2013, Decimal(5)), PlanRow("b", 2013, 2014, Decimal(7))]
    one, two = sum_by_year(rows, {2013: Decimal(12)})
    assert (one.planned, one.undivided, one.difference) == (Decimal(5), ("b",), None)
    assert (two.year, two.planned, two.printed, two.difference) == (2014, Decimal(0), None, None)


def test_a_total_without_rows_is_missed_by_all_of_it() -> None:
    (only,) = sum_by_year([], {2016: Decimal(10)})
    assert only.difference == Decimal(-10)


@given(
    st.lists(
        st.builds(
            lambda year, cents: PlanRow("m", year, year, Decimal(cents) / 100),
            st.integers(2012, 2016),
            st.integers(0, 10**8),
        )
    )
)
def test_yearly_sums_make_the_sum_of_all_rows_to_the_last_cent(rows: list[PlanRow]) -> None:
    total = sum((each.planned for each in sum_by_year(rows, {})), Decimal(0))
    assert total == sum((row.amount for row in rows), Decimal(0))


def anchor(code: str, town: str = "zhanatas", jobs: int | None = 100) -> AnchorProject:
    return AnchorProject(code, town, jobs, True, True, True)


def test_one_to_three_projects_of_a_hundred_jobs_are_anchors_enough() -> None:
    projects = [anchor("a"), anchor("b", jobs=340), anchor("c"), anchor("d", "arkalyk")]
    assert check_anchor_projects(projects, ["zhanatas", "arkalyk"]) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, [(Code.TOO_FEW_PROJECTS, "zhanatas", 0, 1)]),
        (4, [(Code.TOO_MANY_PROJECTS, "zhanatas", 4, 3)]),
    ],
)
def test_it_counts_the_projects_of_each_town(number: int, expected: list[tuple[Any, ...]]) -> None:
    found = check_anchor_projects([anchor(str(each)) for each in range(number)], ["zhanatas"])
    assert [(each.code, each.about, each.found, each.limit) for each in found] == expected


def test_99_jobs_are_too_few() -> None:
    (only,) = check_anchor_projects([anchor("a", jobs=99)], ["zhanatas"])
    assert tuple(only) == (Code.JOBS, "a", "R-001-ANCHOR", 99, 100)
    assert not only.is_open


def test_unknown_jobs_leave_the_rule_open() -> None:
    (only,) = check_anchor_projects([anchor("a", jobs=None)], ["zhanatas"])
    assert only.code == Code.JOBS
    assert only.is_open


def test_an_anchor_is_medium_or_large_on_the_map_and_outside_raw_sectors() -> None:
    mine = AnchorProject("a", "zhanatas", 500, False, False, None)
    found = check_anchor_projects([mine], ["zhanatas"])
    assert [(each.code, each.is_open) for each in found] == [
        (Code.SIZE, False),
        (Code.RAW, False),
        (Code.MAP, True),
    ]


def test_it_names_towns_that_are_not_on_the_list() -> None:
    (only,) = check_anchor_projects([anchor("a", "almaty")], [])
    assert (only.code, only.about, only.found) == (Code.TOWN, "almaty", 1)


GOOD = Loan("l", Decimal(3_000_000), 60, 20, Decimal(7))


def test_a_loan_at_every_limit_keeps_them() -> None:
    assert check_loan(GOOD, microcredit(Decimal(7))) == []


@pytest.mark.parametrize(
    ("loan", "expected"),
    [
        (replace(GOOD, amount=Decimal("3000000.01")), (Code.AMOUNT, Decimal("3000000.01"), 3_000_000)),
        (replace(GOOD, months=61), (Code.MONTHS, 61, 60)),
        (replace(GOOD, grace_months=21), (Code.GRACE, 21, 20)),
        (replace(GOOD, rate=Decimal("7.1")), (Code.RATE, Decimal("7.1"), 7)),
    ],
)
def test_a_loan_beyond_a_limit_breaks_it(loan: Loan, expected: tuple[Any, ...]) -> None:
    (only,) = check_loan(loan, microcredit(Decimal(7)))
    assert (only.code, only.found, only.limit) == expected
    assert not only.is_open


def test_a_loan_of_which_nothing_is_stated_is_open_in_every_rule() -> None:
    found = check_loan(Loan("l"), microcredit(Decimal(7)))
    assert {each.code for each in found} == {Code.AMOUNT, Code.MONTHS, Code.RATE, Code.GRACE}
    assert all(each.is_open for each in found)


def test_loans_along_the_chain_have_exactly_the_rate_of_their_kind() -> None:
    cheap = Loan("l", months=60, rate=Decimal("0.01"))
    assert check_loan(cheap, BUDGET_CREDIT) == check_loan(cheap, FINANCIAL_AGENCY) == []
    (only,) = check_loan(cheap, other_legal_entity(Decimal("5.2")))
    assert (only.code, only.found, only.limit) == (Code.OTHER_RATE, Decimal("0.01"), Decimal("5.2"))


def test_auyl_amanaty_lends_for_seven_years_at_two_and_a_half_per_cent() -> None:
    assert check_loan(Loan("l", months=84, rate=Decimal("2.5")), AUYL_AMANATY) == []
    found = check_loan(Loan("l", months=85, rate=Decimal("2.6")), AUYL_AMANATY)
    assert [each.code for each in found] == [Code.MONTHS, Code.RATE]


@given(st.integers(1, 60), st.integers(0, 60))
def test_grace_lasts_at_most_a_third_of_the_term(months: int, grace: int) -> None:
    found = check_loan(replace(GOOD, months=months, grace_months=grace), microcredit(Decimal(7)))
    assert bool(found) == (3 * grace > months)


PLAIN = Calendar()
NAURYZ = Calendar(
    holidays=frozenset(days("2014-03-21", "2014-03-22", "2014-03-23", "2014-03-24")),
)  # an example of holidays; the year's own list is an input


@pytest.mark.parametrize(
    ("calendar", "filed", "due"),
    [
        (PLAIN, "2014-03-17", "2014-03-24"),
        (PLAIN, "2014-03-22", "2014-03-28"),
        (NAURYZ, "2014-03-17", "2014-03-26"),
        (replace(NAURYZ, worked=frozenset(days("2014-03-22"))), "2014-03-17", "2014-03-25"),
    ],
)
def test_five_working_days_pass_over_weekends_and_holidays(calendar: Calendar, filed: str, due: str) -> None:
    (day,) = days(filed)
    assert due_steps({Step.FILED: day}, calendar)[Step.FORWARDED] == dt.date.fromisoformat(due)


def test_conclusions_take_ten_calendar_days_holidays_or_not() -> None:
    due = due_steps({Step.FORWARDED: dt.date(2014, 3, 17)}, NAURYZ)
    assert due == dict.fromkeys((Step.COORDINATOR_CONCLUDED, Step.LENDER_CONCLUDED), dt.date(2014, 3, 27))


def test_the_applicant_is_told_three_working_days_after_the_later_conclusion() -> None:
    done = {Step.COORDINATOR_CONCLUDED: dt.date(2014, 4, 1), Step.LENDER_CONCLUDED: dt.date(2014, 4, 4)}
    assert due_steps(done, PLAIN)[Step.APPLICANT_TOLD] == dt.date(2014, 4, 9)


DONE = {
    Step.FILED: dt.date(2014, 4, 7),
    Step.FORWARDED: dt.date(2014, 4, 14),
    Step.COORDINATOR_CONCLUDED: dt.date(2014, 4, 24),
    Step.LENDER_CONCLUDED: dt.date(2014, 4, 24),
    Step.APPLICANT_TOLD: dt.date(2014, 4, 29),
    Step.ISSUED: dt.date(2014, 6, 2),
    Step.COORDINATOR_TOLD: dt.date(2014, 6, 9),
}


def test_an_application_done_on_the_last_days_breaks_no_rule() -> None:
    assert check_clock("a", DONE, PLAIN, dt.date(2015, 1, 1)) == []


@pytest.mark.parametrize(
    ("step", "day", "expected"),
    [
        (Step.FORWARDED, "2014-04-15", (Code.LATE, "2014-04-15", "2014-04-14")),
        (Step.APPLICANT_TOLD, "2014-04-23", (Code.TOO_EARLY, "2014-04-23", "2014-04-24")),
        (Step.COORDINATOR_TOLD, None, (Code.OVERDUE, "2015-01-01", "2014-06-09")),
    ],
)
def test_it_tells_late_early_and_overdue_steps(
    step: Step, day: str | None, expected: tuple[str, ...]
) -> None:
    done = {each: on for each, on in DONE.items() if each != step}
    if day:
        done[step] = dt.date.fromisoformat(day)
    (only,) = check_clock("a", done, PLAIN, dt.date(2015, 1, 1))
    assert (only.code, str(only.found), str(only.limit)) == expected


def test_a_step_not_done_is_no_fault_before_it_is_due() -> None:
    assert check_clock("a", {Step.FILED: dt.date(2014, 4, 7)}, PLAIN, dt.date(2014, 4, 14)) == []


def test_a_step_whose_start_is_unknown_is_open() -> None:
    (only,) = check_clock("a", {Step.APPLICANT_TOLD: dt.date(2014, 4, 7)}, PLAIN, dt.date(2014, 4, 7))
    assert only.code == Code.LATE
    assert only.is_open


@given(DAYS, st.integers(0, 30), st.frozensets(DAYS, max_size=20))
def test_working_days_are_counted_after_the_start(
    start: dt.date, number: int, holidays: frozenset[dt.date]
) -> None:
    calendar = Calendar(holidays)
    end = calendar.after(start, number, is_working=True)
    passed = [start + dt.timedelta(days=each) for each in range(1, (end - start).days + 1)]
    assert sum(map(calendar.is_working, passed)) == number
    assert not passed or calendar.is_working(end)
