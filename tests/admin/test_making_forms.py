"""A reporting form made of chosen KPIs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from indicators.models import ReportingForm, Source
from programmes.models import Kpi

pytestmark = pytest.mark.django_db

LIST = reverse("admin:programmes_kpi_changelist")


def sent(kpis: list[Kpi], **more: object) -> dict[str, object]:
    return {"action": "make_reporting_form", "_selected_action": [kpi.pk for kpi in kpis], **more}


@pytest.fixture
def wishes(db: None) -> dict[str, object]:
    return {
        "make": "", "code": "towns-quarterly", "name_kk": "Есеп", "name_ru": "Отчёт", "name_en": "Report",
        "organisation": Organisation.objects.get(code="demo-akimat").pk,
        "source": Source.objects.filter(kind="akimat")[0].pk, "frequency": "Q", "due_days": "15",
    }  # fmt: skip


def test_a_form_is_made_of_kpis_with_their_territories(
    client_of: Callable[[str], Client], wishes: dict[str, object]
) -> None:
    kpis = list(Kpi.objects.filter(programme__code="monotowns-2012-2020", group__isnull=False))
    administrator = client_of("administrator")
    assert administrator.post(LIST, sent(kpis)).status_code == 200
    response = administrator.post(LIST, sent(kpis, **wishes))
    form = ReportingForm.objects.get(code="towns-quarterly")
    assert response.url == reverse("admin:indicators_reportingform_change", args=[form.pk])  # type: ignore[attr-defined]
    assert {line.place for line in form.lines.all()} == {(k.indicator_id, k.breakdown_id) for k in kpis}
    assert form.territories.count() == 27


def test_a_code_that_is_taken_is_refused(
    client_of: Callable[[str], Client], wishes: dict[str, object]
) -> None:
    kpis = list(Kpi.objects.filter(programme__code="almaty-2025")[:2])
    response = client_of("administrator").post(LIST, sent(kpis, **{**wishes, "code": "almaty-2025-annual"}))
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
