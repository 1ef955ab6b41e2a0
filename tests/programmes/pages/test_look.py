"""What every reader can see: contrast of the colours in both schemes, and words for each standing."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from programmes.codes import Course, StandingCode, Verdict
from programmes.labels import WORDS
from programmes.templatetags.standings import LOOKS

TOKENS = Path(settings.BASE_DIR / "static/css/tokens.css").read_text()


def scheme(name: str) -> dict[str, str]:
    """The colours of a scheme: those of `:root`, for "dark" with the darker ones over them."""
    light, dark = re.split(r"@media \(prefers-color-scheme: dark\)", TOKENS)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if name == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("ground", "surface", "action-tint")
TONES = ("good", "risk", "bad", "none")
TEXT = [
    *[(text, ground) for text in ("text", "muted", "action") for ground in GROUNDS],
    *[(tone, ground) for tone in TONES for ground in (*GROUNDS, f"{tone}-tint")],
    *[("text", f"{tone}-tint") for tone in TONES],
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("muted", "none-tint"),
]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(name: str, text: str, ground: str) -> None:
    colours = scheme(name)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_borders_of_controls_stand_out(name: str) -> None:
    colours = scheme(name)
    assert contrast(colours["edge"], colours["ground"]) >= 3


def test_every_standing_course_and_verdict_has_a_word_and_a_shape_of_its_own() -> None:
    codes = {*StandingCode, *Course, *Verdict}
    assert {str(code) for code in codes} <= LOOKS.keys()
    assert {str(code) for code in codes} <= WORDS.keys()
    outlines = [look.outline for look in LOOKS.values()]
    assert len(set(outlines)) == len(outlines)
