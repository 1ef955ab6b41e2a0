"""Only administrators come in, and each only to what they have permission for."""

from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.admin.conftest import Desk, csv

PAGES = [
    ("index", ()),
    ("cities_territory_changelist", ()),
    ("cities_territory_add", ()),
    ("cities_territory_import", ()),
    ("cities_territory_export", ()),
    ("accounts_user_changelist", ()),
    ("programmes_target_import", ()),
]


def staff(*permissions: str) -> Desk:
    """The desk of a member of staff who has these permissions and no others."""
    user = User.objects.create_user("staff@example.kz", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return Desk(client)


@pytest.mark.parametrize(("page", "args"), PAGES)
def test_a_stranger_is_sent_to_the_portals_log_in(db: None, page: str, args: tuple[object, ...]) -> None:
    address, browser = reverse(f"admin:{page}", args=args), Client()

    answer = browser.get(browser.get(address)["Location"])

    assert answer["Location"] == f"{reverse('account_login')}?next={quote(address, safe='')}"


@pytest.mark.parametrize(("page", "args"), PAGES)
def test_a_user_who_is_not_staff_is_refused(db: None, page: str, args: tuple[object, ...]) -> None:
    client = Client()
    client.force_login(User.objects.create_user("analyst@example.kz"))

    answer = client.get(reverse(f"admin:{page}", args=args), follow=True)

    assert answer.status_code == 403


def test_staff_without_permissions_can_neither_import_nor_export(db: None) -> None:
    desk = staff()

    assert desk.client.get(desk.page("cities_territory", "import")).status_code == 403
    assert desk.client.get(desk.page("cities_territory", "export")).status_code == 403
    assert desk.upload("cities_territory", csv("code", "x")).status_code == 403


def test_staff_who_may_look_can_export_but_not_import(db: None) -> None:
    desk = staff("view_territory")

    assert desk.client.get(desk.page("cities_territory", "export")).status_code == 200
    assert desk.client.get(desk.page("cities_territory", "import")).status_code == 403
    assert desk.client.post(desk.page("cities_territory", "process_import")).status_code == 403


def test_staff_who_may_add_and_change_can_import(db: None) -> None:
    desk = staff("view_territory", "add_territory", "change_territory")

    assert desk.client.get(desk.page("cities_territory", "import")).status_code == 200


def test_only_a_superuser_makes_superusers(db: None) -> None:
    desk = staff("view_user", "change_user")
    user = User.objects.create_user("analyst@example.kz")
    address = reverse("admin:accounts_user_change", args=[user.pk])

    form = desk.client.get(address).context["adminform"].form

    assert not {"is_superuser", "is_staff", "groups", "user_permissions"} & set(form.fields)


def test_only_a_superuser_changes_a_superuser(db: None) -> None:
    desk = staff("view_user", "change_user", "delete_user")
    chief = User.objects.create_superuser("chief@example.kz")

    for page in ("accounts_user_delete", "auth_user_password_change"):
        assert desk.client.get(reverse(f"admin:{page}", args=[chief.pk])).status_code == 403
