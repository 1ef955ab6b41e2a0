"""Whatever is changed in the administration is in the audit trail: by whom, what it was and what it is."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Mandate, Organisation, User
from cities.models import Territory
from indicators.models import ReportingForm, Unit
from programmes.models import Kpi
from tests.admin.conftest import Desk, csv
from tests.admin.test_pages import form_data, post_target

pytestmark = pytest.mark.usefixtures("_sealed")


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create_user("clerk@example.kz", "a long old password")


def last(count: int = 1) -> list[AuditEvent]:
    return list(AuditEvent.objects.order_by("number"))[-count:]


def edit(desk: Desk, row: Any, **changes: object) -> None:
    """Saves the page of a row with some inputs changed."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    answer = desk.client.post(address, form_data(desk.client.get(address), **changes))
    assert answer.status_code == 302, answer.context["errors"]


def test_a_changed_field_is_told_with_what_it_was(desk: Desk) -> None:
    ministry = Organisation.objects.get(code="demo-ministry")

    edit(desk, ministry, name_en="Ministry", territory=Territory.objects.get(code="almaty").pk)

    (event,) = last()
    assert (event.action, event.subject) == ("admin.changed", f"organisation:{ministry.pk}")
    assert event.label == "organisation: demo-ministry"
    assert event.user == User.objects.get(email="desk@example.kz")
    assert (event.organisation, event.channel, event.address) == (ministry, "page", "127.0.0.1")
    assert event.details == {
        "name_en": {"old": "Demo: ministry", "new": "Ministry"},
        "territory": {"old": None, "new": "almaty"},
    }


def test_saving_without_a_change_is_no_event(desk: Desk) -> None:
    edit(desk, Organisation.objects.get(code="demo-ministry"))

    assert not AuditEvent.objects.exists()


def test_mandates_are_told_when_given_changed_and_withdrawn(desk: Desk, clerk: User) -> None:
    akimat, almaty = Organisation.objects.get(code="demo-akimat"), Territory.objects.get(code="almaty")
    inputs = {"role": "analyst", "organisation": akimat.pk, "territory": almaty.pk}
    given = {f"mandates-0-{name}": value for name, value in inputs.items()}

    edit(desk, clerk, **given, **{"mandates-TOTAL_FORMS": 1})
    mandate = Mandate.objects.get(user=clerk)
    edit(desk, clerk, **{"mandates-0-role": "approver"})
    edit(desk, clerk, **{"mandates-0-DELETE": "on"})

    first, second, third = last(3)
    for event in (first, second, third):
        assert (event.action, event.subject) == ("mandate.changed", f"mandate:{mandate.pk}")
        assert (event.organisation, event.territory) == (akimat, almaty)
    assert first.details == {
        "role": {"old": None, "new": "analyst"},
        "organisation": {"old": None, "new": "demo-akimat"},
        "territory": {"old": None, "new": "almaty"},
    }
    assert second.details == {"role": {"old": "analyst", "new": "approver"}}
    assert third.details["role"] == {"old": "approver", "new": None}
    assert third.details["user"] == {"old": "clerk@example.kz", "new": None}


def test_a_password_is_told_but_not_which(desk: Desk, clerk: User) -> None:
    new = "another long password"

    desk.client.post(
        reverse("admin:auth_user_password_change", args=[clerk.pk]),
        {"password1": new, "password2": new, "usable_password": "true"},
    )

    clerk.refresh_from_db()
    assert clerk.check_password(new)
    (event,) = last()
    assert event.label == "user: clerk@example.kz"
    assert event.details == {"password": {"old": "***", "new": "***"}}


def test_a_new_user_is_told_without_his_password(desk: Desk) -> None:
    secret = "a long new password"
    typed = {"email": "new@example.kz", "language": "ru", "password1": secret, "password2": secret}
    desk.client.post(reverse("admin:accounts_user_add"), {
        **typed, "usable_password": "true", "mandates-TOTAL_FORMS": 0, "mandates-INITIAL_FORMS": 0,
    })  # fmt: skip

    (event,) = last()
    assert event.details["email"] == {"old": None, "new": "new@example.kz"}
    assert event.details["password"] == {"old": "***", "new": "***"}
    assert secret not in str(event.details)


