"""A paper as DOCX: the template's own words filled in by docxtpl, its places filled with blocks."""

import io
from collections.abc import Mapping
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docxtpl.template import DocxTemplate

from papers.document import Document
from papers.docx.blocks import Filler, Slots, contents_list, linked_notes, source_list
from papers.docx.environment import environment
from papers.renderers.pdf import words

LOCALES = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}


def render_docx(document: Document, template: bytes, footer: str = "") -> bytes:
    """The paper in the template. Raises jinja's `TemplateError` for one that was not checked."""
    slots = Slots()
    word = filled(template, context_of(document, slots, footer))
    filler = Filler(word, linked_notes)
    filler.fill(slots)
    return saved(word, document.title, document.language)


def context_of(document: Document, slots: Slots, footer: str) -> dict[str, Any]:
    """Every placeholder of a paper's template (docs/papers.md)."""
    return {
        "kind": document.kind,
        "title": document.title,
        "summary": document.summary,
        "facts": [{"name": name, "text": text} for name, text in document.facts],
        "contents": slots.add(contents_list(document.blocks)),
        "body": slots.add(document.blocks),
        "sources": slots.add(source_list(document.sources, "")),
        "made": footer,
        "words": words(document.language),
    }


def filled(template: bytes, context: Mapping[str, Any]) -> WordDocument:
    """The template with its placeholders filled in."""
    made = DocxTemplate(io.BytesIO(template))
    made.render(dict(context), environment(), autoescape=True)
    word: Any = made.docx
    if not isinstance(word, WordDocument):
        raise TypeError("The template gave no document")
    return word


def saved(word: WordDocument, title: str, language: str) -> bytes:
    """The file, with its title and language for those who listen."""
    word.core_properties.title = title[:255]
    word.core_properties.language = language
    for spoken in word.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), LOCALES[language])
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()
