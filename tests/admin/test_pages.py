"""The administration's pages open, in every language, and their forms store what is typed."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from programmes.models import Kpi, Programme, Target
from tests.admin.conftest import Desk

OWN = {"accounts", "cities", "indicators", "programmes"}
MODELS = sorted(
    (model._meta.app_label, str(model._meta.model_name))
    for model in admin.site._registry
    if model._meta.app_label in OWN
)
READ_ONLY = {
    "breakdown", "report", "upload", "observationrevision", "progress", "standing", "progressrun", "apikey",
    "learntname", "tablemapping",
}  # fmt: skip


def form_data(answer: Any, **changes: object) -> dict[str, object]:
    """What a browser would send from a page of the administration, with some inputs changed."""
    forms = [answer.context["adminform"].form]
    for formset in answer.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    data = {
        bound.html_name: value
        for form in forms
        for bound in form
        if (value := bound.value()) is not None and value is not False
    }
    return {**data, **changes}


def post_target(desk: Desk, kpi: Kpi, period: str) -> Any:
    """What follows when a new target of 7.5 is saved."""
    address = reverse("admin:programmes_target_add")
    data = form_data(desk.client.get(address), kpi=kpi.pk, period=period, value="7.5")
    return desk.client.post(address, data)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.usefixtures("programme")
def test_every_list_opens(desk: Desk, language: str) -> None:
    with translation.override(language):
        for app, model in MODELS:
            answer = desk.client.get(reverse(f"admin:{app}_{model}_changelist"), {"q": "sample"})
            assert answer.status_code == 200, model
        assert str(settings.SITE_NAME) in desk.client.get(reverse("admin:index")).content.decode()


@pytest.mark.usefixtures("programme")
def test_lists_ask_the_database_a_fixed_number_of_questions(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for app, model in MODELS:
        address = reverse(f"admin:{app}_{model}_changelist")
        with django_assert_max_num_queries(10, info=model):
            desk.client.get(address)


@pytest.mark.usefixtures("programme")
def test_every_form_opens_and_history_has_none(desk: Desk) -> None:
    for app, model in MODELS:
        answer = desk.client.get(reverse(f"admin:{app}_{model}_add"))
        assert answer.status_code == (403 if model in READ_ONLY else 200), model


@pytest.mark.usefixtures("programme")
def test_every_row_opens(desk: Desk) -> None:
    for model in admin.site._registry:
        row = model._default_manager.last()
        if row is not None and model._meta.app_label in OWN:
            page = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            assert desk.client.get(reverse(page, args=[row.pk])).status_code == 200, page


def test_a_user_is_made_with_an_email_address(desk: Desk) -> None:
    address = reverse("admin:accounts_user_add")
    data = form_data(
        desk.client.get(address),
        email="New@example.kz",
        usable_password="true",
        password1="тау-бұлақ-жайлау-7",
        password2="тау-бұлақ-жайлау-7",
    )

    desk.client.post(address, data)
    again = desk.client.post(address, {**data, "email": "new@EXAMPLE.kz"})

    assert User.objects.get(email="New@example.kz").check_password("тау-бұлақ-жайлау-7")
    assert again.context["adminform"].form.errors


def test_a_targets_period_is_typed_as_one_text(desk: Desk, programme: Programme) -> None:
    post_target(desk, Kpi.objects.get(programme=programme), "2025-S2")

    stored = Target.objects.get(kpi__programme=programme, period_start__year=2025)
    assert (str(stored.period), str(stored.value)) == ("2025-S2", "7.5")


@pytest.mark.parametrize("period", ["2024-13", "soon", "2024", ""])
def test_a_period_that_is_none_or_taken_is_an_error_of_the_form(
    desk: Desk, programme: Programme, period: str
) -> None:
    answer = post_target(desk, Kpi.objects.get(programme=programme), period)

    assert answer.context["adminform"].form.errors
    assert Target.objects.filter(kpi__programme=programme).count() == 2


def test_a_kpis_page_shows_periods_and_stores_targets_beside_it(desk: Desk, programme: Programme) -> None:
    kpi = Kpi.objects.get(programme=programme)
    address = reverse("admin:programmes_kpi_change", args=[kpi.pk])
    page = desk.client.get(address)
    data = form_data(page)
    assert (data["period"], data["targets-0-period"]) == ("2020", "2024")

    desk.client.post(address, {**data, "period": "2021", "targets-0-value": "3"})

    kpi.refresh_from_db()
    assert str(kpi.baseline_period) == "2021"
    assert set(kpi.targets.values_list("value", flat=True)) == {3, -0.5}


def test_two_targets_for_one_period_on_a_kpis_page_are_an_error(desk: Desk, programme: Programme) -> None:
    kpi = Kpi.objects.get(programme=programme)
    address = reverse("admin:programmes_kpi_change", args=[kpi.pk])
    data = form_data(desk.client.get(address))
    data.update({"targets-1-period": "2024", "targets-1-act": data["targets-0-act"]})

    answer = desk.client.post(address, data)

    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_target_outside_its_programme_is_an_error_of_its_period(desk: Desk, programme: Programme) -> None:
    answer = post_target(desk, Kpi.objects.get(programme=programme), "2031")

    assert list(answer.context["adminform"].form.errors) == ["period"]
