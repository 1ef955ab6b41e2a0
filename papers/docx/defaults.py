"""The templates that the portal comes with, made anew whenever they are needed: plain pages to start from."""

import io
from functools import lru_cache

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from papers.docx.blocks import TABLE_TEXT

INK, QUIET = RGBColor(0x16, 0x21, 0x1F), RGBColor(0x53, 0x61, 0x5E)
PAPER_FONT, LETTER_FONT = "Arial", "Times New Roman"
"""Found wherever letters are written, with every Kazakh letter."""


@lru_cache(maxsize=1)
def paper_template() -> bytes:
    """The template of reports."""
    word = _blank(PAPER_FONT, 10)
    word.sections[0].header.paragraphs[0].text = "{{ kind }} · {{ title }}"
    _page_footer(word, "{{ made }}")
    word.add_paragraph("{{ kind }}", "Subtitle")
    word.add_paragraph("{{ title }}", "Title")
    word.add_paragraph("{{ summary }}", "Body Text")
    _loop(word, "fact in facts", "{{ fact.name }}: {{ fact.text }}")
    _bold(word.add_paragraph(), "{{ words.contents }}")
    word.add_paragraph("{{ contents }}")
    word.add_paragraph("{{ body }}")
    word.add_paragraph("{{ words.sources }}", "Heading 1")
    word.add_paragraph("{{ sources }}")
    return _saved(word)


@lru_cache(maxsize=1)
def letter_template() -> bytes:
    """The template of replies to inquiries."""
    word = _blank(LETTER_FONT, 13)
    _page_footer(word, "{{ answered_by }}")
    word.add_paragraph("{{ draft }}", "Caption")
    for text in ("{{ addressees }}", "{{ asked_by }}"):
        word.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _bold(word.add_paragraph(), "{{ topic }}")
    word.add_paragraph("№ {{ number }}, {{ date }}")
    word.add_paragraph("{%p for point in points %}")
    _bold(word.add_paragraph(), "{{ point.number }}. {{ point.question }}")
    word.add_paragraph("{{ point.answer }}")
    word.add_paragraph("{{ point.figures }}")
    word.add_paragraph("{%p endfor %}")
    word.add_paragraph("{{ figures }}")
    word.add_paragraph("{{ answered_by }}").paragraph_format.space_before = Pt(18)
    word.add_paragraph("{{ signed_by }}")
    word.add_paragraph("{{ replied }}")
    return _saved(word)


def _loop(word: WordDocument, of: str, text: str) -> None:
    """A paragraph for each of a list."""
    word.add_paragraph(f"{{%p for {of} %}}")
    word.add_paragraph(text)
    word.add_paragraph("{%p endfor %}")


def _blank(font: str, size: float) -> WordDocument:
    """An empty A4 document with the styles that papers use."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    looks = {"Normal": size, "Title": 20, "Subtitle": 10, "Body Text": size + 1, "Caption": size - 1.5,
             "Heading 1": 15, "Heading 2": 12, "Heading 3": 11, "List Bullet": size, "Header": 8,
             "Footer": 8}  # fmt: skip
    for name, points in looks.items():
        _style(word, name, font, points)
    table_text = word.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
    table_text.base_style = word.styles["Normal"]
    _style(word, TABLE_TEXT, font, size - 2)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        word.styles[name].font.bold = True
        word.styles[name].paragraph_format.keep_with_next = True
    word.settings.element.insert(0, OxmlElement("w:autoHyphenation"))
    spacing = word.styles[TABLE_TEXT].paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    return word


def _style(word: WordDocument, name: str, font: str, points: float) -> None:
    """One font in every script, without the colours and frames of Word's own look."""
    style = word.styles[name]
    assert isinstance(style, ParagraphStyle)  # noqa: S101 - all of them are
    style.font.name, style.font.size, style.font.italic, style.font.bold = font, Pt(points), False, False
    style.font.color.rgb = QUIET if name in {"Subtitle", "Caption", "Header", "Footer"} else INK
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)
    for frame in style.element.iter(qn("w:pBdr")):
        frame.getparent().remove(frame)
    style.paragraph_format.space_after = Pt(6)


def _bold(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(text).font.bold = True


def _page_footer(word: WordDocument, text: str) -> None:
    """The text, and at the right margin the number of the page of so many."""
    section, paragraph = word.sections[0], word.sections[0].footer.paragraphs[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    stops = word.styles["Footer"].paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{text}\t")
    _field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _saved(word: WordDocument) -> bytes:
    word.core_properties.author, word.core_properties.title = "Bağdar", ""
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()