def test_what_was_deleted_is_kept_in_the_trail(desk: Desk, clerk: User) -> None:
    desk.client.post(reverse("admin:accounts_user_delete", args=[clerk.pk]), {"post": "yes"})

    assert not User.objects.filter(pk=clerk.pk).exists()
    (event,) = last()
    assert event.subject == f"user:{clerk.pk}"
    assert event.details["email"] == {"old": "clerk@example.kz", "new": None}
    assert event.details["password"] == {"old": "***", "new": None}


def test_rows_deleted_from_the_list_are_told_one_by_one(desk: Desk) -> None:
    names = {"name_kk": "x", "name_ru": "x", "name_en": "x"}
    units = [Unit.objects.create(code=code, **names) for code in ("SAMPLE_A", "SAMPLE_B")]

    desk.client.post(
        reverse("admin:indicators_unit_changelist"),
        {"action": "delete_selected", "_selected_action": [unit.pk for unit in units], "post": "yes"},
    )

    assert {event.label for event in last(2)} == {"unit: SAMPLE_A", "unit: SAMPLE_B"}
    assert not Unit.objects.filter(code__startswith="SAMPLE_").exists()


def test_a_reporting_form_is_told_by_its_own_name(desk: Desk) -> None:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    before = form.due_days

    edit(desk, form, due_days=before + 1)

    (event,) = last()
    assert (event.action, event.label) == ("form.changed", "reportingform: almaty-2025-annual")
    assert event.organisation == form.organisation
    assert event.details == {"due_days": {"old": before, "new": before + 1}}


def test_a_target_is_told_too(desk: Desk, programme: object) -> None:
    post_target(desk, Kpi.objects.get(code="K-1", programme__code="sample-programme"), "2025")

    (event,) = last()
    assert event.details["value"] == {"old": None, "new": "7.5"}
    assert event.details["kpi"] == {"old": None, "new": "K-1"}


def test_an_imported_file_is_told_row_by_row(desk: Desk) -> None:
    unit = Unit.objects.create(code="SAMPLE_A", name_kk="a", name_ru="a", name_en="a")

    desk.load(
        "indicators_unit",
        csv("code,name_kk,name_ru,name_en", "SAMPLE_A,a,a,changed", "SAMPLE_B,b,b,b", "SAMPLE_C,c,c,c"),
    )
    desk.load("indicators_unit", csv("code,name_en", "SAMPLE_A,changed"))

    first, second, _third = last(3)
    assert AuditEvent.objects.count() == 3
    assert (first.subject, first.label) == (f"unit:{unit.pk}", "unit: SAMPLE_A")
    assert first.details == {"name_en": {"old": "a", "new": "changed"}}
    assert second.details["code"] == {"old": None, "new": "SAMPLE_B"}


def test_a_change_that_fails_is_no_event(desk: Desk, clerk: User) -> None:
    address = reverse("admin:accounts_user_change", args=[clerk.pk])

    answer = desk.client.post(address, form_data(desk.client.get(address), email="nonsense"))

    assert answer.status_code == 200
    assert not AuditEvent.objects.exists()


def test_nobody_who_is_in_the_trail_can_be_deleted(desk: Desk, clerk: User) -> None:
    clerk.is_staff = clerk.is_superuser = True
    clerk.save()
    browser = Client()
    browser.force_login(clerk)
    edit(Desk(browser), Organisation.objects.get(code="demo-ministry"), name_en="Ministry")

    desk.client.post(reverse("admin:accounts_user_delete", args=[clerk.pk]), {"post": "yes"})

    assert User.objects.filter(pk=clerk.pk).exists()
