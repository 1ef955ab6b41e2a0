"""What a screen reader is told of the main pages, from Chromium's own accessibility tree."""

from collections import Counter
from collections.abc import Callable
from itertools import cycle, pairwise
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

Reader = Callable[..., Page]
PAGES = {
    "": "",
    "programmes/almaty-2025/": "",
    "programmes/almaty-2025/kpis/": "",
    "programmes/almaty-2025/kpis/KPI-7/": "",
    "programmes/almaty-2025/measures/": "",
    "programmes/almaty-2025/funding/": "",
    "territories/": "",
    "territories/almaty/": "",
    "compare/?with=almaty&with=astana": "",
    "indicators/": "",
    "indicators/neet-share/": "",
    "search/?q=almaty": "",
    "subscriptions/new/": "",
    "deputy/?territory=almaty": "deputy",
    "inquiries/new/": "deputy",
    "inquiries/ds-275/": "",
    "papers/": "",
    "methods/rural-settlements/": "",
}
"""The main pages, and whose they are ("" is anybody)."""
FIELDS = {"textbox", "searchbox", "combobox", "checkbox", "radio", "Date", "spinbutton"}
NAMED = FIELDS | {"link", "button", "DisclosureTriangle", "image", "navigation", "region", "progressbar"}


class Told(NamedTuple):
    """What is said of one thing: its role, its name, and the level of a heading."""

    role: str
    name: str
    level: int


def told(page: Page) -> list[Told]:
    """Everything that is said of the page, in the order of the document."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        Told(node["role"]["value"], _name(node), _level(node)) for node in nodes if not node.get("ignored")
    ]


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def _level(node: dict[str, Any]) -> int:
    found = [each["value"]["value"] for each in node.get("properties", []) if each["name"] == "level"]
    return int(found[0]) if found else 0


@pytest.mark.parametrize(
    ("path", "role", "language"),
    [(*each, code) for each, code in zip(PAGES.items(), cycle(["kk", "ru", "en"]))],
)
def test_whoever_listens_is_told_what_everything_is(
    reader: Reader, path: str, role: str, language: str
) -> None:
    page = reader(language, role)
    page.goto(f"/{language}/{path}")
    found = told(page)
    assert [each for each in found if each.role in NAMED and not any(map(str.isalnum, each.name))] == []
    once = Counter(each.role for each in found if each.role in {"banner", "main", "contentinfo"})
    assert once == {"banner": 1, "main": 1, "contentinfo": 1}
    assert _twice(found, {"navigation"}) == set()
    assert _twice(found, FIELDS | {"button"}) == set()
    levels = [each.level for each in found if each.role == "heading"]
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def _twice(found: list[Told], roles: set[str]) -> set[Told]:
    """Those of the roles that cannot be told apart by what is said of them."""
    counted = Counter(each for each in found if each.role in roles)
    return {each for each, count in counted.items() if count > 1}
