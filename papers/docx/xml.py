"""WordprocessingML written out: paragraphs, tables and links, as elements that a document takes in.

Tables are written as text and parsed once: built cell by cell, a long one takes minutes.
"""

from collections.abc import Callable, Sequence
from html import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from papers.document import Cell, Table

TONES = {"good": "00594F", "risk": "7A4B00", "bad": "9C1F2E", "none": "53615E"}
MISSING = f'<w:color w:val="{TONES["none"]}"/>'
RAISED = '<w:vertAlign w:val="superscript"/>'

Notes = Callable[[Sequence[int]], str]
"""Writes runs for the numbers of sources."""


def element(xml: str) -> BaseOxmlElement:
    """The element of a text whose outermost tag has no attributes; the prefixes are Word's."""
    tag, rest = xml.removeprefix("<").split(">", 1)
    return parse_xml(f"<{tag} {nsdecls('w', 'r')}>{rest}")


def run(text: str, properties: str = "") -> str:
    """A run of text; its line breaks stay."""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(lines)}</w:r>"


def paragraph(runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs in a style, by the style's id."""
    styled = f'<w:pStyle w:val="{escape(style)}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{runs}</w:p>"


def link(text: str, anchor: str, properties: str = "") -> str:
    """A link to a bookmark of the same document."""
    return f'<w:hyperlink w:anchor="{escape(anchor)}" w:history="1">{run(text, properties)}</w:hyperlink>'


def bookmarked(runs: str, name: str, number: int) -> str:
    """The runs as the target of links."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{escape(name)}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


def table(found: Table, width: int, style: str, notes: Notes) -> str:
    """A table of `width` twentieths of a point; its titles are repeated on each page, no row is cut."""
    whole = sum(column.weight for column in found.columns)
    widths = [int(width * column.weight / whole) for column in found.columns]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    titles = [Cell(column.title) for column in found.columns]
    rows = [_row(found, titles, widths, style, notes, is_head=True)]
    rows += [_row(found, row, widths, style, notes, is_head=False) for row in found.rows]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{BORDERS}<w:tblLayout w:type="fixed"/>'
        f'{MARGINS}<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


BORDERS = (
    '<w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="C9D1CF"/>'
    '<w:insideH w:val="single" w:sz="4" w:color="C9D1CF"/></w:tblBorders>'
)
MARGINS = (
    '<w:tblCellMar><w:top w:w="50" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
    '<w:bottom w:w="50" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
)


def _row(
    found: Table, cells: Sequence[Cell], widths: Sequence[int], style: str, notes: Notes, *, is_head: bool
) -> str:
    properties = "<w:cantSplit/><w:tblHeader/>" if is_head else "<w:cantSplit/>"
    written = (
        _cell(cell, width, style, notes, is_right=column.is_number, is_head=is_head)
        for cell, column, width in zip(cells, found.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(written)}</w:tr>"


def _cell(cell: Cell, width: int, style: str, notes: Notes, *, is_right: bool, is_head: bool) -> str:
    line = (
        '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="16211F"/></w:tcBorders>' if is_head else ""
    )
    align = f'<w:vAlign w:val="{"bottom" if is_head else "top"}"/>'
    looks = "<w:b/>" if is_head or cell.tone in {"good", "risk", "bad"} else ""
    colour = TONES.get(cell.tone, TONES["none"] if cell.is_missing else "")
    looks += f'<w:color w:val="{colour}"/>' if colour else ""
    # A title stays with the row below it.
    properties = ("<w:keepNext/>" if is_head else "") + ('<w:jc w:val="right"/>' if is_right else "")
    text = paragraph(run(cell.marked, looks) + notes(cell.notes), style, properties)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{line}{align}</w:tcPr>{text}</w:tc>'
