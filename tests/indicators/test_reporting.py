"""A report's way: typed, saved, submitted, returned, approved."""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from cities.models import Territory
from indicators.messages import report_error
from indicators.models import (
    Breakdown,
    Entry,
    Indicator,
    Observation,
    ObservationRevision,
    Report,
    ReportingForm,
)
from indicators.periods import Period
from indicators.services.entering import (
    Cell,
    ConflictError,
    ReportError,
    Saved,
    attach_evidence,
    periods_to_report,
    reports_on,
    save_cells,
)
from indicators.services.publishing import Figure, publish
from indicators.services.reporting import (
    CellsError,
    approve_report,
    reopen_report,
    return_report,
    submit_report,
)

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]


@pytest.fixture
def report() -> Report:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    return report_on(form, "2024")


def report_on(form: ReportingForm, period: str) -> Report:
    almaty = Territory.objects.get(code="almaty")
    [report] = reports_on(form=form, period=Period.parse(period), territories=[almaty])
    return report


def save(report: Report, *cells: Cell, by: User) -> Saved:
    """Saves the cells; the report is stored from then on."""
    saved = save_cells(report=report, cells=list(cells), by=by)
    if report.pk is None and saved.entries:
        report.pk = next(iter(saved.entries.values())).report_id
    if report.pk is not None:
        report.refresh_from_db()
    return saved


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
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    assert approve_report(report=report, by=user("approver")) == (1, 0, 0)
    assert published() == Decimal("99.4")


def test_nobody_approves_what_he_submitted_or_typed(report: Report, user: Cast) -> None:
    save(report, cell(), by=user("approver"))
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
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    with pytest.raises(ReportError, match="reason_required"):
        return_report(report=report, by=user("approver"), reason=" ")
    returned = return_report(report=report, by=user("approver"), reason="Of which month?")
    assert (returned.is_open, returned.return_reason) == (True, "Of which month?")
    save(report, cell("99.5", version=1), by=user("almaty.analyst"))


def test_a_submitted_report_cannot_be_typed_in(report: Report, user: Cast) -> None:
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    [error] = save(report, cell("1", version=1), by=user("almaty.analyst")).refused.values()
    assert error.code == "report_is_closed"


def test_an_empty_report_cannot_be_submitted(report: Report, user: Cast) -> None:
    with pytest.raises(ReportError, match="report_is_empty"):
        submit_report(report=report, by=user("almaty.analyst"))


def test_two_typists_notice_each_other(report: Report, user: Cast) -> None:
    save(report, cell("99.4", comment="in May"), by=user("almaty.analyst"))
    with override("kk"):
        refused = save(report, cell("99.9"), by=user("analyst")).refused
    [error] = refused.values()
    assert isinstance(error, ConflictError)
    assert (error.params["theirs"], error.params["author"]) == (
        "99,4 (in May)",
        str(user("almaty.analyst")),
    )
    assert Entry.objects.get(report=report).value == Decimal("99.4")


def test_two_who_typed_the_same_have_no_conflict(report: Report, user: Cast) -> None:
    for name in ("almaty.analyst", "analyst"):
        save(report, cell("99.4"), by=user(name))
    entry = Entry.objects.get(report=report)
    assert (entry.version, entry.changed_by) == (1, user("almaty.analyst"))


def test_what_can_be_saved_is_saved_beside_what_cannot(report: Report, user: Cast) -> None:
    other = report.form.lines.exclude(indicator__code="central-water-access")[0]
    more = Cell(other.indicator, other.breakdown, Decimal(1), "A", "", version=0)
    save(report, cell(), by=user("almaty.analyst"))
    saved = save(report, cell("99.5"), more, by=user("analyst"))
    assert set(saved.refused) == {cell().place}
    assert saved.entries[more.place].value == Decimal(1)
    assert Entry.objects.get(report=report, indicator=cell().indicator).value == Decimal("99.4")


def test_saving_the_same_again_is_no_new_version(report: Report, user: Cast) -> None:
    for version in (0, 1):
        save(report, cell(version=version), by=user("almaty.analyst"))
    assert Entry.objects.get(report=report).version == 1


def test_an_impossible_value_is_refused(report: Report, user: Cast) -> None:
    [error] = save(report, cell("101"), by=user("almaty.analyst")).refused.values()
    assert error.code == "out_of_range"
    assert not Entry.objects.exists()


def test_a_bound_that_does_not_exist_is_told_as_a_dash() -> None:
    error = ReportError("out_of_range", indicator="Waste", value=Decimal(-1), low=Decimal(0), high=None)
    with override("en"):
        assert report_error(error) == "Waste: -1 lies outside the possible range (0 – —)."


