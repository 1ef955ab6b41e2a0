"""A drawing as a file."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from common.charts.png import png

MEDIA = {"svg": "image/svg+xml", "png": "image/png"}


def drawing_file(svg: str, name: str, kind: str) -> HttpResponse:
    """SVG as it is, to be looked at or saved; PNG to be saved."""
    content = png(svg) if kind == "png" else svg.encode()
    disposition = content_disposition_header(kind == "png", f"{name}.{kind}")
    headers = {"Content-Disposition": disposition or "inline"}
    return HttpResponse(content, content_type=MEDIA[kind], headers=headers)
