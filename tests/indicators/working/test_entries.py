"""Figures typed by machines: read, saved, and never lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent
from indicators.models import Entry, Report
from tests.indicators.working.conftest import ENTRY, FORM, LINE, REPORT, Hire, Machine, codes

pytestmark = pytest.mark.django_db


def test_a_machine_learns_what_it_is_to_report(machine: Machine) -> None:
    forms = {form["code"]: form for form in machine.get("reporting-forms/").json()}
    form = forms[FORM]
    assert form["territories"] == ["almaty"]
    assert "2024" in form["periods"]
    assert ("central-water-access", "_T") in {
        (line["indicator"], line["breakdown"]) for line in form["lines"]
    }


def test_a_figure_begins_its_report_and_is_replaced_by_who_saw_it(machine: Machine) -> None:
    created = machine.put("99.40")
    assert created.status_code == 201
    assert (created.json()["id"], created.json()["version"], created.json()["state"]) == (ENTRY, 1, "draft")
    assert Entry.objects.get().value == Decimal("99.40")
    updated = machine.put(99.5, also={"comment": "Corrected"}, If_Match=created.headers["ETag"])
    assert (updated.status_code, updated.json()["version"]) == (200, 2)
    entry = Entry.objects.get()
    assert (entry.value, entry.comment) == (Decimal("99.5"), "Corrected")
    assert AuditEvent.objects.filter(action="entry.saved", channel="api").count() == 2


def test_an_update_that_does_not_say_what_it_saw_is_refused(machine: Machine) -> None:
    machine.put(99.4)
    refused = machine.put(98)
    assert (refused.status_code, codes(refused)) == (428, [("version_required", "If-Match")])
    assert Entry.objects.get().value == Decimal("99.4")


def test_a_lost_update_is_told_both_figures_and_both_authors(machine: Machine, hire: Hire, user: Any) -> None:
    seen = machine.put(99.4).headers["ETag"]
    hire("analyst").put(98.1, also={"comment": "Counted anew"}, If_Match=seen)
    lost = machine.put(97.2, If_Match=seen)
    assert (lost.status_code, codes(lost)) == (412, [("conflict", "If-Match")])
    yours, theirs = lost.json()["yours"], lost.json()["theirs"]
    assert (yours["value"], yours["version"], yours["author"]) == (97.2, 1, str(user("almaty.analyst")))
    assert (theirs["value"], theirs["version"], theirs["author"]) == (98.1, 2, str(user("analyst")))
    assert Entry.objects.get().value == Decimal("98.1")
    assert machine.put(97.2, If_Match='"2"').status_code == 200


@pytest.mark.parametrize(
    ("condition", "value", "status"),
    [
        ("If_Match", '"1"', 200), ("If_Match", 'W/"1-0f"', 200), ("If_Match", "*", 200),
        ("If_Match", '"9"', 412),
        ("If_None_Match", "*", 412), ("If_Match", "1", 400), ("If_Match", '"1", "2"', 400),
        ("If_Match", '"' + "9" * 5000 + '"', 400),
    ],
)  # fmt: skip
def test_conditions_hold_or_are_refused(machine: Machine, condition: str, value: str, status: int) -> None:
    machine.put(99.4)
    assert machine.put(98, **{condition: value}).status_code == status


@pytest.mark.parametrize("value", ['"1"', "*"])
def test_a_condition_on_what_is_not_there_fails(machine: Machine, value: str) -> None:
    assert machine.put(99.4, If_Match=value).status_code == 412
    assert not Report.objects.exists()
    assert machine.put(99.4, If_None_Match="*").status_code == 201


def test_the_same_typed_by_two_is_no_conflict(machine: Machine, hire: Hire) -> None:
    machine.put(99.4)
    assert hire("analyst").put(99.4, If_Match='"7"').status_code == 200
    assert Entry.objects.get().version == 1


def test_an_unchanged_figure_is_not_sent_again(machine: Machine) -> None:
    saved = machine.put(99.4)
    read = machine.get(f"entries/{ENTRY}/")
    assert read.headers["ETag"] == saved.headers["ETag"]
    assert read.json() == saved.json()
    again = machine.get(f"entries/{ENTRY}/", If_None_Match=read.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    packed = machine.get(f"entries/{ENTRY}/", If_None_Match=f"W/{read.headers['ETag']}", If_Match='"9"')
    assert packed.status_code == 304
    machine.put(99.5, If_Match=read.headers["ETag"])
    assert machine.get(f"entries/{ENTRY}/", If_None_Match=read.headers["ETag"]).status_code == 200


def test_what_is_doubtful_is_stored_and_asked_about(machine: Machine, hire: Hire) -> None:
    machine.put(90)
    machine.post(f"reports/{REPORT}/submit/")
    assert hire("approver").post(f"reports/{REPORT}/approve/").status_code == 200
    later = machine.put(9, ENTRY.replace("2024", "2025"))
    assert [warning["code"] for warning in later.json()["warnings"]] == ["jump"]
    unexplained = machine.post(f"reports/{FORM}:almaty:2025/submit/")
    assert (unexplained.status_code, codes(unexplained)) == (409, [("warning_needs_comment", LINE)])


def test_entries_are_listed_by_what_they_are_about(machine: Machine) -> None:
    machine.put(99.4)
    machine.put(98, ENTRY.replace("2024", "2023"))
    assert [row["period"] for row in machine.get("entries/").json()["results"]] == ["2024", "2023"]
    assert [row["id"] for row in machine.get("entries/?period_from=2024").json()["results"]] == [ENTRY]
    assert machine.get("entries/?state=approved").json()["results"] == []
    page = machine.get("entries/?limit=1").json()
    following = machine.get(page["next"].partition("/api/v1/")[2]).json()
    assert [row["period"] for row in following["results"]] == ["2023"]


def test_looking_at_drafts_is_kept_in_the_trail(machine: Machine) -> None:
    machine.put(99.4)
    machine.get(f"entries/{ENTRY}/")
    machine.get(f"reports/{REPORT}/")
    assert AuditEvent.objects.filter(action="report.opened", channel="api").count() == 2


def test_a_session_needs_the_forms_token(user: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user("almaty.analyst"))
    address, sent = f"/api/v1/entries/{ENTRY}/", {"value": 99.4}
    assert client.put(address, sent, content_type="application/json").status_code == 403
    assert not Entry.objects.exists()
    token = "a" * 32
    client.cookies["csrftoken"] = token
    headers = {"X-CSRFToken": token}
    assert client.put(address, sent, content_type="application/json", headers=headers).status_code == 201
