"""The living style page shows what the stylesheets define, and is made of the pages' own templates."""

import re

import pytest
from django.conf import settings
from django.test import Client

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
