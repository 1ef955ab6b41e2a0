"""Letters to subscribers: asked for, confirmed, sent once, ended."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cities.models import Territory
from portal.models import StandingChange, Subscription
from portal.services.digests import send_digests, send_invitations
from portal.services.subscribing import confirm, forget_unconfirmed, subscribe
from programmes.models import Kpi, Programme
from tests.programmes.pages.reading import text_of

pytestmark = pytest.mark.django_db
READER = "reader@example.org"
WEEK = dt.timedelta(days=7)


@pytest.fixture
def neet() -> Kpi:
    return Kpi.objects.get(programme__code="almaty-2025", code="KPI-7")


def subscribed(subject: Programme | Territory | Kpi | None, frequency: str = "weekly") -> Subscription:
    found = subscribe(email=READER, language="en", frequency=frequency, subject=subject, is_own=False)
    confirm(subscription=found)
    found.refresh_from_db()
    return found


def slips(kpi: Kpi, moment: dt.datetime | None = None) -> StandingChange:
    return StandingChange.objects.create(
        kpi=kpi, territory=Territory.objects.get(code="almaty"), before="on_track", after="reversed",
        year=2023, actual=5.2, noted_at=moment or timezone.now(),
    )  # fmt: skip


class TestSubscribing:
    def test_a_reader_asks_and_is_asked_to_confirm(
        self, client: Client, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        address = "/en/subscriptions/new/?programme=almaty-2025"
        assert "Almaty 2025" in text_of(client, address)
        client.post(address, {"email": READER, "frequency": "weekly"})
        send_invitations()
        (letter,) = mail.outbox
        assert letter.to == [READER]
        (link,) = re.findall(r"https?://\S+", str(letter.body))
        page = link.partition("://")[2].partition("/")[2]
        assert client.get(f"/{page}").status_code == 200
        assert not Subscription.objects.get().confirmed_at
        client.post(f"/{page}", {"confirm": ""})
        assert Subscription.objects.get().confirmed_at

    def test_he_is_asked_to_confirm_only_once_a_day(self) -> None:
        for _time in range(3):
            subscribe(email=READER, language="en", frequency="weekly", subject=None, is_own=False)
            send_invitations()
        assert len(mail.outbox) == 1
        Subscription.objects.update(invited_at=timezone.now() - dt.timedelta(days=2))
        subscribe(email=READER.upper(), language="en", frequency="weekly", subject=None, is_own=False)
        send_invitations()
        assert len(mail.outbox) == 2
        assert Subscription.objects.count() == 1

    def test_a_stranger_cannot_change_a_confirmed_subscription(self) -> None:
        subscribed(None)
        subscribe(email=READER, language="ru", frequency="monthly", subject=None, is_own=False)
        found = Subscription.objects.get()
        assert (found.language, found.frequency) == ("en", "weekly")
        assert send_invitations() == 0

    def test_a_user_need_not_confirm_his_own_address(
        self, client_of: Callable[[str], Client], user: Callable[[str], User]
    ) -> None:
        own = user("deputy").email
        client_of("deputy").post("/ru/subscriptions/new/", {"email": own, "frequency": "monthly"})
        found = Subscription.objects.get()
        assert found.confirmed_at
        assert (found.email, found.language, found.subject) == (own, "ru", None)
        client_of("deputy").post("/ru/subscriptions/new/", {"email": READER, "frequency": "monthly"})
        assert not Subscription.objects.get(email=READER).confirmed_at

    @pytest.mark.parametrize("data", [{}, {"email": "nobody", "frequency": "weekly"}, {"email": READER}])
    def test_a_form_that_says_too_little_is_shown_again(self, client: Client, data: dict[str, str]) -> None:
        assert client.post("/en/subscriptions/new/", data).status_code == 200
        assert not Subscription.objects.exists()

    @pytest.mark.parametrize("query", ["programme=x", "territory=x", "programme=almaty-2025&kpi=x"])
    def test_an_unknown_code_is_not_found(self, client: Client, query: str) -> None:
        assert client.get(f"/en/subscriptions/new/?{query}").status_code == 404

    def test_nobody_guesses_a_subscription(self, client: Client) -> None:
        assert client.get("/en/subscriptions/guess/").status_code == 404

    def test_addresses_that_nobody_confirms_are_forgotten(self) -> None:
        subscribe(email=READER, language="en", frequency="weekly", subject=None, is_own=False)
        assert forget_unconfirmed() == 0
        Subscription.objects.update(asked_at=timezone.now() - dt.timedelta(days=15))
        assert forget_unconfirmed() == 1

    def test_the_database_refuses_two_subjects_at_once(self, neet: Kpi) -> None:
        found = subscribed(neet)
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.filter(pk=found.pk).update(programme=neet.programme_id)


class TestDigests:
    @pytest.mark.parametrize("subject", ["kpi", "programme", "territory", "country", "everything"])
    def test_whoever_follows_it_hears_of_a_promise_that_slipped(self, neet: Kpi, subject: str) -> None:
        about = {
            "kpi": neet,
            "programme": neet.programme,
            "territory": Territory.objects.get(code="almaty"),
            "country": Territory.objects.get(code="kazakhstan"),
            "everything": None,
        }
        subscribed(about[subject])
        slips(neet)
        assert send_digests(timezone.now() + WEEK) == 1
        (letter,) = mail.outbox
        assert f"{neet.name_en}: moving backwards" in letter.body
        assert "on track → moving backwards" in letter.body
        assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_nobody_is_told_twice(self, neet: Kpi) -> None:
        subscribed(neet)
        slips(neet)
        assert send_digests(timezone.now() + WEEK) == 1
        assert send_digests(timezone.now() + WEEK) == 0
        assert send_digests(timezone.now() + 3 * WEEK) == 0

    def test_no_letter_comes_before_the_week_or_month_is_over(self, neet: Kpi) -> None:
        subscribed(neet, "monthly")
        slips(neet)
        assert send_digests(timezone.now() + 2 * WEEK) == 0
        assert send_digests(timezone.now() + 5 * WEEK) == 1

    def test_no_letter_comes_when_nothing_has_changed(self, neet: Kpi) -> None:
        slips(neet, timezone.now() - dt.timedelta(days=1))
        subscribed(neet)
        assert send_digests(timezone.now() + WEEK) == 0
        assert mail.outbox == []

    def test_no_letter_comes_before_the_address_is_confirmed(self, neet: Kpi) -> None:
        subscribe(email=READER, language="en", frequency="weekly", subject=neet, is_own=False)
        slips(neet)
        assert send_digests(timezone.now() + WEEK) == 0

    def test_it_is_written_in_the_language_that_was_chosen(self, neet: Kpi) -> None:
        subscribed(neet)
        Subscription.objects.update(language="kk")
        slips(neet)
        send_digests(timezone.now() + WEEK)
        assert neet.name_kk in mail.outbox[0].body
        assert "/kk/programmes/almaty-2025/kpis/KPI-7/" in mail.outbox[0].body

    def test_a_name_with_a_line_break_breaks_no_letter(self, neet: Kpi) -> None:
        Kpi.objects.filter(pk=neet.pk).update(name_en="NEET\r\nBcc: all@example.org")
        neet.refresh_from_db()
        subscribed(neet)
        slips(neet)
        assert send_digests(timezone.now() + WEEK) == 1
        assert "\n" not in mail.outbox[0].subject


class TestEnding:
    def test_its_page_ends_it(self, client: Client) -> None:
        found = subscribed(None)
        client.post(f"/en/subscriptions/{found.token}/", {"end": ""})
        assert not Subscription.objects.exists()

    def test_opening_its_page_changes_nothing(self, client: Client) -> None:
        found = subscribed(None)
        assert READER in text_of(client, f"/en/subscriptions/{found.token}/")
        assert Subscription.objects.filter(confirmed_at=found.confirmed_at).exists()

    def test_a_mail_programs_button_ends_it(self) -> None:
        found = subscribed(None)
        browser = Client(enforce_csrf_checks=True)
        address = f"/en/subscriptions/{found.token}/end/"
        assert browser.get(address).status_code == 405
        assert browser.post(address).status_code == browser.post(address).status_code == 204
        assert not Subscription.objects.exists()
