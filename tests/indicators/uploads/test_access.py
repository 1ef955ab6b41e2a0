"""Whose uploads a person sees: his own and those of his organisation, while he belongs to it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Mandate, User
from indicators.models import Upload

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
Send = Callable[..., Upload]
PAGES = ["upload-detail", "upload-progress", "upload-file"]
TABLE = "Year,REF_AREA,Value\n2024,KZALA,5.4\n"


def join(user: User, colleague: User, *, until: str | None = None) -> None:
    mandate = Mandate.objects.get(user=colleague)
    mandate.pk, mandate.user, mandate.valid_to = None, user, until
    mandate.save()


def statuses(client: Client, upload: Upload) -> set[int]:
    return {client.get(reverse(f"indicators:{page}", args=[upload.pk])).status_code for page in PAGES}


def test_an_upload_is_its_senders(send: Send, client_of: Browser) -> None:
    upload = send("neet.csv", TABLE)
    assert statuses(client_of("analyst"), upload) == {200}
    assert statuses(client_of("almaty.analyst"), upload) == {404}


def test_colleagues_take_over_one_anothers_uploads(send: Send, client_of: Browser, user: Cast) -> None:
    join(user("almaty.analyst"), user("analyst"))
    assert statuses(client_of("almaty.analyst"), send("neet.csv", TABLE)) == {200}


def test_who_has_left_the_organisation_sees_its_uploads_no_more(
    send: Send, client_of: Browser, user: Cast
) -> None:
    join(user("almaty.analyst"), user("analyst"), until="2021-01-01")
    assert statuses(client_of("almaty.analyst"), send("neet.csv", TABLE)) == {404}


@pytest.mark.parametrize("page", ["upload-confirm", "upload-read-again"])
def test_a_strangers_upload_can_be_neither_confirmed_nor_read_again(
    send: Send, client_of: Browser, page: str
) -> None:
    upload = send("neet.csv", TABLE)
    assert (
        client_of("almaty.analyst").post(reverse(f"indicators:{page}", args=[upload.pk])).status_code == 404
    )
    assert client_of("approver").post(reverse(f"indicators:{page}", args=[upload.pk])).status_code == 403
