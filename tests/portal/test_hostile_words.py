"""Hostile words in every name, note and text of the database are text on every page and in every file."""

import csv
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from portal.state import public_tables
from tests.pages import EXAMPLES, public_pages

pytestmark = pytest.mark.django_db
HOSTILE = (
    '=HYPERLINK("https://elsewhere.kz")<script>alert(1)</script>"onmouseover="alert(2)\' {{ 7|add:7 }} '
    "\u202eтерс\u200bжазу " + "ұ" * 220
)
IN_A_LANGUAGE = ("_kk", "_ru", "_en")


class Elements(HTMLParser):
    """The elements and attributes of a page, as a browser takes them, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _value in attrs}
        if tag == "script" and dict(attrs).get("type") != "application/json":
            self.scripts.append(dict(attrs).get("src"))

    def handle_data(self, data: str) -> None:
        self.text += data


def columns() -> Iterator[tuple[str, str, int]]:
    """Table, column and length of every text that readers read in three languages."""
    for model in apps.get_models():
        if model._meta.db_table in public_tables():
            for field in model._meta.concrete_fields:
                if (column := field.column or "").endswith(IN_A_LANGUAGE):
                    yield model._meta.db_table, column, field.max_length or len(HOSTILE)


@pytest.fixture
def _hostile(db: None) -> None:
    with connection.cursor() as cursor:
        for table, column, length in columns():
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {column} <> ''", [HOSTILE[:length]])


@pytest.mark.usefixtures("_hostile")
def test_pages_and_files_show_hostile_words_as_text() -> None:
    client, shown = Client(), 0
    for page in public_pages():
        if "as_of" in page.path:
            continue
        address = f"/kk/{page.path}"
        elements = Elements(client.get(address).content.decode())
        assert all(elements.scripts), address
        assert not {name for name in elements.attributes if name.startswith("on") or name == "style"}, address
        shown += HOSTILE[:100] in elements.text
        expect_no_formula(client, address)
    assert shown > 15


def expect_no_formula(client: Client, address: str) -> None:
    """The page's table as a file, where it has one, gives a spreadsheet nothing to compute."""
    answer = client.get(address, {"format": "csv"})
    if answer.headers["Content-Type"].startswith("text/csv"):
        cells = [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))], address


@pytest.mark.usefixtures("_hostile")
def test_a_chart_shows_hostile_words_as_text() -> None:
    for arguments in EXAMPLES["programmes:kpi-detail"]:
        programme, kpi = map(str, arguments)
        answer = Client().get(f"/kk/programmes/{programme}/kpis/{kpi}/chart.svg")
        if answer.status_code == 200:
            tags = {
                element.tag.rpartition("}")[2] for element in ElementTree.fromstring(answer.content).iter()
            }
            assert "script" not in tags
