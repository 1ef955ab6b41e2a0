"""A report's way by machine: read, submitted, returned, approved, reopened."""

from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import User
from indicators.models import Entry, Observation, Report
from indicators.services.pausing import pause_publishing, resume_publishing
from tests.indicators.working.conftest import ENTRY, FORM, LINE, REPORT, Hire, Machine, codes

pytestmark = pytest.mark.django_db


def test_a_report_that_is_not_begun_shows_its_lines(machine: Machine) -> None:
    report = machine.get(f"reports/{REPORT}/").json()
    assert (report["id"], report["state"]) == (REPORT, "not_begun")
    assert ENTRY in {line["id"] for line in report["lines"]}
    assert {line["version"] for line in report["lines"]} == {0}
    assert not Report.objects.exists()


def test_a_report_is_submitted_and_approved(machine: Machine, hire: Hire, user: object) -> None:
    machine.put(99.4)
    submitted = machine.post(f"reports/{REPORT}/submit/").json()
    assert (submitted["state"], submitted["is_late"]) == ("submitted", True)
    approver = hire("approver")
    [waiting] = approver.get("reports/?state=submitted").json()["results"]
    assert waiting["id"] == REPORT
    approved = approver.post(f"reports/{REPORT}/approve/").json()
    assert approved["state"] == "approved"
    [line] = [line for line in approved["lines"] if line["id"] == ENTRY]
    assert line["published"] == {"value": 99.4, "status": "A"}
    assert Observation.objects.filter(
        series__indicator__code="central-water-access", series__source__code="akimat-almaty",
        period_start="2024-01-01", value="99.4",
    ).exists()  # fmt: skip


def test_a_report_is_returned_with_reasons_for_lines(machine: Machine, hire: Hire) -> None:
    machine.put(99.4)
    machine.post(f"reports/{REPORT}/submit/")
    returned = hire("approver").post(f"reports/{REPORT}/return/", {"lines": {LINE: "Of which month?"}})
    assert (returned.json()["state"], returned.json()["return_reason"]) == ("returned", "Of which month?")
    assert machine.get(f"entries/{ENTRY}/").json()["returned"] == "Of which month?"


def test_an_approved_report_is_reopened_to_correct_it(machine: Machine, hire: Hire) -> None:
    machine.put(99.4)
    machine.post(f"reports/{REPORT}/submit/")
    hire("approver").post(f"reports/{REPORT}/approve/")
    assert machine.post(f"reports/{REPORT}/reopen/").json()["state"] == "draft"
    machine.put(99.6, If_Match='"1"')
    unexplained = machine.post(f"reports/{REPORT}/submit/")
    assert (unexplained.status_code, codes(unexplained)) == (409, [("change_needs_reason", LINE)])


def test_what_cannot_be_done_now_says_why(machine: Machine, hire: Hire) -> None:
    approver = hire("approver")
    empty = machine.post(f"reports/{REPORT}/submit/")
    assert (empty.status_code, codes(empty)) == (409, [("report_is_empty", "report")])
    machine.put(99.4)
    early = approver.post(f"reports/{REPORT}/approve/")
    assert (early.status_code, codes(early)) == (404, [("unknown_place", "id")])
    machine.post(f"reports/{REPORT}/submit/")
    closed = machine.put(98, If_Match='"1"')
    assert (closed.status_code, codes(closed)) == (409, [("report_is_closed", "report")])
    twice = machine.post(f"reports/{REPORT}/submit/")
    assert (twice.status_code, codes(twice)) == (409, [("report_is_closed", "report")])
    silent = approver.post(f"reports/{REPORT}/return/", {})
    assert (silent.status_code, codes(silent)) == (400, [("reason_required", "reason")])
    elsewhere = approver.post(f"reports/{REPORT}/return/", {"lines": {"nothing:_T": "?"}})
    assert (elsewhere.status_code, codes(elsewhere)) == (400, [("unknown_code", "lines")])
    wrong = approver.post(f"reports/{REPORT}/return/", {"reason": 5, "lines": [], "because": ""})
    assert wrong.status_code == 400
    assert sorted(codes(wrong)) == [
        ("bad_value", "lines"),
        ("bad_value", "reason"),
        ("unknown_field", "because"),
    ]
    assert Report.objects.get().state == "submitted"
    not_approved = machine.post(f"reports/{REPORT}/reopen/")
    assert (not_approved.status_code, codes(not_approved)) == (409, [("report_not_approved", "report")])


def test_nobody_approves_his_own(machine: Machine, hire: Hire, user: object) -> None:
    approver = hire("approver")
    machine.put(99.4)
    machine.post(f"reports/{REPORT}/submit/")
    Entry.objects.update(changed_by=Report.objects.get().submitted_by_id)
    Report.objects.update(submitted_by=user("approver"))  # type: ignore[operator]
    own = approver.post(f"reports/{REPORT}/approve/")
    assert (own.status_code, codes(own)) == (403, [("own_report", "report")])
    assert Report.objects.get().state == "submitted"


@pytest.mark.parametrize(
    "report",
    ["", "x", f"{FORM}:almaty", f"{FORM}:almaty:2024:x", f"{FORM}:astana:2024", "nothing:almaty:2024",
     f"{FORM}:almaty:2024-Q1", f"{FORM}:almaty:2099", f"{FORM}:almaty:soon", f"{FORM}%00:almaty:2024",
     f"{FORM}:almaty:%ff", f"{FORM}:алматы:2024"],
)  # fmt: skip
def test_an_id_of_nothing_is_not_found(machine: Machine, report: str) -> None:
    for path in (f"reports/{report or '-'}/", f"entries/{report or '-'}:{LINE}/"):
        response = machine.client.get(f"/api/v1/{path}")
        assert response.status_code == 404, path
        assert response.json()["errors"][0]["cure"]


def test_reports_are_read_with_few_queries(machine: Machine, django_assert_max_num_queries: object) -> None:
    for year in (2022, 2023, 2024):
        machine.put(99.4, ENTRY.replace("2024", str(year)))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        machine.get("reports/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        machine.get("reporting-forms/")
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        machine.get(f"reports/{REPORT}/")


def test_what_somebody_else_holds_too_long_is_asked_for_again(machine: Machine, hire: Hire) -> None:
    machine.put(99.4)
    machine.post(f"reports/{REPORT}/submit/")
    approver, other = hire("approver"), connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as elsewhere, connection.cursor() as here:
            elsewhere.execute("LOCK TABLE indicators_series IN EXCLUSIVE MODE")
            here.execute("SET LOCAL lock_timeout = '50ms'")
            busy = approver.post(f"reports/{REPORT}/approve/", Idempotency_Key="1")
    finally:
        other.close()
    assert (busy.status_code, codes(busy)) == (409, [("figures_busy", "")])
    assert approver.post(f"reports/{REPORT}/approve/", Idempotency_Key="1").json()["state"] == "approved"


def test_while_publishing_is_paused_all_but_publishing_goes_on(
    machine: Machine, hire: Hire, user: Callable[[str], User]
) -> None:
    pause_publishing(by=user("administrator"), reason="The annual revision")
    machine.put(99.4)
    assert machine.post(f"reports/{REPORT}/submit/").json()["state"] == "submitted"
    refused = hire("approver").post(f"reports/{REPORT}/approve/")
    assert (refused.status_code, codes(refused)) == (409, [("publishing_paused", "report")])
    [flaw] = refused.json()["errors"]
    assert flaw["number"] == 5003
    assert "The annual revision" in flaw["detail"]
    resume_publishing(by=user("administrator"))
    assert hire("approver").post(f"reports/{REPORT}/approve/").json()["state"] == "approved"
