"""The reply to an inquiry as a Word letter, with Word's own footnotes."""

import io
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from papers.document import Column, Picture, Table
from papers.docx.defaults import letter_template
from papers.replies import reply_docx
from tests.papers.conftest import DRAWING, HOSTILE, KAZAKH


@dataclass(frozen=True)
class Figure:
    kpi: str = "Жұмыссыздық деңгейі"
    place: str = "Алматы"
    breakdown: str = ""
    baseline: str = "5,2 %"
    actual: str = "4,6 %"
    period: str = "2024"
    target: str = "4,5 %"
    target_year: str = "2025"
    standing: str = "межеге сай"
    notes: tuple[int, ...] = (1, 2)


@dataclass(frozen=True)
class Point:
    number: int
    question: str
    answer: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Footnote:
    number: int
    text: str


@dataclass(frozen=True)
class Reply:
    language: str = "en"
    number: str = "ДЗ-115"
    date_text: str = "2026 ж. 3 қараша"
    as_of_text: str = "2026 ж. 3 қараша"
    due_text: str = "2026 ж. 3 желтоқсан"
    replied_text: str = ""
    topic: str = KAZAKH
    addressees: str = HOSTILE
    asked_by: str = "Мәжіліс"
    addressed_to: tuple[str, ...] = ("Алматы әкімдігі",)
    answered_by: str = "Алматы әкімдігі"
    signed_by: str = "Әкім"
    territory: str = "Алматы"
    is_draft: bool = True
    points: tuple[Point, ...] = (
        Point(1, "Неге?", f"Бірінші.\n\n{HOSTILE}", (Figure(), Figure(place="Қонаев", notes=(1,)))),
        Point(2, "Қашан?", ""),
    )
    figures: tuple[Figure, ...] = (Figure(notes=(3,)),)
    footnotes: tuple[Footnote, ...] = (Footnote(1, "Бюро"), Footnote(2, HOSTILE), Footnote(3, "Құжат"))


def draw(figure: Any) -> Picture | None:
    """A drawing for Almaty alone."""
    table = Table("", [Column("Жыл")], [], sheet="x")
    return Picture(DRAWING, figure.kpi, "4,6", table) if figure.place == "Алматы" else None


@pytest.fixture
def letter() -> bytes:
    return reply_docx(Reply(), letter_template(), draw)


def test_the_letter_holds_number_addressees_points_and_answers(letter: bytes) -> None:
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(letter)).paragraphs)
    for words in ("ДЗ-115", HOSTILE, KAZAKH, "1. Неге?", "Бірінші.", "2. Қашан?", "Әкім"):
        assert words in text


def test_figures_stand_in_tables_and_drawings(letter: bytes) -> None:
    word = docx.Document(io.BytesIO(letter))
    rows = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert ["Жұмыссыздық деңгейі, Қонаев", "5,2 %", "4,6 % (2024)", "4,5 % (2025)", "межеге сай"] in rows
    assert len(word.inline_shapes) == 2


def test_sources_are_footnotes_of_word_each_once(letter: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(letter)) as packed:
        notes = docx.oxml.parse_xml(packed.read("word/footnotes.xml"))
        kinds = packed.read("[Content_Types].xml").decode()
    texts = ["".join(text.text or "" for text in note.iter(qn("w:t"))).strip() for note in notes]
    assert texts == ["", "", "Бюро", HOSTILE, "Құжат"]
    assert "footnotes+xml" in kinds
    body = docx.Document(io.BytesIO(letter)).element.body
    used = [each.get(qn("w:id")) for each in body.iter(qn("w:footnoteReference"))]
    assert used == ["1", "2", "3"]
    again = [each.get(qn("w:instr")) for each in body.iter(qn("w:fldSimple"))]
    assert again == [" NOTEREF _RefSource1 \\h "]


def test_a_template_with_footnotes_of_its_own_keeps_them() -> None:
    notes = tuple(Footnote(number, f"Дереккөз {number}") for number in (1, 2, 3))
    reply = replace(Reply(), footnotes=notes)
    again = reply_docx(reply, _as_template(reply_docx(reply, letter_template(), draw)), draw)
    with zipfile.ZipFile(io.BytesIO(again)) as packed:
        kept = docx.oxml.parse_xml(packed.read("word/footnotes.xml"))
    ids = [int(each.get(qn("w:id"))) for each in kept]
    assert ids == [-1, 0, 1, 2, 3, 4, 5, 6]


def _as_template(letter: bytes) -> bytes:
    """The letter with placeholders after its own words."""
    word = docx.Document(io.BytesIO(letter))
    for text in ("{%p for point in points %}", "{{ point.figures }}", "{%p endfor %}", "{{ figures }}"):
        word.add_paragraph(text)
    for node in list(word.element.body.iter(qn("w:t"))):
        node.text = (node.text or "").replace(HOSTILE, "")
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def test_a_missing_answer_is_said(letter: bytes) -> None:
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(letter)).paragraphs)
    assert text.count("There is no answer yet.") == 1
