"""Machines that work on reports: they enter, hand in and decide with keys."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema
import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services.keys import Scope, issue_key
from tests.yamls import read_yaml

API = "/api/v1/"
FORM = "almaty-2025-annual"
REPORT = f"{FORM}:almaty:2024"
LINE = "central-water-access:_T"
ENTRY = f"{REPORT}:{LINE}"
ROW = dict(zip(("form", "territory", "period", "indicator", "breakdown"), ENTRY.split(":"), strict=True))


@cache
def document() -> dict[str, Any]:
    """The committed description."""
    loaded: dict[str, Any] = read_yaml((settings.BASE_DIR / "docs/openapi.yaml").read_text())
    return loaded


class Machine:
    """A client with a key; each of its answers is as the committed description says."""

    def __init__(self, user: User, *scopes: Scope) -> None:
        _key, text = issue_key(user=user, label="Test", scopes=scopes)
        self.client = Client(headers={"Authorization": f"Api-Key {text}", "Accept-Language": "en"})

    def ask(self, method: str, path: str, sent: object = None, **headers: str) -> Any:
        """The response; `sent` is written as JSON, bytes and texts are sent as they are."""
        body = b"" if sent is None else sent if isinstance(sent, bytes | str) else json.dumps(sent)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = getattr(self.client, method)(
            API + path, data=body, content_type="application/json", headers=named
        )
        check(response, method, path)
        return response

    def get(self, path: str, **headers: str) -> Any:
        """What is read there."""
        response = self.client.get(API + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        check(response, "get", path)
        return response

    def put(self, value: object, entry: str = ENTRY, /, *, also: Any = None, **headers: str) -> Any:
        """Saves a figure."""
        return self.ask("put", f"entries/{entry}/", {"value": value, **(also or {})}, **headers)

    def post(self, path: str, sent: object = None, **headers: str) -> Any:
        """Does something."""
        return self.ask("post", path, sent, **headers)

    def bulk(self, *rows: object, query: str = "", **headers: str) -> Any:
        """Saves many figures."""
        return self.post(f"entries/bulk/{query}", {"entries": list(rows)}, **headers)


def check(response: Any, method: str, path: str) -> None:
    """The answer is described: its status, its type, its members."""
    if response.status_code in {304, 405}:
        return
    parts = path.partition("?")[0].split("/")
    known = {"bulk", "submit", "approve", "return", "reopen", ""}
    address = "/".join(part if n == 0 or part in known else "{id}" for n, part in enumerate(parts))
    content = document()["paths"][API + address][method]["responses"][str(response.status_code)]["content"]
    schema = {**content[response.headers["Content-Type"]]["schema"], "components": document()["components"]}
    jsonschema.validate(response.json(), schema)


def codes(response: Any) -> list[tuple[str, str]]:
    """The flaws of a problem: code and field."""
    return [(flaw["code"], flaw["field"]) for flaw in response.json()["errors"]]


Hire = Callable[..., Machine]


@pytest.fixture
def hire(user: Callable[[str], User]) -> Hire:
    """`hire("almaty.analyst")`: a machine of the user, by default with a key for what he may do there."""

    def find(name: str, *scopes: Scope) -> Machine:
        fitting = Scope.APPROVAL if name == "approver" else Scope.ENTRIES
        return Machine(user(name), *(scopes or [fitting]))

    return find


@pytest.fixture
def machine(hire: Hire) -> Machine:
    """That of Almaty's analyst."""
    return hire("almaty.analyst")
