"""A drawing as PNG, for presentations and letters; the one door to the rasteriser."""

from functools import cache

import resvg_py
from django.conf import settings

BACKGROUND = "#ffffff"


def png(svg: str, width: int = 1440) -> bytes:
    """The SVG text as a PNG of that width in px, on white, its height in proportion.

    The texts are set in the fonts of the setting `CHART_FONTS`, whatever fonts the machine has. Raises
    `FileNotFoundError` where one of those is missing: the rasteriser would leave the texts out in silence.
    """
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        background=BACKGROUND,
        font_files=list(_fonts()),
        skip_system_fonts=True,
        font_family=settings.CHART_FONT_FAMILY,
        sans_serif_family=settings.CHART_FONT_FAMILY,
    )


@cache
def _fonts() -> tuple[str, ...]:
    return tuple(str(path.resolve(strict=True)) for path in settings.CHART_FONTS)
