"""A report's way: typed, saved, submitted, returned, approved."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from cities.models import Territory
from indicators.messages import report_error
from indicators.models import Breakdown, Entry, Indicator, Observation, Report, ReportingForm
from indicators.periods import Period
from indicators.services.publishing import ReasonRequiredError
from indicators.services.reporting import (
    Cell,
    CellsError,
    ReportError,
    approve_report,
    open_report,
    periods_to_report,
    return_report,
    save_entries,
    submit_report,
)

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]


@pytest.fixture
def report() -> Report:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    return open_report(form=form, territory=Territory.objects.get(code="almaty"), period=Period.parse("2024"))


def cell(value: str | None = "99.4", version: int = 0, comment: str = "", status: str = "A") -> Cell:
    return Cell(
        indicator=Indicator.objects.get(code="central-water-access"),
        breakdown=Breakdown.objects.get(code=""),
        value=None if value is None else Decimal(value),
        status=status,
        comment=comment,
        version=version,
    )


def published() -> Decimal | None:
    found = Observation.objects.get(
        series__indicator__code="central-water-access", series__source__code="akimat-almaty",
        period_start=dt.date(2024, 1, 1),
    )  # fmt: skip
    value: Decimal | None = found.value
    return value


def test_approval_publishes_what_was_typed(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell()], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    assert approve_report(report=report, by=user("approver")) == (1, 0, 0)
    assert published() == Decimal("99.4")


def test_nobody_approves_what_he_submitted_or_typed(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell()], by=user("approver"))
    submit_report(report=report, by=user("approver"))
    with pytest.raises(ReportError, match="own_report"):
        approve_report(report=report, by=user("approver"))
    Report.objects.filter(pk=report.pk).update(submitted_by=user("almaty.analyst"))
    with pytest.raises(ReportError, match="own_report"):
        approve_report(report=report, by=user("approver"))
    Report.objects.filter(pk=report.pk).update(submitted_by=user("approver"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state="approved", decided_by=user("approver"))


def test_a_returned_report_is_open_again_and_says_why(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell()], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    with pytest.raises(ReportError, match="reason_required"):
        return_report(report=report, by=user("approver"), reason=" ")
    returned = return_report(report=report, by=user("approver"), reason="Of which month?")
    assert (returned.is_open, returned.return_reason) == (True, "Of which month?")
    save_entries(report=report, cells=[cell("99.5", version=1)], by=user("almaty.analyst"))


def test_a_submitted_report_cannot_be_typed_in(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell()], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    with pytest.raises(ReportError, match="report_is_closed"):
        save_entries(report=report, cells=[cell("1", version=1)], by=user("almaty.analyst"))


def test_an_empty_report_cannot_be_submitted(report: Report, user: Cast) -> None:
    with pytest.raises(ReportError, match="report_is_empty"):
        submit_report(report=report, by=user("almaty.analyst"))


def test_two_typists_notice_each_other(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell("99.4", comment="in May")], by=user("almaty.analyst"))
    with override("kk"), pytest.raises(CellsError, match="conflict") as refused:
        save_entries(report=report, cells=[cell("99.9")], by=user("analyst"))
    [error] = refused.value.errors.values()
    assert (error.params["theirs"], error.params["author"]) == (
        "99,4 (in May)",
        str(user("almaty.analyst")),
    )
    assert Entry.objects.get(report=report).value == Decimal("99.4")


def test_two_who_typed_the_same_have_no_conflict(report: Report, user: Cast) -> None:
    for name in ("almaty.analyst", "analyst"):
        save_entries(report=report, cells=[cell("99.4")], by=user(name))
    entry = Entry.objects.get(report=report)
    assert (entry.version, entry.changed_by) == (1, user("almaty.analyst"))


def test_all_that_cannot_be_saved_is_named_at_once(report: Report, user: Cast) -> None:
    other = report.form.lines.exclude(indicator__code="central-water-access")[0]
    more = Cell(other.indicator, other.breakdown, Decimal(1), "A", "", version=0)
    save_entries(report=report, cells=[cell(), more], by=user("almaty.analyst"))
    cells = [cell("99.5"), replace(more, value=Decimal(2))]
    with pytest.raises(CellsError, match="conflict, conflict") as refused:
        save_entries(report=report, cells=cells, by=user("analyst"))
    assert set(refused.value.errors) == {wanted.place for wanted in cells}


def test_saving_the_same_again_is_no_new_version(report: Report, user: Cast) -> None:
    for version in (0, 1):
        save_entries(report=report, cells=[cell(version=version)], by=user("almaty.analyst"))
    assert Entry.objects.get(report=report).version == 1


def test_an_impossible_value_is_refused_and_nothing_saved(report: Report, user: Cast) -> None:
    with pytest.raises(CellsError, match="out_of_range"):
        save_entries(report=report, cells=[cell("101")], by=user("almaty.analyst"))
    assert not report.entries.exists()


def test_a_bound_that_does_not_exist_is_told_as_a_dash() -> None:
    error = ReportError("out_of_range", indicator="Waste", value=Decimal(-1), low=Decimal(0), high=None)
    with override("en"):
        assert report_error(error) == "Waste: -1 lies outside the possible range (0 – —)."


def test_a_change_of_a_published_figure_needs_a_comment(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell()], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    Report.objects.filter(pk=report.pk).update(state="returned", return_reason="Check")
    save_entries(report=report, cells=[cell("98", version=1)], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    with pytest.raises(ReasonRequiredError):
        approve_report(report=report, by=user("approver"))
    report.refresh_from_db()
    assert (report.state, published()) == (Report.State.SUBMITTED, Decimal("99.4"))


@pytest.mark.parametrize(
    ("period", "code"),
    [("2019", "period_not_covered"), ("2031", "period_not_covered"), ("2024-Q1", "period_not_covered"),
     ("2030", "period_not_begun")],
)  # fmt: skip
def test_a_period_outside_the_programme_is_refused(period: str, code: str) -> None:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    almaty = Territory.objects.get(code="almaty")
    with pytest.raises(ReportError, match=code):
        open_report(form=form, territory=almaty, period=Period.parse(period))


def test_a_figure_can_be_missing_with_its_reason(report: Report, user: Cast) -> None:
    save_entries(report=report, cells=[cell(None, status="L")], by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    assert published() is None


@pytest.mark.parametrize(
    ("frequency", "last_day", "expected"),
    [
        ("A", "2030-12-31", ["2026", "2025", "2024", "2023", "2022"]),
        ("A", "2024-12-31", ["2024", "2023", "2022"]),
        ("S", None, ["2026-S1", "2025-S2", "2025-S1", "2024-S2", "2024-S1", "2023-S2"]),
        ("Q", None, ["2026-Q2", "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1"]),
        ("M", "2026-02-15", ["2026-01", "2025-12", "2025-11", "2025-10", "2025-09", "2025-08"]),
    ],
)
def test_a_form_offers_its_last_six_periods(
    frequency: str, last_day: str | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2026, 5, 20))
    form = ReportingForm(frequency=frequency, first_day=dt.date(2022, 1, 1))
    form.last_day = dt.date.fromisoformat(last_day) if last_day else None
    assert [str(period) for period in periods_to_report(form)] == expected
