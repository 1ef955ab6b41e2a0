"""The files of a paper, opened with other libraries than those that made them."""

import datetime as dt
import io
import json
from typing import Any

import docx
import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from papers.document import Document, Text, from_json
from papers.docx.defaults import paper_template
from papers.docx.filling import render_docx
from papers.renderers.pdf import render_pdf
from papers.renderers.xlsx import render_xlsx
from tests.papers.conftest import HOSTILE, KAZAKH, LONG

MOMENT = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


def pdf_of(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(document, MOMENT, "Bağdar")))


def words_of(reader: PdfReader) -> str:
    """The text without the breaks of lines and without soft hyphens."""
    text = "".join(page.extract_text() for page in reader.pages)
    return "".join(text.replace("\u00ad", "").split())


def docx_of(document: Document) -> str:
    """Every text of the Word document, tables too."""
    word = docx.Document(io.BytesIO(render_docx(document, paper_template(), "Bağdar")))
    return "\n".join(node.text or "" for node in word.element.body.iter() if node.tag.endswith("}t"))


def test_a_document_comes_back_from_json_as_it_was(document: Document) -> None:
    kept = json.dumps(document.as_json())
    assert json.dumps(from_json(json.loads(kept)).as_json()) == kept


def test_the_pdf_is_tagged_and_says_its_language_and_title(document: Document) -> None:
    reader = pdf_of(document)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "kk"
    assert reader.metadata is not None
    assert reader.metadata.title == document.title
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_the_pdf_holds_every_kazakh_letter_in_the_portals_own_font(document: Document) -> None:
    reader = pdf_of(document)
    pages: list[Any] = list(reader.pages)
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()
    }
    assert KAZAKH in words_of(reader)
    assert fonts
    assert all("GolosText" in font for font in fonts)


def test_hostile_text_stays_text_in_the_pdf(document: Document) -> None:
    words = words_of(pdf_of(document))
    assert "".join(HOSTILE.split()) in words
    assert "49" not in words


def test_a_sign_that_no_font_has_does_not_stop_the_pdf(document: Document) -> None:
    odd = Document(**{**vars(document), "blocks": [Text("𓀀 \U0010fffd end")]})
    assert "end" in words_of(pdf_of(odd))


def test_the_same_paper_is_the_same_pdf(document: Document) -> None:
    assert render_pdf(document, MOMENT) == render_pdf(document, MOMENT)


def test_a_paper_without_anything_is_a_page(document: Document) -> None:
    empty = Document("en", "Report", "Nothing", "", [], [], [])
    assert len(pdf_of(empty).pages) == 1
    assert "Nothing" in docx_of(empty)
    for language in ("kk", "en"):
        with override(language):
            assert load_workbook(io.BytesIO(render_xlsx(empty, MOMENT))).sheetnames == ["About"]


def test_hostile_text_stays_text_in_the_docx(document: Document) -> None:
    words = docx_of(document)
    assert words.count(HOSTILE) >= 6
    assert LONG[:300] in words
    assert "✓ орындалды" in words


def test_the_docx_repeats_titles_and_describes_drawings(document: Document) -> None:
    word = docx.Document(io.BytesIO(render_docx(document, paper_template(), "Bağdar")))
    xml = word.element.xml
    assert xml.count("<w:tblHeader") == 1
    assert 'descr="2024: 5,1 %"' in xml
    assert 'w:anchor="source-2"' in xml
    assert 'w:name="source-2"' in xml
    assert word.core_properties.language == "kk"


def test_figures_of_the_workbook_are_numbers_with_units_and_periods(document: Document) -> None:
    book = load_workbook(io.BytesIO(render_xlsx(document, MOMENT, "Bağdar")))
    sheet = book["Көрсеткіштер   барлығы"]
    titles = [cell.value for cell in sheet[1]]
    assert sheet.freeze_panes == "A2"
    at = titles.index("Нақты мән, %")
    assert sheet.cell(2, at + 1).value == 1234.5
    assert sheet.cell(2, at + 1).number_format == '#,##0.0" %"'
    assert sheet.cell(4, at + 1).value == 0
    assert sheet.cell(3, at + 1).value == "дерек жоқ"
    assert sheet.cell(2, at + 2).value == 2024


def test_what_looks_like_a_formula_is_text_in_the_workbook(document: Document) -> None:
    book = load_workbook(io.BytesIO(render_xlsx(document, MOMENT, "Bağdar")))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value == HOSTILE]
    assert len(cells) >= 3
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("number", ["1234567890123456789", "0.1", "-5"])
def test_a_figure_too_long_for_a_workbook_is_written_as_text(number: str, document: Document) -> None:
    table = document.tables[0]
    cell = table.rows[0][2].__class__(number, number=number)
    changed = table.__class__("", [table.columns[2]], [[cell]], sheet="x")
    book = load_workbook(io.BytesIO(render_xlsx(Document("en", "", "t", "", [], [changed], []), MOMENT)))
    assert str(book["x"]["A2"].value) == number
