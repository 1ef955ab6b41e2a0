"""Who may do what, where: the table."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mandate, Organisation, User
from accounts.permissions import (
    Action,
    actions_of,
    answerers_for,
    askers_for,
    mandated,
    may,
    territories_for,
    users_at,
    users_with,
)
from cities.models import Territory
from indicators.models import ReportingForm

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
ROLES = ["analyst", "almaty.analyst", "approver", "coordinator", "deputy", "administrator"]
EVERYBODY = {Action.WATCH, Action.ORDER}
ANALYST = EVERYBODY | {
    Action.UPLOAD,
    Action.ENTER,
    Action.ANSWER_INQUIRY,
    Action.ATTACH_FIGURES,
    Action.HOLD_KEYS,
    Action.HOOK,
}
ASKER = EVERYBODY | {Action.REGISTER_INQUIRY, Action.ATTACH_FIGURES}
MAY = {
    "analyst": ANALYST,
    "almaty.analyst": ANALYST,
    "approver": EVERYBODY
    | {
        Action.APPROVE,
        Action.ACKNOWLEDGE,
        Action.ANSWER_INQUIRY,
        Action.APPROVE_INQUIRY,
        Action.ASSIGN_INQUIRY,
        Action.ATTACH_FIGURES,
        Action.HOLD_KEYS,
        Action.SIGN,
    },
    "coordinator": ASKER | {Action.AUDIT, Action.COORDINATE, Action.ASSIGN_INQUIRY, Action.SIGN},
    "deputy": ASKER,
    "administrator": EVERYBODY
    | {
        Action.HOOK,
        Action.ADMINISTER,
        Action.ACKNOWLEDGE,
        Action.AUDIT,
        Action.COORDINATE,
        Action.SIGN,
    },
}


@pytest.mark.parametrize("name", ROLES)
def test_each_role_has_its_actions(user: Cast, name: str) -> None:
    assert actions_of(user(name)) == MAY[name]


@pytest.mark.parametrize(
    ("place", "allowed"),
    [("almaty", True), ("alatau-district", True), ("kazakhstan", False), ("almaty-oblast", False)],
)
def test_a_mandate_covers_its_territory_and_all_within(user: Cast, place: str, allowed: bool) -> None:
    territory = Territory.objects.get(code=place)
    assert may(user("almaty.analyst"), Action.UPLOAD, territory) is allowed
    assert may(user("analyst"), Action.UPLOAD, territory)


@pytest.mark.parametrize(
    ("name", "action", "organisation", "allowed"),
    [
        ("almaty.analyst", Action.ENTER, "demo-akimat", True),
        ("almaty.analyst", Action.ENTER, "demo-statistics", False),
        ("almaty.analyst", Action.APPROVE, "demo-akimat", False),
        ("analyst", Action.ENTER, "demo-statistics", True),
        ("analyst", Action.ENTER, "demo-akimat", True),
        ("approver", Action.APPROVE, "demo-akimat", True),
        ("approver", Action.APPROVE, "demo-ministry", True),
    ],
)
def test_a_mandate_covers_its_organisation_and_the_whole_country_covers_all(
    user: Cast, name: str, action: Action, organisation: str, allowed: bool
) -> None:
    almaty, business = Territory.objects.get(code="almaty"), Organisation.objects.get(code=organisation)
    assert may(user(name), action, almaty, business) is allowed
    rows = mandated(user(name), action, territory="territories", organisation="organisation")
    ReportingForm.objects.update(organisation=business)
    assert ReportingForm.objects.filter(rows, code="almaty-2025-annual").exists() is allowed
    assert users_with(action, almaty, business).filter(pk=user(name).pk).exists() is allowed


def test_organisation_and_territory_come_from_the_same_mandate(user: Cast) -> None:
    statistics = Organisation.objects.get(code="demo-statistics")
    astana, almaty = (Territory.objects.get(code=code) for code in ("astana", "almaty"))
    analyst = user("almaty.analyst")
    Mandate.objects.create(user=analyst, role="analyst", organisation=statistics, territory=astana)
    assert may(analyst, Action.ENTER, astana, statistics)
    assert not may(analyst, Action.ENTER, almaty, statistics)


def test_a_mandate_that_has_ended_gives_nothing(user: Cast) -> None:
    Mandate.objects.filter(user=user("analyst")).update(valid_from="2020-01-01", valid_to="2021-01-01")
    assert actions_of(user("analyst")) == set()
    assert user("analyst") not in _analysts_of_almaty()
    assert territories_for(user("analyst"), Action.UPLOAD) == set()


def test_an_inactive_user_may_do_nothing(user: Cast) -> None:
    User.objects.filter(pk=user("analyst").pk).update(is_active=False)
    assert actions_of(user("analyst")) == set()
    assert user("analyst") not in _analysts_of_almaty()


def _analysts_of_almaty() -> set[User]:
    business = Organisation.objects.get(code="demo-akimat")
    return set(users_with(Action.ENTER, Territory.objects.get(code="almaty"), business))


def test_those_who_may_act_in_many_places_are_found_in_two_queries(
    user: Cast, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    business = Organisation.objects.get(code="demo-akimat").pk
    places = [(territory, business) for territory in Territory.objects.values_list("pk", flat=True)]
    with django_assert_num_queries(2):
        found = users_at(Action.ENTER, places)
    inside = set(
        Territory.objects.within({Territory.objects.get(code="almaty").pk}).values_list("pk", flat=True)
    )
    for territory, organisation in places:
        everybody = {user("analyst").pk, user("almaty.analyst").pk}
        expected = everybody if territory in inside else {user("analyst").pk}
        assert found[territory, organisation] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("deputy", {"demo-maslikhat"}),
        ("coordinator", {"demo-maslikhat"}),
        ("analyst", set()),
        ("administrator", set()),
    ],
)
def test_deputies_ask_in_the_name_of_their_own_body(user: Cast, name: str, expected: set[str]) -> None:
    assert set(askers_for(user(name)).values_list("code", flat=True)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("coordinator", {"demo-akimat", "demo-ministry", "demo-statistics"}),
        ("approver", {"demo-akimat", "demo-ministry", "demo-statistics"}),
        ("almaty.analyst", set()),
        ("deputy", set()),
    ],
)
def test_an_inquiry_is_given_to_those_who_answer(user: Cast, name: str, expected: set[str]) -> None:
    found = answerers_for(user(name), Territory.objects.get(code="almaty"))
    assert set(found.filter(code__startswith="demo-").values_list("code", flat=True)) == expected


def test_who_assigns_for_one_organisation_gives_inquiries_to_it_alone(user: Cast) -> None:
    head = User.objects.create_user("head@bagdar.example", None)
    akimat = Organisation.objects.get(code="demo-akimat")
    almaty, astana = (Territory.objects.get(code=code) for code in ("almaty", "astana"))
    Mandate.objects.create(user=head, role="approver", organisation=akimat, territory=almaty)
    assert list(answerers_for(head, Territory.objects.get(code="alatau-district"))) == [akimat]
    assert not answerers_for(head, astana).exists()


PAGES = {
    "home": {"anonymous", *ROLES},
    "programmes:programme-list": {"anonymous", *ROLES},
    "programmes:quality-list": {"anonymous", *ROLES},
    "portal:search": {"anonymous", *ROLES},
    "portal:indicator-list": {"anonymous", *ROLES},
    "portal:changes-feed": {"anonymous", *ROLES},
    "portal:subscription-new": {"anonymous", *ROLES},
    "indicators:upload-list": {"analyst", "almaty.analyst"},
    "accounts:key-list": {"analyst", "almaty.analyst", "approver"},
    "indicators:report-list": {"analyst", "almaty.analyst"},
    "indicators:review-list": {"approver"},
    "accounts:audit-list": {"coordinator", "administrator"},
    "accounts:audit-export": {"coordinator", "administrator"},
    "indicators:calendar": {"coordinator", "administrator"},
    "indicators:notice-list": set(ROLES),
    "indicators:notice-preferences": set(ROLES),
    "programmes:inquiry-list": {"anonymous", *ROLES},
    "programmes:inquiry-register": {"deputy", "coordinator"},
    "admin:index": {"administrator"},
}


@pytest.mark.parametrize("name", ["anonymous", *ROLES])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_lets_in_whom_it_should(client_of: Callable[[str], Client], name: str, page: str) -> None:
    response = client_of(name).get(reverse(page))
    if name in PAGES[page]:
        assert response.status_code == 200
    elif name == "anonymous":
        assert response.status_code == 302
        assert "login" in response["Location"]
    else:
        assert response.status_code in {302, 403}
