"""A paper's blocks as parts of a Word document, put where its template says."""

import io
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Pt

from common.charts.png import png
from papers.document import Block, Bullets, Heading, Picture, Source, Table, Text
from papers.docx import xml
from papers.docx.xml import Notes

TABLE_TEXT = "Table Text"
LONGEST_DESCRIPTION = 2_000
STYLES = {"lead": "Body Text", "note": "Caption", "body": "Normal"}


@dataclass
class Slots:
    """Places in a template that blocks are put into: until then each shows a text nobody can guess."""

    secret: str = field(default_factory=lambda: secrets.token_hex(8))
    contents: dict[str, Sequence[Block | BaseOxmlElement]] = field(default_factory=dict)

    def add(self, blocks: Sequence[Block | BaseOxmlElement]) -> str:
        """The text for the place of these blocks."""
        token = f"[{self.secret}-{len(self.contents)}]"
        self.contents[token] = blocks
        return token


class Filler:
    """Puts blocks into one Word document. `notes` writes what points at sources."""

    def __init__(self, word: WordDocument, notes: Notes) -> None:
        self.word, self.notes = word, notes
        self.headings = 0
        self._ensure_table_text()

    def fill(self, slots: Slots) -> None:
        """Replaces every paragraph that is the place of blocks by them."""
        for place in list(self.word.element.body.iter(qn("w:p"))):
            text = "".join(part.text or "" for part in place.iter(qn("w:t"))).strip()
            if text in slots.contents:
                for block in slots.contents[text]:
                    for each in self.elements(block):
                        place.addprevious(each)
                self._remove(place)

    def _remove(self, place: BaseOxmlElement) -> None:
        """Takes the paragraph away; a cell of a table must keep one at its end."""
        parent = place.getparent()
        if parent is not None and parent.tag == qn("w:tc") and parent[-1] is place:
            for part in list(place.iter(qn("w:r"))):
                part.getparent().remove(part)
        elif parent is not None:
            parent.remove(place)

    def elements(self, block: Block | BaseOxmlElement) -> Iterator[BaseOxmlElement]:
        """The block's elements, in order."""
        match block:
            case Heading():
                self.headings += 1
                runs = xml.bookmarked(xml.run(block.text), f"part-{self.headings}", 10_000 + self.headings)
                yield xml.element(xml.paragraph(runs, self.style(f"Heading {block.level}")))
            case Text():
                yield xml.element(self._paragraph(block, STYLES[block.style]))
            case Bullets():
                yield from (xml.element(self._paragraph(item, "List Bullet")) for item in block.items)
            case Table():
                yield from self._table(block)
            case Picture():
                yield from self._picture(block)
            case _:
                yield block

    def _paragraph(self, text: Text, style: str) -> str:
        return xml.paragraph(xml.run(text.text) + self.notes(text.notes), self.style(style))

    def _table(self, block: Table) -> Iterator[BaseOxmlElement]:
        if block.caption:
            yield xml.element(xml.paragraph(xml.run(block.caption), self.style("Caption"), "<w:keepNext/>"))
        yield xml.element(xml.table(block, self.width, self.style(TABLE_TEXT), self.notes))
        # Two tables without a paragraph between them become one.
        yield xml.element(xml.paragraph(xml.run(block.note), self.style("Caption")))

    def _picture(self, block: Picture) -> Iterator[BaseOxmlElement]:
        yield xml.element(xml.paragraph(xml.run(block.caption), self.style("Caption"), "<w:keepNext/>"))
        paragraph = self.word.add_paragraph()
        paragraph.add_run().add_picture(io.BytesIO(png(block.svg)), width=Emu(self.width * 635))
        for properties in paragraph._p.iter(qn("wp:docPr")):
            properties.set("descr", block.description[:LONGEST_DESCRIPTION])
        yield paragraph._p

    @property
    def width(self) -> int:
        """What fits between the margins, in twentieths of a point."""
        section = self.word.sections[-1]
        margins = (section.left_margin or 0) + (section.right_margin or 0)
        return ((section.page_width or Pt(595)) - margins) // 635

    def style(self, name: str) -> str:
        """The id of the template's style of that name; of none where it has no such style."""
        styles = self.word.styles
        return str(styles[name].style_id) if name in styles else ""

    def _ensure_table_text(self) -> None:
        """Tables are set in a style of their own; a template without it gets a small one."""
        if TABLE_TEXT not in self.word.styles:
            style = self.word.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
            style.font.size = Pt(8)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.line_spacing = 1.0


def linked_notes(numbers: Sequence[int]) -> str:
    """Raised numbers that lead to the list of sources."""
    links = (xml.link(str(number), f"source-{number}", xml.RAISED) for number in numbers)
    inside = xml.run(", ", xml.RAISED).join(links)
    return f"{xml.run('[', xml.RAISED)}{inside}{xml.run(']', xml.RAISED)}" if inside else ""


def source_list(sources: Iterable[Source], style: str) -> list[BaseOxmlElement]:
    """The sources as paragraphs, each the target of its number."""
    return [
        xml.element(
            xml.paragraph(
                xml.bookmarked(
                    xml.run(f"{source.number}. {source.text} {source.url}".rstrip()),
                    f"source-{source.number}",
                    20_000 + source.number,
                ),
                style,
            )
        )
        for source in sources
    ]


def contents_list(blocks: Iterable[Block], deepest: int = 2) -> list[BaseOxmlElement]:
    """The headings as links within Word's own field of contents, which adds the pages when it is updated."""
    headings = [
        (number, block)
        for number, block in enumerate((each for each in blocks if isinstance(each, Heading)), start=1)
        if block.level <= deepest
    ]
    lines = [
        (
            xml.link(block.text, f"part-{number}"),
            f'<w:spacing w:after="40"/><w:ind w:left="{(block.level - 1) * 300}"/>',
        )
        for number, block in headings
    ]
    if not lines:
        return []
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> TOC \\o "1-{deepest}" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    last = len(lines) - 1
    return [
        xml.element(
            xml.paragraph((begin if at == 0 else "") + runs + (end if at == last else ""), "", indent)
        )
        for at, (runs, indent) in enumerate(lines)
    ]
