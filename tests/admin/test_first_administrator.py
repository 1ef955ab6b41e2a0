"""How a portal without demonstration users gets its first administrator (docs/operating.md)."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import Action, may
from cities.models import Territory
from tests.admin.conftest import Desk, names
from tests.admin.test_audit import edit

PASSWORD = "a long phrase of the test"


@pytest.mark.usefixtures("_sealed")
def test_made_by_a_command_he_gives_himself_the_mandate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email="first@example.kz", verbosity=0)
    client, first = Client(), User.objects.get(email="first@example.kz")
    client.post(reverse("account_login"), {"login": first.email, "password": PASSWORD})
    assert client.get(reverse("portal:system-status")).status_code == 403

    client.post(
        reverse("admin:accounts_organisation_add"), {"code": "office", "kind": "ministry", **names("Office")}
    )
    office, country = Organisation.objects.get(code="office"), Territory.objects.get(code="kazakhstan")
    mandate = {"role": "administrator", "organisation": office.pk, "territory": country.pk}
    inputs = {f"mandates-0-{name}": value for name, value in mandate.items()}
    edit(Desk(client), first, **inputs, **{"mandates-TOTAL_FORMS": 1})

    assert may(first, Action.ADMINISTER, country)
    assert client.get(reverse("portal:system-status")).status_code == 200
