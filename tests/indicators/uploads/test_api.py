"""Uploads by REST: what the pages do, for machines."""

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import ApiKey, User
from accounts.services.keys import Scope, issue_key, revoke_key
from indicators.models import Upload
from indicators.services.reverting import undo_upload
from indicators.services.uploading import apply_upload, preview_upload
from tests.yamls import read_yaml

pytestmark = pytest.mark.django_db

Cast = Callable[[str], User]
Browser = Callable[[str], Client]
Send = Callable[..., Upload]
Machine = Callable[..., Client]
LIST = "/api/v1/uploads/"
HEAD = "Year,REF_AREA,Value\n"


@pytest.fixture
def machine(user: Cast) -> Machine:
    """`machine("analyst")`: a client with a key of the user."""

    def key(name: str, *scopes: Scope) -> Client:
        _key, text = issue_key(user=user(name), label="Test", scopes=scopes or [Scope.UPLOADS])
        return Client(headers={"Authorization": f"Api-Key {text}", "Accept-Language": "en"})

    return key


def post(client: Client, content: str = HEAD + "2024,KZALA,5.4\n", **fields: Any) -> Any:
    file = SimpleUploadedFile("indicator_8-6-1.csv", content.encode())
    return client.post(LIST, {"file": file, "source": "bureau", **fields})


def valid(response: Any, path: str = LIST + "{id}/", method: str = "get") -> Any:
    """The answer, which is as the committed description says."""
    document = read_yaml((settings.BASE_DIR / "docs/openapi.yaml").read_text())
    content = document["paths"][path][method]["responses"][str(response.status_code)]["content"]
    media_type = response.headers["Content-Type"]
    schema = {**content[media_type]["schema"], "components": document["components"]}
    jsonschema.validate(response.json(), schema)
    return response.json()


def test_a_machine_sends_a_file_confirms_and_undoes_it(machine: Machine) -> None:
    client = machine("analyst")
    sent = post(client)
    assert sent.status_code == 201
    number = valid(sent, LIST, "post")["id"]
    preview_upload(number)
    upload = valid(client.get(f"{LIST}{number}/"))
    assert (upload["state"], upload["counts"]) == ("previewed", {"new": 1, "missing": 0})
    assert upload["recognised"][0]["indicators"] == ["neet-share"]
    confirmed = client.post(f"{LIST}{number}/confirm/")
    assert valid(confirmed, LIST + "{id}/confirm/", "post")["state"] == "confirmed"
    apply_upload(number)
    reverting = client.post(f"{LIST}{number}/revert/", {"reason": "Wrong"}, content_type="application/json")
    assert valid(reverting, LIST + "{id}/revert/", "post")["state"] == "reverting"
    undo_upload(number)
    assert client.get(f"{LIST}{number}/").json()["state"] == "reverted"


def test_a_file_that_confirms_itself_is_published_when_nothing_in_it_is_rejected(machine: Machine) -> None:
    client = machine("analyst")
    number = post(client, confirm="true").json()["id"]
    preview_upload(number)
    assert client.get(f"{LIST}{number}/").json()["state"] == "confirmed"
    assert apply_upload(number) == (1, 0, 0)
    flawed = post(client, HEAD + "2024,KZAKM,5.4\n2024,Atlantis,5.4\n", confirm="true").json()["id"]
    preview_upload(flawed)
    upload = valid(client.get(f"{LIST}{flawed}/"))
    assert upload["state"] == "previewed"
    page = reverse("indicators:upload-detail", args=[flawed])
    assert upload["problems"].endswith("?show=rejected")
    assert page.split("/", 2)[2] in upload["problems"]


