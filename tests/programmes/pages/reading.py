"""How tests of pages read them: as a reader would, without the markup."""

import re
from html import unescape

from django.test import Client

ALMATY, MONOTOWNS, RURAL, SEMEY = (
    "almaty-2025", "monotowns-2012-2020", "rural-territories-2023-2027", "semey-2050"
)  # fmt: skip


def address(code: str, page: str, language: str = "en") -> str:
    """The address of one of a programme's pages."""
    return f"/{language}/programmes/{code}/{page}"


def html_of(client: Client, path: str) -> str:
    """The page as it is sent."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def words(html: str) -> str:
    """The words without markup, with single ordinary spaces."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", bare)))


def text_of(client: Client, path: str) -> str:
    """The words of the page."""
    return words(html_of(client, path))


def row_of(html: str, code: str) -> str:
    """The words of the row or list item with the anchor, up to the next one."""
    after = html.partition(f'id="{code}"')[2]
    assert after, code
    return words("<p " + re.split(r"<(?:tr|li) id=", after)[0])
