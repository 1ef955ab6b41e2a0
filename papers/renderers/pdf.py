"""A paper as PDF, set by Typst (docs/decisions/0009-papers.md).

Everything that varies goes to Typst as JSON, so that text stays text whatever it looks like.
"""

import datetime as dt
import logging

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from papers.document import Document
from papers.renderers.typesetter import TypesettingError, typeset

logger = logging.getLogger(__name__)

STANDARD = "ua-1"
"""PDF/UA-1: structure, language and descriptions for those who listen."""


def render_pdf(document: Document, made_at: dt.datetime, footer: str = "") -> bytes:
    """The paper as tagged PDF; its moment goes into the file, so that the same paper is the same file."""
    data = {**document.as_json(), "footer": footer, "words": words(document.language)}
    options: dict[str, object] = {"format": "pdf", "timestamp": int(made_at.timestamp())}
    try:
        return typeset("paper.typ", data, settings.FONTS_DIR, {**options, "pdf_standards": STANDARD})
    except TypesettingError as error:
        # A sign that no font has may not stand in PDF/UA. The rest of the paper is worth reading without it.
        logger.warning("A paper is no PDF/UA: %s", error)
        return typeset("paper.typ", data, settings.FONTS_DIR, options)


def words(language: str) -> dict[str, str]:
    """What the layout itself says, in the paper's language."""
    with override(language):
        return {
            "contents": _("Contents"),
            "sources": _("Sources"),
            "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        }
