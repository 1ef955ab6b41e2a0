"""Papers to test with: one of blocks of every kind, and one that was ordered."""

from collections.abc import Callable

import pytest

from accounts.models import User
from papers.document import Bullets, Cell, Column, Document, Heading, Picture, Source, Table, Text
from papers.models import Paper
from papers.services.ordering import order_paper
from programmes.models import Programme

HOSTILE = '=HYPERLINK("http://evil.example") #panic() {{ 7*7 }} <w:p/> & *bold* $x$ ]]> \\ @import'
KAZAKH = "ӘәІіҢңҒғҮүҰұҚқӨөҺһ"
LONG = "Өңірлік " * 38
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 200" width="720" height="200">'
    '<rect width="50" height="90" fill="#0a5a61"/>'
    f'<text x="60" y="40" font-family="Golos Text">{KAZAKH}</text></svg>'
)


@pytest.fixture
def document() -> Document:
    """Every kind of block, with names that are hostile, 300 characters long, and full of Kazakh letters."""
    columns = [Column("№", 0.5, is_number=True), Column(HOSTILE, 3), Column("Нақты мән", 1.5, is_number=True)]
    rows = [
        [Cell("1", number="1"), Cell(HOSTILE, notes=(1,)), _figure("1234.5", "1 234,5")],
        [Cell("2", number="2"), Cell(LONG[:300], notes=(1, 2)), Cell("дерек жоқ", is_missing=True)],
        [Cell("3", number="3"), Cell("орындалды", tone="good", mark="✓"), _figure("0", "0")],
    ]
    table = Table(KAZAKH, columns, rows, sheet="Көрсеткіштер: [барлығы]", part="Бөлім", note="Ескерту")
    drawn = Table("Сурет", [Column("Жыл", is_number=True)], [[Cell("2024", number="2024")]], sheet="Жылдар")
    return Document(
        language="kk",
        kind="Баяндама",
        title=f"{KAZAKH} {HOSTILE}",
        summary=LONG[:300],
        facts=[("Кезең", "2022–2025"), (HOSTILE, HOSTILE)],
        blocks=[
            Heading("Мақсаттар"),
            Heading(HOSTILE, 2),
            Text(HOSTILE, "lead", notes=(2,)),
            Bullets([Text("бірінші"), Text(HOSTILE, notes=(1,))]),
            table,
            Picture(DRAWING, "Жұмыссыздық", "2024: 5,1 %", drawn),
        ],
        sources=[Source(1, "Ұлттық статистика бюросы", "https://stat.gov.kz"), Source(2, HOSTILE)],
    )


def _figure(number: str, text: str) -> Cell:
    decimals = 1 if "." in number else 0
    return Cell(
        f"{text}\u00a0% (2024)", number=number, decimals=decimals, unit="%", period="2024", notes=(1,)
    )


@pytest.fixture
def paper(user: Callable[[str], User]) -> Paper:
    """The report of the monotowns programme, ordered by a deputy."""
    programme = Programme.objects.get(code="monotowns-2012-2020")
    return order_paper(
        by=user("deputy"), kind=Paper.Kind.PROGRAMME, language="kk", programme=programme,
        first_year=2012, last_year=2015,
    )  # fmt: skip