def test_a_change_of_a_published_figure_needs_a_comment(report: Report, user: Cast) -> None:
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    reopen_report(report=report, by=user("almaty.analyst"))
    save(report, cell("98", version=1), by=user("almaty.analyst"))
    with pytest.raises(CellsError) as refused:
        submit_report(report=report, by=user("almaty.analyst"))
    assert refused.value.cells == {cell().place: "change_needs_reason"}
    save(report, cell("98", version=2, comment="A slip of the pen"), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    assert published() == Decimal("98")
    revision = ObservationRevision.objects.order_by("-pk")[0]
    assert (revision.reason, revision.user) == ("A slip of the pen", user("approver"))


def test_evidence_is_asked_for_where_the_form_says_so(report: Report, user: Cast) -> None:
    ReportingForm.objects.filter(pk=report.form_id).update(requires_evidence=True)
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    approve_report(report=report, by=user("approver"))
    reopen_report(report=report, by=user("almaty.analyst"))
    saved = save(report, cell("98", version=1, comment="A slip"), by=user("almaty.analyst"))
    with pytest.raises(CellsError) as refused:
        submit_report(report=report, by=user("almaty.analyst"))
    assert refused.value.cells == {cell().place: "change_needs_evidence"}
    [entry] = saved.entries.values()
    act = SimpleUploadedFile("act.pdf", b"%PDF-1.7")
    attach_evidence(entry=entry, version=entry.version, file=act, by=user("almaty.analyst"))
    assert submit_report(report=report, by=user("almaty.analyst")).state == Report.State.SUBMITTED


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [("act.exe", 10, "evidence_of_unknown_kind"), ("act.pdf", 26 * 1024**2, "evidence_too_large")],
)
def test_not_every_file_is_evidence(report: Report, user: Cast, name: str, size: int, code: str) -> None:
    [entry] = save(report, cell(), by=user("almaty.analyst")).entries.values()
    file = SimpleUploadedFile(name, bytes(size))
    with pytest.raises(ReportError, match=code):
        attach_evidence(entry=entry, version=1, file=file, by=user("almaty.analyst"))


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("act.pdf", b"%PDF-1.7", True),
        ("act.PDF", b"MZ\x90\0", False),
        ("act.pdf", b"<html><script>", False),
        ("photo.jpg", b"\xff\xd8\xff\xe0", True),
        ("photo.jpg", b"\x89PNG", False),
        ("table.xlsx", b"PK\x03\x04", True),
        ("table.xls", b"PK\x03\x04", False),
        ("note.txt", "Қосымша".encode(), True),
        ("note.txt", b"MZ\x90\0", False),
    ],
)
def test_evidence_is_what_its_name_says(
    report: Report, user: Cast, name: str, content: bytes, is_taken: bool
) -> None:
    [entry] = save(report, cell(), by=user("almaty.analyst")).entries.values()
    with nullcontext() if is_taken else pytest.raises(ReportError, match="evidence_of_unknown_kind"):
        kept = attach_evidence(
            entry=entry, version=1, file=SimpleUploadedFile(name, content), by=user("almaty.analyst")
        )
        assert kept.evidence.read() == content


def test_a_warning_needs_a_comment_before_the_report_is_submitted(report: Report, user: Cast) -> None:
    history = {2020: "90", 2021: "91", 2022: "92", 2023: "93"}
    publish(
        [Figure(cell().indicator.pk, report.territory_id, cell().breakdown.pk, report.form.source_id, "A",
                dt.date(year, 1, 1), Decimal(value), "A", "a test") for year, value in history.items()],
        reason="a test",
    )  # fmt: skip
    save(report, cell("9.4"), by=user("almaty.analyst"))
    with pytest.raises(CellsError) as refused:
        submit_report(report=report, by=user("almaty.analyst"))
    assert refused.value.cells == {cell().place: "warning_needs_comment"}
    save(report, cell("9.4", version=1, comment="The network burst"), by=user("almaty.analyst"))
    assert submit_report(report=report, by=user("almaty.analyst")).state == Report.State.SUBMITTED


def test_single_cells_are_returned_with_their_reasons(report: Report, user: Cast) -> None:
    save(report, cell(), by=user("almaty.analyst"))
    submit_report(report=report, by=user("almaty.analyst"))
    returned = return_report(
        report=report, by=user("approver"), reason="", cells={cell().place: "Of which month?"}
    )
    assert returned.return_reason == "Of which month?"
    entry = Entry.objects.get(report=report)
    assert entry.returned == "Of which month?"
    save(report, cell("99.5", version=1), by=user("almaty.analyst"))
    entry.refresh_from_db()
    assert entry.returned == ""


@pytest.mark.parametrize(
    ("period", "code"),
    [("2019", "period_not_covered"), ("2031", "period_not_covered"), ("2024-Q1", "period_not_covered"),
     ("2030", "period_not_begun")],
)  # fmt: skip
def test_a_period_outside_the_programme_is_refused(period: str, code: str) -> None:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    with pytest.raises(ReportError, match=code):
        report_on(form, period)


def test_a_figure_can_be_missing_with_its_reason(report: Report, user: Cast) -> None:
    save(report, cell(None, status="L"), by=user("almaty.analyst"))
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
