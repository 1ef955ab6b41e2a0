"""Drawings as PNG: real pixels of the asked size, with every Kazakh letter."""

from pathlib import Path

import pytest
from pytest_django import Settings

from common.charts import png as door
from common.charts.png import png
from tests.pixels import read_png

LETTERS = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
NOWHERE = "\ue000"


def svg(text: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30" width="60" height="30" font-size="20">'
        f'<text x="10" y="22" font-family="Golos Text">{text}</text></svg>'
    )


def test_it_has_the_width_asked_for_and_keeps_its_shape() -> None:
    image = read_png(png(svg("Қ"), width=120))
    assert (image.width, image.height) == (120, 60)


def test_it_is_drawn_on_white() -> None:
    image = read_png(png(svg("Қ"), width=60))
    assert image.rows[0][:3] == b"\xff\xff\xff"
    assert len(image.colours) > 5
    assert read_png(png(svg(" "), width=60)).colours == {b"\xff\xff\xff\xff"[: image.channels]}


@pytest.mark.parametrize("letter", LETTERS)
def test_every_kazakh_letter_has_a_glyph_of_its_own(letter: str) -> None:
    drawn = png(svg(letter), width=60)
    assert drawn not in {png(svg(NOWHERE), width=60), png(svg(" "), width=60)}


def test_a_missing_font_is_an_error_and_no_drawing_without_texts(settings: Settings, tmp_path: Path) -> None:
    settings.CHART_FONTS = [tmp_path / "none.ttf"]
    door._fonts.cache_clear()
    with pytest.raises(FileNotFoundError):
        png(svg("Қ"))
    door._fonts.cache_clear()
