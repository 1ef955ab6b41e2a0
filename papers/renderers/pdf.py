"""A paper as PDF, set by Typst (docs/decisions/0009-papers.md).

Everything that varies goes to Typst as JSON, so that text stays text whatever it looks like.
"""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from papers.document import Document

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"
STANDARD: Final = "ua-1"
"""PDF/UA-1: structure, language and descriptions for those who listen."""


class Options(TypedDict, total=False):
    """What Typst is to make."""

    format: Literal["pdf", "png"]
    pdf_standards: Literal["ua-1"]
    timestamp: int
    ppi: float


def render_pdf(document: Document, made_at: dt.datetime, footer: str = "") -> bytes:
    """The paper as tagged PDF; its moment goes into the file, so that the same paper is the same file."""
    data = {**document.as_json(), "footer": footer, "words": words()}
    options: Options = {"format": "pdf", "timestamp": int(made_at.timestamp())}
    try:
        return set_in_type("paper.typ", data, **options, pdf_standards=STANDARD)
    except typst.TypstError as error:
        # A sign that no font has may not stand in PDF/UA. The rest of the paper is worth reading without it.
        logger.warning("A paper is no PDF/UA: %s", error)
        return set_in_type("paper.typ", data, **options)


def words() -> dict[str, str]:
    """What the layout itself says, in the reader's language."""
    return {
        "contents": _("Contents"),
        "sources": _("Sources"),
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }


def set_in_type(template: str, data: Mapping[str, object], **options: Unpack[Options]) -> bytes:
    """The template filled with the data, as one file."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    made = _compiler(str(settings.FONTS_DIR)).compile(
        input=str(TEMPLATES / template), sys_inputs=inputs, **options
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} makes more than one file")
    return made


@lru_cache(maxsize=1)
def _compiler(fonts: str) -> typst.Compiler:
    """The compiler with the portal's own fonts, read once; it sees no other file and fetches nothing."""
    return typst.Compiler(
        root=str(TEMPLATES), font_paths=typst.Fonts(False, True, [fonts]), ignore_system_fonts=True
    )
