"""The pages of notices: the list, what is unread, and how one wants to be told."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from indicators.models import Notice, NoticePreference, ReportingForm
from indicators.services.notifying import Kind, notify, page

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]


def tell(user: User, number: int = 1) -> Notice:
    path = page("indicators:upload-list")
    params: dict[str, object] = {"file": f"file-{number}.csv"}
    notify(Kind.PREVIEWED, users=[user.pk], key=str(number), params=params, path=path)
    return Notice.objects.get(user=user, key=str(number))


@pytest.mark.parametrize("address", ["/en/notices/", "/en/notices/preferences/", "/en/notices/1/"])
def test_a_stranger_is_asked_to_log_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_the_frame_says_how_many_are_unread(user: Cast, client_of: Browser) -> None:
    browser = client_of("analyst")
    assert "unread" not in browser.get("/en/").content.decode()
    tell(user("analyst"), 1)
    tell(user("analyst"), 2)
    assert "2 unread" in browser.get("/en/").content.decode()


def test_opening_a_notice_leads_to_its_page_in_the_readers_language(user: Cast, client_of: Browser) -> None:
    notice = tell(user("analyst"))
    browser = client_of("analyst")
    browser.head(f"/ru/notices/{notice.pk}/")
    assert not Notice.objects.get().read_at
    response = browser.get(f"/ru/notices/{notice.pk}/")
    assert response["Location"] == "/ru/uploads/"
    assert Notice.objects.get().read_at
    assert browser.get(response["Location"]).status_code == 200


def test_nobody_opens_anothers_notice(user: Cast, client_of: Browser) -> None:
    notice = tell(user("analyst"))
    assert client_of("approver").get(f"/en/notices/{notice.pk}/").status_code == 404
    assert not Notice.objects.get().read_at


def test_marking_all_as_read_spares_later_ones_and_those_of_others(user: Cast, client_of: Browser) -> None:
    others, seen = tell(user("approver")), tell(user("analyst"), 1)
    since = tell(user("analyst"), 2)
    client_of("analyst").post("/en/notices/read/", {"newest": seen.pk})
    assert set(Notice.objects.unread()) == {others, since}


def test_the_list_can_be_narrowed_to_what_is_unread(user: Cast, client_of: Browser) -> None:
    browser = client_of("analyst")
    browser.get(f"/en/notices/{tell(user('analyst'), 1).pk}/")
    tell(user("analyst"), 2)
    everything = browser.get("/en/notices/").content.decode()
    assert "file-1.csv" in everything
    assert "1 notice is unread" in everything
    unread = browser.get("/en/notices/?unread").content.decode()
    assert "file-1.csv" not in unread
    assert "file-2.csv" in unread


def test_what_is_wanted_by_letter_only_is_not_in_the_portal(user: Cast, client_of: Browser) -> None:
    NoticePreference.objects.create(user=user("analyst"), kind=Kind.PREVIEWED, in_portal=False)
    tell(user("analyst"))
    assert "file-1.csv" not in client_of("analyst").get("/en/notices/").content.decode()
    assert "unread" not in client_of("analyst").get("/en/").content.decode()


def test_preferences_are_kept(user: Cast, client_of: Browser) -> None:
    browser = client_of("approver")
    assert "a report waits for your decision" in browser.get("/en/notices/preferences/").content.decode()
    browser.post("/en/notices/preferences/", {"submitted-portal": "on", "language": "ru"})
    assert user("approver").language == "ru"
    preference = NoticePreference.objects.get(kind="submitted")
    assert (preference.in_portal, preference.by_letter) == (True, False)
    browser.post("/en/notices/preferences/", {"submitted-letter": "on", "language": "ru"})
    preference.refresh_from_db()
    assert (preference.in_portal, preference.by_letter) == (False, True)


def test_it_offers_only_what_concerns_the_reader(user: Cast, client_of: Browser) -> None:
    assert "a report is overdue" in client_of("analyst").get("/en/notices/preferences/").content.decode()
    assert "a report is overdue" not in client_of("approver").get("/en/notices/preferences/").content.decode()
    user("administrator").mandates.all().delete()
    nothing = client_of("administrator").get("/en/notices/preferences/").content.decode()
    assert "Your role brings no notices" in nothing


def test_many_notices_need_no_more_queries(
    user: Cast, client_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    form = ReportingForm.objects.get(code="almaty-2025-annual")
    for number in range(120):
        params: dict[str, object] = {
            "form": form.code, "territory": "almaty", "period": "2024", "due": "2025-01-15"
        }  # fmt: skip
        notify(Kind.OVERDUE, users=[user("analyst").pk], key=str(number), params=params, path="/reports/")
    browser = client_of("analyst")
    with django_assert_max_num_queries(12):
        page_of = browser.get("/en/notices/?page=2").content.decode()
    assert page_of.count("Overdue:") == 50
