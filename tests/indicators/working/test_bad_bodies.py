"""Whatever is sent, it is stored as meant or refused with a number below 500."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from indicators.models import Entry, Report
from tests.indicators.working.conftest import ENTRY, Machine, codes

pytestmark = pytest.mark.django_db

DEEP = "[" * 30_000 + "]" * 30_000


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe{}", b'{"value": 1, "comment": "\xc3\x28"}', '{"value": NaN}', '{"value": Infinity}',
        '{"value": -Infinity}', '{"value": ', "", "nothing", "{'value': 1}", DEEP, '{"value": ' + DEEP + "}",
        '{"value": ' + "9" * 5000 + "}", "\x00",
    ],
    ids=range(13),
)  # fmt: skip
def test_what_is_no_json_is_refused(machine: Machine, body: bytes | str) -> None:
    refused = machine.ask("put", f"entries/{ENTRY}/", body)
    assert refused.status_code == 400
    assert codes(refused)[0][0] in {"bad_json", "missing_field"}
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({}, "missing_field", "value"),
        ([], "bad_value", "body"),
        ('"text"', "bad_value", "body"),
        ({"value": 1, "colour": "blue"}, "unknown_field", "colour"),
        ({"value": 1, "version": 1}, "unknown_field", "version"),
        ({"value": True}, "bad_value", "value"),
        ({"value": "NaN"}, "bad_value", "value"),
        ({"value": "1e5"}, "bad_value", "value"),
        ({"value": "12,5"}, "bad_value", "value"),
        ({"value": " 1"}, "bad_value", "value"),
        ({"value": "٣"}, "bad_value", "value"),
        ({"value": "=1+1"}, "bad_value", "value"),
        ({"value": [1]}, "bad_value", "value"),
        ({"value": {"$gt": 0}}, "bad_value", "value"),
        ({"value": "1" * 1000}, "bad_value", "value"),
        ({"value": 10**300}, "bad_value", "value"),
        ({"value": 101}, "out_of_range", "value"),
        ({"value": -1}, "out_of_range", "value"),
        ({"value": 1, "status": "X"}, "bad_value", "status"),
        ({"value": 1, "status": None}, "bad_value", "status"),
        ({"value": 1, "status": "O"}, "bad_value", "status"),
        ({"value": 1, "comment": 5}, "bad_value", "comment"),
        ({"value": 1, "comment": "a" * 501}, "bad_value", "comment"),
        ({"value": 1, "comment": "a\0b"}, "bad_value", "comment"),
        ({"value": 1, "comment": "\ud800"}, "bad_value", "comment"),
        ({"value": 1, "\ud800": 1}, "unknown_field", "?"),
    ],
)
def test_a_bad_value_is_named_with_its_cure(machine: Machine, sent: Any, code: str, field: str) -> None:
    refused = machine.ask("put", f"entries/{ENTRY}/", sent)
    assert refused.status_code == 400
    assert (code, field) in codes(refused)
    assert all(flaw["detail"] and flaw["cure"] for flaw in refused.json()["errors"])
    assert not Report.objects.exists()


@pytest.mark.parametrize("number", ["1e-400", "1e400", "1e999999999", "1e-999999999", "-1e99999"])
def test_a_number_that_nobody_could_write_out_is_refused(machine: Machine, number: str) -> None:
    refused = machine.ask("put", f"entries/{ENTRY}/", f'{{"value": {number}}}')
    assert (refused.status_code, codes(refused)) == (400, [("bad_value", "value")])


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("0.10", "0.10"), ("99.123456789012345678901234567890",) * 2, ("1e1", "10"), ("5E-3", "0.005")],
)
def test_no_digit_is_lost(machine: Machine, sent: str, stored: str) -> None:
    assert machine.ask("put", f"entries/{ENTRY}/", f'{{"value": {sent}}}').status_code == 201
    assert str(Entry.objects.get().value) == str(Decimal(stored))


@pytest.mark.parametrize(
    "comment", ["'; DROP TABLE indicators_entry; --", "=cmd|' /C calc'!A0", "<script>", "%s"]
)
def test_a_comment_is_only_a_text(machine: Machine, comment: str) -> None:
    assert machine.put(99, also={"comment": comment}).json()["comment"] == comment
    assert Entry.objects.get().comment == comment


def test_a_large_body_is_refused_before_it_is_read(machine: Machine) -> None:
    address = f"/api/v1/entries/{ENTRY}/"
    response = machine.client.generic(
        "PUT", address, b'{"value": 1}', "application/json", CONTENT_LENGTH=str(1024**3)
    )  # read, it would be a good body
    assert (response.status_code, codes(response)) == (413, [("body_too_large", "body")])
    bulk = machine.post("entries/bulk/", b" " * (16 * 1024**2 + 1))
    assert bulk.status_code == 413
    assert machine.put(1, also={"comment": "a" * 70_000}).status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_a_body_of_another_type_is_refused(machine: Machine, kind: str) -> None:
    response = machine.client.put(f"/api/v1/entries/{ENTRY}/", b'{"value": 1}', content_type=kind)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        f"entries/{ENTRY}/?colour=blue", "entries/?state=x", "entries/?cursor=a", "entries/?lang=de",
        "entries/?period_from=2023&period_from=2024", "reports/?limit=0", "reports/?form=%00",
        "reporting-forms/?limit=1",
    ],
)  # fmt: skip
def test_a_bad_parameter_is_refused(machine: Machine, path: str) -> None:
    assert machine.get(path).status_code == 400


@pytest.mark.parametrize("key", ["", "x", "abc.def", "a" * 5000, "\xff.\xfe"])
def test_a_key_that_opens_nothing_is_unauthorised(key: str) -> None:
    client = Client(headers={"Authorization": f"Api-Key {key}"})
    assert client.put(f"/api/v1/entries/{ENTRY}/", {}, content_type="application/json").status_code == 401


def test_a_body_of_unknown_length_is_refused(machine: Machine) -> None:
    address = f"/api/v1/entries/{ENTRY}/"
    response = machine.client.generic(
        "PUT", address, b"{}", "application/json", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert (response.status_code, codes(response)) == (411, [("length_required", "Content-Length")])
