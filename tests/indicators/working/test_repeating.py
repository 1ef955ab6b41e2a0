"""A request with an idempotency key is carried out once."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import KeptAnswer, User
from accounts.services.repeating import Once, OtherRequestError, keep_answer, take_up
from indicators.models import Entry, Report
from tests.indicators.working.conftest import ENTRY, REPORT, ROW, Hire, Machine, codes

pytestmark = pytest.mark.django_db
KEY = "1f0c9a2b-nightly"


def test_a_repetition_is_answered_as_before_and_not_done_again(machine: Machine) -> None:
    first = machine.put(99.4, Idempotency_Key=KEY)
    again = machine.put(99.4, Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Entry.objects.get().version == 1


def test_a_report_is_submitted_once(machine: Machine) -> None:
    machine.put(99.4)
    for _time in range(2):
        assert machine.post(f"reports/{REPORT}/submit/", Idempotency_Key=KEY).json()["state"] == "submitted"


@pytest.mark.parametrize("another", ["body", "path", "method"])
def test_a_key_is_for_one_request(machine: Machine, another: str) -> None:
    machine.put(99.4, Idempotency_Key=KEY)
    if another == "body":
        refused = machine.put(98, Idempotency_Key=KEY)
    elif another == "path":
        refused = machine.put(99.4, ENTRY.replace("2024", "2023"), Idempotency_Key=KEY)
    else:
        refused = machine.bulk({**ROW, "value": 99.4}, Idempotency_Key=KEY)
    assert (refused.status_code, codes(refused)) == (422, [("key_of_another_request", "Idempotency-Key")])
    assert Entry.objects.get().version == 1


def test_keys_of_others_are_others(machine: Machine, hire: Hire) -> None:
    machine.put(99.4, Idempotency_Key=KEY)
    assert hire("analyst").put(98, If_Match='"1"', Idempotency_Key=KEY).status_code == 200


def test_what_was_refused_is_looked_at_anew(machine: Machine) -> None:
    assert machine.post(f"reports/{REPORT}/submit/", Idempotency_Key=KEY).status_code == 409
    machine.put(99.4)
    assert machine.post(f"reports/{REPORT}/submit/", Idempotency_Key=KEY).status_code == 200


def test_after_a_day_a_key_is_new(machine: Machine) -> None:
    machine.put(99.4, Idempotency_Key=KEY)
    KeptAnswer.objects.update(kept_at=timezone.now() - dt.timedelta(hours=25))
    assert machine.put(98, If_Match='"1"', Idempotency_Key=KEY).status_code == 200
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a" * 256, "ключ", "a b"])
def test_a_key_that_is_none_is_refused(machine: Machine, key: str) -> None:
    sent = key.encode().decode("latin-1")
    assert codes(machine.put(99.4, Idempotency_Key=sent)) == [("bad_value", "Idempotency-Key")]
    assert not Report.objects.exists()


@pytest.fixture
def elsewhere() -> Iterator[Any]:
    """Another connection to the database, in a transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.rollback()
        other.close()


def test_while_the_first_is_under_way_the_second_is_told_so(
    machine: Machine, user: Callable[[str], User], elsewhere: Any
) -> None:
    lock = Once(user("almaty.analyst"), KEY, "").lock
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
    refused = machine.put(99.4, Idempotency_Key=KEY)
    assert (refused.status_code, codes(refused)) == (409, [("request_under_way", "Idempotency-Key")])
    assert not Entry.objects.exists()
    elsewhere.rollback()
    assert machine.put(99.4, Idempotency_Key=KEY).status_code == 201


def test_a_crash_leaves_neither_work_nor_answer(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_kwargs: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("accounts.repeating.keep_answer", crash)
        with pytest.raises(MemoryError):
            machine.put(99.4, Idempotency_Key=KEY)
    assert not Entry.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert machine.put(99.4, Idempotency_Key=KEY).status_code == 201


def test_the_service_keeps_one_answer(user: Callable[[str], User]) -> None:
    this = Once(user("analyst"), KEY, "a" * 64)
    assert take_up(this) is None
    keep_answer(this, status=201, headers={"ETag": '"1"'}, body=b"{}")
    kept = take_up(this)
    assert kept is not None
    assert (kept.status, kept.headers, bytes(kept.body)) == (201, {"ETag": '"1"'}, b"{}")
    with pytest.raises(OtherRequestError):
        take_up(Once(user("analyst"), KEY, "b" * 64))
