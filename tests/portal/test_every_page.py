"""Every page of the portal: listed, open to whom it should be, under a strict policy, in its language."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.template import Context, Template
from django.test import Client

from cities.models import Territory
from tests.forgotten import listening
from tests.pages import ALSO, EXAMPLES, INSIDE, NO_PAGES, ON_THE_WAY, PageAddress, page_names, pages

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
    "manifest-src 'self'",
}  # fmt: skip
NOT_SAID = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.DOTALL)
SAID = re.compile(r">([^<>]+)<|(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"")
ENGLISH = re.compile(r"\b[a-z]{2,}(?:,? [a-z]{2,}){2,}\b")
"""Three words in small letters: names of works and offices have capitals."""


@pytest.fixture(autouse=True)
def nothing_is_forgotten() -> Iterator[None]:
    with listening():
        yield


def test_no_list_names_a_page_that_is_gone() -> None:
    assert {*EXAMPLES, *ALSO, *INSIDE, *NO_PAGES, *ON_THE_WAY} <= page_names()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.path)
def test_it_opens_under_a_strict_policy(client_of: Callable[[str], Client], page: PageAddress) -> None:
    response = client_of(page.role or "anonymous").get(f"/kk/{page.path}")
    assert response.status_code == 200
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    html = response.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert english_in(html) == []


def test_what_was_forgotten_is_found() -> None:
    html = '<svg><title>Алматы by year; the table below</title></svg><p title="Not a figure here">'
    assert english_in(html) == ["the table below"]
    page = Template("{% for each in of.parts %}{% endfor %}{{ nothing }}{{ none.x }}{{ some.x }}")
    page.render(Context({"of": dt.date(2024, 1, 1), "none": None, "some": {}}))
    with pytest.raises(AssertionError, match="Territory has no parts"):
        page.render(Context({"of": Territory()}))


def english_in(html: str) -> list[str]:
    """English that was forgotten in a page of another language, drawings and names for listeners included."""
    said = (unescape(text or name) for text, name in SAID.findall(NOT_SAID.sub("", html)))
    return [found for each in said for found in ENGLISH.findall(" ".join(each.split()))]
