"""Thirty analysts on one form at once: what each typed is saved, or he is shown whose figure stands there."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from tests.browser.conftest import Portal
from tests.patience import PATIENCE_SECONDS

ANALYSTS = 30
SHEET = "/en/reports/almaty-2025-annual/2026/"


def test_thirty_analysts_type_into_one_form_at_once(reader: Callable[..., Page], portal: Portal) -> None:
    page = reader("en", "almaty.analyst")
    page.goto(SHEET)
    headers = _headers(page)
    before = _ask(portal.url, "state/", headers)
    report = before["reports"][0]["id"]
    lines = [line["id"] for line in before["lines"] if line["maximum"] is None]

    def type_as(analyst: int) -> tuple[str, str, dict[str, Any]]:
        line, value = lines[analyst % len(lines)], str(1000 + analyst)
        cell = {"report": report, "line": line, "value": value, "version": 0, "comment": "as counted"}
        return f"{report}:{line}", value, _ask(portal.url, "save/", headers, {"cells": [cell]})

    with ThreadPoolExecutor(ANALYSTS) as analysts:
        answers = list(analysts.map(type_as, range(ANALYSTS)))
    stored = _ask(portal.url, "state/", headers)["cells"]
    saved = Counter(key for key, _value, answer in answers if not answer["refused"])
    assert saved == Counter(dict.fromkeys((key for key, _value, _answer in answers), 1))
    for key, value, answer in answers:
        if answer["refused"]:
            assert answer["refused"][key]["code"] == "conflict"
            assert answer["refused"][key]["theirs"]["value"] == stored[key]["value"]
        else:
            assert stored[key]["value"] == value


def _headers(page: Page) -> dict[str, str]:
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
        "Content-Type": "application/json",
    }


def _ask(url: str, name: str, headers: dict[str, str], sent: object = None) -> dict[str, Any]:
    body = None if sent is None else json.dumps(sent).encode()
    with urlopen(Request(f"{url}{SHEET}{name}", body, headers), timeout=PATIENCE_SECONDS) as response:
        answer: dict[str, Any] = json.loads(response.read())
    return answer
