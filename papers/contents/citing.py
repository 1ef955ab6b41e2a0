"""Where figures come from, as a paper's numbered sources."""

from collections.abc import Iterable

from indicators.models import Source
from papers.writing import Writer
from programmes.models import Citation, Document
from programmes.templatetags.promises import section


def cite_source(writer: Writer, source: Source) -> int:
    """The number of the source of published figures."""
    return writer.cite(source.name, source.url)


def cite_document(writer: Writer, document: Document, place: str = "") -> int:
    """The number of a document's part."""
    return writer.cite(f"{document.title}, {section(place)}" if place else document.title)


def cite_places(writer: Writer, citations: Iterable[Citation]) -> list[int]:
    """The numbers of the parts of documents in which something is written."""
    numbers = (cite_document(writer, each.document, each.section) for each in citations)
    return list(dict.fromkeys(numbers))