def test_a_file_that_confirms_itself_waits_for_the_reason_that_it_lacks(machine: Machine) -> None:
    number = post(machine("analyst"), HEAD + "2023,KZALA,5.3\n", confirm="true").json()["id"]
    preview_upload(number)
    assert Upload.objects.get(pk=number).state == Upload.State.PREVIEWED
    told = post(machine("analyst"), HEAD + "2023,KZALA,5.3\n", confirm="true", reason="Final").json()["id"]
    preview_upload(told)
    assert Upload.objects.get(pk=told).state == Upload.State.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"source": "nobody"}, "unknown_code", "source"),
        ({"source": "akimat-almaty"}, "unknown_code", "source"),
        ({"indicator": "nothing"}, "unknown_code", "indicator"),
        ({"file": ""}, "bad_value", "file"),
    ],
)
def test_each_flaw_is_named_with_its_code(
    machine: Machine, fields: dict[str, str], code: str, field: str
) -> None:
    response = post(machine("analyst"), **fields)
    assert response.status_code == 400
    assert [(flaw["code"], flaw["field"]) for flaw in valid(response, LIST, "post")["errors"]] == [
        (code, field)
    ]


def test_a_decision_that_cannot_be_taken_says_why(machine: Machine) -> None:
    client = machine("analyst")
    number = post(client, HEAD + "2023,KZALA,5.3\n").json()["id"]
    early = client.post(f"{LIST}{number}/confirm/")
    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "not_now")
    valid(early, LIST + "{id}/confirm/", "post")
    preview_upload(number)
    unexplained = client.post(f"{LIST}{number}/confirm/")
    assert (unexplained.status_code, unexplained.json()["errors"][0]["code"]) == (400, "reason_required")
    assert "Readers will see the reason" in unexplained.json()["errors"][0]["detail"]


def test_strangers_are_unauthorised_others_forbidden_and_foreign_uploads_unknown(
    machine: Machine, client_of: Browser, send: Send
) -> None:
    upload = send("indicator_8-6-1.csv", HEAD + "2024,KZALA,5.4\n")
    stranger = Client().get(LIST)
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, "Api-Key")
    assert valid(stranger, LIST)["code"] == "not_authenticated"
    assert client_of("approver").get(LIST).status_code == 403
    foreign = machine("almaty.analyst").get(f"{LIST}{upload.pk}/")
    assert foreign.status_code == 404
    assert valid(foreign)["errors"][0]["code"] == "unknown_code"
    assert machine("analyst").get(f"{LIST}{10**30}/").status_code == 404


def test_a_key_that_is_revoked_or_for_something_else_opens_nothing(machine: Machine, user: Cast) -> None:
    client = machine("analyst")
    revoke_key(key=ApiKey.objects.get())
    refused = client.get(LIST)
    assert (refused.status_code, refused.json()["code"]) == (401, "bad_key")
    _key, text = issue_key(user=user("analyst"), label="For nothing", scopes=[])
    assert Client(headers={"Authorization": f"Api-Key {text}"}).get(LIST).status_code == 403


def test_a_session_needs_its_token_against_forgery(client_of: Browser, user: Cast) -> None:
    assert post(client_of("analyst")).status_code == 201
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user("analyst"))
    assert post(strict).status_code == 403


def test_who_asks_too_often_is_told_when_to_come_back(machine: Machine, settings: Settings) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "uploads": 2}
    client = machine("analyst")
    assert [client.get(LIST).status_code for _ in range(3)] == [200, 200, 429]
    late = client.get(LIST)
    assert int(late.headers["Retry-After"]) > 0
    assert valid(late, LIST)["code"] == "throttled"


def test_without_the_cache_nobody_is_refused(machine: Machine, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    assert machine("analyst").get(LIST).status_code == 200


def test_the_list_takes_the_same_number_of_queries_for_any_number_of_uploads(
    machine: Machine, send: Send, django_assert_max_num_queries: Any
) -> None:
    for year in range(2015, 2020):
        send("indicator_8-6-1.csv", HEAD + f"{year},KZALA,5.4\n")
    client = machine("analyst")
    with django_assert_max_num_queries(8):
        assert len(valid(client.get(LIST), LIST)) == 5
