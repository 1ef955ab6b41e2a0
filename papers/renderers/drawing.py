"""A drawing as PNG, for files that take no SVG."""

from django.conf import settings

from papers.renderers.typesetter import typeset

PPI = 200


def png(svg: str) -> bytes:
    """The drawing in the portal's fonts on white, sharp enough for print."""
    return typeset("drawing.typ", {"svg": svg}, settings.FONTS_DIR, {"format": "png", "ppi": PPI})
