"""A drawing as PNG, for files that take no SVG."""

from papers.renderers.pdf import set_in_type

PPI = 200


def png(svg: str) -> bytes:
    """The drawing in the portal's fonts on white, sharp enough for print."""
    return set_in_type("drawing.typ", {"svg": svg}, format="png", ppi=PPI)
