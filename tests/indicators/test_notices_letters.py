"""Letters: one for all that waits, in the reader's language, never lost."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from indicators.models import Notice
from indicators.services.mailing import send_letters
from indicators.services.notifying import Kind, Wish, mark_read, notify, page, prefer, wishes_of

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]


class Refusing(EmailBackend):
    """A mail server that knows nobody called analyst."""

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        """Refuses what a server refuses."""
        if any(message.to == ["analyst@bagdar.example"] for message in messages):
            raise SMTPRecipientsRefused({"analyst@bagdar.example": (550, b"unknown")})
        return super().send_messages(messages)


def tell(*users: User, key: str = "1", file: str = "births.csv") -> None:
    path = page("indicators:upload-detail", 7)
    notify(Kind.PREVIEWED, users=[user.pk for user in users], key=key, params={"file": file}, path=path)


def test_a_letter_says_what_the_notice_says_and_leads_to_it(user: Cast, settings: Settings) -> None:
    settings.PORTAL_URL = "https://portal.example"
    User.objects.filter(pk=user("analyst").pk).update(language="en")
    tell(user("analyst"))
    assert send_letters() == 1
    [letter] = mail.outbox
    notice = Notice.objects.get()
    assert letter.to == ["analyst@bagdar.example"]
    assert letter.subject == "Read and ready to confirm: births.csv"
    assert f"https://portal.example/en/notices/{notice.pk}/" in letter.body
    assert "https://portal.example/en/notices/preferences/" in letter.body
    assert notice.mailed_at is not None


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_letter_is_in_the_language_of_its_reader(user: Cast, language: str) -> None:
    User.objects.filter(pk=user("analyst").pk).update(language=language)
    tell(user("analyst"))
    send_letters()
    assert f"/{language}/notices/" in mail.outbox[0].body


def test_what_waits_comes_in_one_letter(user: Cast) -> None:
    for number in range(60):
        tell(user("analyst"), key=str(number), file=f"file-{number}.csv")
    tell(user("approver"))
    assert send_letters() == 2
    body = next(letter.body for letter in mail.outbox if letter.to == ["analyst@bagdar.example"])
    assert "file-0.csv" in body
    assert "file-49.csv" in body
    assert "file-50.csv" not in body
    assert "10" in body
    assert send_letters() == 0


def test_a_file_name_is_not_escaped_and_cannot_break_the_subject(user: Cast) -> None:
    tell(user("analyst"), file="births &\r\nBcc: x@x.example <2024>.csv")
    assert send_letters() == 1
    assert mail.outbox[0].subject.endswith("births & Bcc: x@x.example <2024>.csv")
    assert "births &\n" in mail.outbox[0].body.replace("\r\n", "\n")


def test_it_sends_no_letter_that_is_not_wanted(user: Cast) -> None:
    analyst = user("analyst")
    prefer(user=analyst, wishes={Kind.PREVIEWED: Wish(in_portal=True, by_letter=False)}, language="ru")
    tell(analyst)
    assert send_letters() == 0
    assert wishes_of(analyst) == {Kind.PREVIEWED: Wish(in_portal=True, by_letter=False)}


def test_it_sends_no_letter_of_what_was_read_is_stale_or_concerns_nobody(user: Cast) -> None:
    tell(user("analyst"), user("approver"), user("almaty.analyst"))
    mark_read(Notice.objects.filter(user=user("analyst")))
    old = timezone.now() - dt.timedelta(days=8)
    Notice.objects.filter(user=user("approver")).update(created_at=old)
    User.objects.filter(pk=user("almaty.analyst").pk).update(is_active=False)
    assert send_letters() == 0


def test_a_letter_waits_while_the_mail_server_is_away(user: Cast, settings: Settings, tmp_path: Path) -> None:
    tell(user("analyst"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send_letters() == 0
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    assert send_letters() == 1
    [file] = tmp_path.iterdir()
    assert "analyst@bagdar.example" in file.read_text()


def test_a_refused_letter_holds_up_no_other(user: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    tell(user("analyst"), user("approver"))
    assert send_letters() == 1
    assert Notice.objects.get(user=user("analyst")).mailed_at is None
    assert [letter.to for letter in mail.outbox] == [["approver@bagdar.example"]]
