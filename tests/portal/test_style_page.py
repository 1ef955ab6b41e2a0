"""The living style page shows what the stylesheets define, and is made of the pages' own templates."""

import re

import pytest
from django.conf import settings
from django.test import Client

from portal.state import OWN_APPS
from programmes.templatetags.standings import LOOKS
from tests.programmes.pages.reading import html_of

pytestmark = pytest.mark.django_db


def test_it_shows_every_token_and_every_standing() -> None:
    page = html_of(Client(), "/en/style/")
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    for name in re.findall(r"--([\w-]+):", css):
        assert f">{name}<" in page, name
    assert all(look.outline in page for look in LOOKS.values())


def test_it_shows_the_wrong_value_of_a_form_with_its_cure() -> None:
    page = html_of(Client(), "/en/style/")
    assert 'aria-invalid="true"' in page
    assert "field-error" in page


def test_styles_use_no_colour_of_their_own() -> None:
    """Colours come from the tokens, so that both schemes and paper follow."""
    free = {"tokens.css", "print.css", "admin.css", "style-page.css", "embed.css"}
    for sheet in (settings.BASE_DIR / "static/css").glob("*.css"):
        if sheet.name not in free:
            assert not re.findall(
                r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
            ), sheet


def test_nothing_is_styled_that_no_page_has() -> None:
    """A class is written in a page or a script, whole or with an end that is filled in."""
    sheets = [each for each in (settings.BASE_DIR / "static/css").glob("*.css") if each.name != "admin.css"]
    css = "".join(re.sub(r"/\*.*?\*/|url\(.*?\)", "", each.read_text(), flags=re.DOTALL) for each in sheets)
    written = "".join(
        file.read_text()
        for folder in ("templates", "drawings", "static/js", "common", *OWN_APPS)
        for file in (settings.BASE_DIR / folder).rglob("*")
        if file.suffix in {".html", ".svg", ".js", ".py"} and "migrations" not in file.parts
    )
    beginnings = set(re.findall(r"[\w-]+-(?=\{)", written))
    classes = set(re.findall(r"\.([a-z][\w-]*)", css))
    assert len(classes) > 200
    gone = {name for name in classes if not re.search(rf"\b{name}\b(?!-)", written)}
    assert sorted(name for name in gone if not name.startswith(tuple(beginnings))) == []
