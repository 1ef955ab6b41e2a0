"""What stands on a line of the log, and what never does."""

import json
import logging
import time
import uuid
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.services.keys import Scope, issue_key
from common.logs import JsonFormatter, LineFormatter, hide, set_ids

PASSWORD, EMAIL = "correct-Horse-7-battery", "aigul.someone@akimat.example"


class Lines(logging.Handler):
    """Every line that is logged, as both formatters write it."""

    def __init__(self) -> None:
        super().__init__()
        self.json: list[str] = []
        self.plain: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.json.append(JsonFormatter().format(record))
        self.plain.append(LineFormatter().format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.json + self.plain)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that any part of the portal logs, of every level."""
    handler, root = Lines(), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "django.request", "bagdar.requests")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG if name else logging.INFO)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    set_ids()


def test_each_answer_is_a_line_with_its_id_and_names_the_view_not_the_address(db: None, lines: Lines) -> None:
    answer = Client().get(f"/en/search/?q={EMAIL}")
    [line] = [json.loads(text) for text in lines.json if "portal:search" in text]
    assert (line["view"], line["method"], line["status"]) == ("portal:search", "GET", 200)
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["milliseconds"] > 0
    assert line["queries"] > 0
    assert {"at", "level", "logger", "process"} <= set(line)


def test_an_id_is_taken_from_a_trusted_proxy_alone_and_only_if_it_is_one(
    db: None, settings: Settings
) -> None:
    def id_of(given: str) -> str:
        return Client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert id_of("proxy-given-0001") != "proxy-given-0001"
    settings.TRUSTED_PROXY = True
    assert id_of("proxy-given-0001") == "proxy-given-0001"
    for bad in ("short", "a b c d e f g h", 'x"}\n{"forged', "9" * 65, "әріптер-мен-жазылған"):
        assert id_of(bad.encode().decode("latin-1")) not in {bad, ""}
    assert id_of("") != id_of("")


def test_what_somebody_types_in_never_reaches_a_line(db: None, lines: Lines) -> None:
    someone = User.objects.create_user(EMAIL, PASSWORD)
    _key, text = issue_key(user=someone, label="machine", scopes=[Scope.UPLOADS])
    client = Client()
    client.post("/en/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    client.post("/en/accounts/login/", {"login": EMAIL, "password": PASSWORD + "!"})
    client.post("/en/accounts/password/reset/", {"email": EMAIL})
    client.get(f"/en/search/?q={EMAIL}")
    client.get(f"/en/nothing/{EMAIL}/{text}/")
    Client().get("/api/v1/uploads/", headers={"Authorization": f"Api-Key {text}"})
    Client().get("/api/v1/uploads/", headers={"Authorization": f"Api-Key {text}x"})
    logging.getLogger("any").warning("The letter to %s was refused by smtp://me:%s@host/", EMAIL, PASSWORD)
    logging.getLogger("any").error("Internal Server Error: /kk/subscriptions/%s/", text.partition(".")[2])
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.create(email=EMAIL.upper(), first_name="Айгүл Ешкімова")
    logging.getLogger("any").error("It failed", exc_info=refused.value)
    assert "It failed" in lines.text
    assert "user_email_is_unique_in_any_case" in lines.text
    for secret in (PASSWORD, EMAIL, EMAIL.upper(), "Ешкімова", text, text.partition(".")[2]):
        assert secret not in lines.text


@pytest.mark.parametrize(
    "harmless",
    [
        "GET programmes:kpi-detail 200",
        "Internal Server Error: /kk/programmes/almaty-2025/kpis/KPI-7/",
        "Task indicators.apply_upload[0c7a9f0e-6d1c-4c5e-9a52-0f2a7d1f8a11] received",
        "/api/v1/observations/?indicator=neet-share&as_of=2024-03-01",
    ],
)
def test_what_an_operator_needs_stays_on_the_line(harmless: str) -> None:
    assert hide(harmless) == harmless


def test_a_long_line_is_no_trap() -> None:
    began = time.perf_counter()
    for long in ("a" * 200_000, "a@" * 100_000, "/" + "a.b-" * 50_000, "DETAIL:\n" * 20_000):
        hide(long)
    assert time.perf_counter() - began < 5


def test_a_line_for_people_has_the_ids_at_its_end() -> None:
    record = logging.LogRecord("some.place", logging.WARNING, "", 1, "It %s", ("rains",), None)
    job = str(uuid.uuid4())
    set_ids(request_id="r-1", job_id=job, task="papers.make")
    line = LineFormatter().format(record)
    set_ids()
    assert line.endswith(f"WARNING some.place It rains [request_id=r-1 job_id={job} task=papers.make]")
    assert LineFormatter().format(record).endswith("WARNING some.place It rains")
