"""Word's own footnotes: a number in the text, the words at the foot of its page.

A source that is named again refers to the footnote in which it stands, as Word's own cross-references do.
"""

from collections.abc import Mapping, Sequence

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from lxml import etree

from papers.docx import xml

FOOTNOTE_TEXT = "footnote text"
REFERENCE = '<w:vertAlign w:val="superscript"/>'
SMALL = '<w:sz w:val="18"/>'
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
)


class Footnotes:
    """The footnotes of one document, numbered by Word in the order of their first use."""

    def __init__(self, word: WordDocument, texts: Mapping[int, str]) -> None:
        self.word, self.texts = word, texts
        self._part, self._root = _footnotes_of(word)
        self._style = _text_style(word)
        ids = [int(each.get(qn("w:id"), "0")) for each in self._root]
        self._next = max([0, *ids]) + 1
        self._ids: dict[int, int] = {}

    def write(self, numbers: Sequence[int]) -> str:
        """The runs that refer to these sources."""
        return xml.run(", ", REFERENCE).join(self._refer(number) for number in numbers)

    def _refer(self, number: int) -> str:
        if number in self._ids:
            return self._refer_again(self._ids[number])
        identity, self._next = self._next, self._next + 1
        self._ids[number] = identity
        mark = f"<w:r><w:rPr>{SMALL}{REFERENCE}</w:rPr><w:footnoteRef/></w:r>"
        text = xml.paragraph(mark + xml.run(f" {self.texts[number]}", SMALL), self._style)
        self._root.append(parse_xml(f'<w:footnote {nsdecls("w")} w:id="{identity}">{text}</w:footnote>'))
        reference = f'<w:r><w:rPr>{REFERENCE}</w:rPr><w:footnoteReference w:id="{identity}"/></w:r>'
        return xml.bookmarked(reference, f"_RefSource{identity}", 30_000 + identity)

    def _refer_again(self, identity: int) -> str:
        """A field that shows the number of the footnote; until Word updates it, the number it will have."""
        place = list(self._ids.values()).index(identity) + 1
        return (
            f'<w:fldSimple w:instr=" NOTEREF _RefSource{identity} \\h ">'
            f"{xml.run(str(place), REFERENCE)}</w:fldSimple>"
        )

    def save(self) -> None:
        """Puts the footnotes into the document."""
        self._part._blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _text_style(word: WordDocument) -> str:
    """The id of Word's own style of footnotes; a template without it gets a small one."""
    if FOOTNOTE_TEXT not in word.styles:
        style = word.styles.add_style(FOOTNOTE_TEXT, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style, style.font.size = word.styles["Normal"], Pt(9)
        style.paragraph_format.space_after = Pt(2)
    return str(word.styles[FOOTNOTE_TEXT].style_id)


def _footnotes_of(word: WordDocument) -> tuple[Part, etree._Element]:
    """The document's part of footnotes, made where it has none."""
    for relation in word.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            part = relation.target_part
            return part, parse_xml(part.blob)
    root = parse_xml(f"<w:footnotes {nsdecls('w')}>{SEPARATORS}</w:footnotes>")
    package = word.part.package
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, b"", package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return part, root
