"""Every shape of table that an office publishes: a drawing of the sheet, and the figures that stand in it.

The drawings are in `layouts/*.txt`, each under its name, cells parted by `|`, the figures below `->`::

    == years across
    sheet: Мужчины
    Регион | 2023 | 2024
    Акмолинская | 4,8 | 5
    ->
    KZAKM SEX=M: 2023 4.8, 2024 5

Before the colon stand the territory, categories, and with `@` the indicator; a missing figure is written as
its status (`O`, `Q`). `! code text` is a problem, `? doubt` a doubt, `unit %` a unit of figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from indicators.tables import Extraction, Sheet, WordList, detect_layouts, extract
from indicators.tables.cells import Row

DRAWINGS = Path(__file__).parent / "layouts"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass
class Case:
    """A sheet, and all that reading it must give."""

    name: str
    rows: list[tuple[str, ...]] = field(default_factory=list)
    sheet: str = ""
    file: str = ""
    expected: list[str] = field(default_factory=list)


def cases() -> Iterator[Case]:
    for path in sorted(DRAWINGS.glob("*.txt")):
        for text in path.read_text("utf-8").split("\n== ")[1:]:
            name, _, rest = text.partition("\n")
            drawing, _, expected = rest.partition("\n->\n")
            case = Case(f"{path.stem}: {name}", expected=list(expected_lines(expected)))
            for line in drawing.splitlines():
                key, _, value = line.partition(": ")
                if key in {"sheet", "file"} and not case.rows:
                    setattr(case, key, value)
                else:
                    case.rows.append(tuple(cell.strip() for cell in line.split("|")))
            yield case


def expected_lines(text: str) -> Iterator[str]:
    """One line a figure."""
    for line in filter(str.strip, text.splitlines()):
        subject, colon, figures = line.partition(": ")
        if line[0] in "!?" or line.startswith("unit ") or not colon:
            yield line.strip()
        else:
            yield from (f"{subject} {figure}" for figure in figures.strip().split(", "))


def told(found: Extraction) -> Iterator[str]:
    """An extraction in the words of the expectations."""
    for figure in found.figures:
        categories = [f"{dimension}={code}" for dimension, code in figure.breakdown]
        indicator = [f"@{figure.indicator}"] if figure.indicator else []
        value = figure.status if figure.value is None else f"{figure.value:f}"
        yield " ".join([figure.territory, *categories, *indicator, str(figure.period), value])
    yield from (f"! {problem.code} {problem.text}".strip() for problem in found.problems)
    yield from (f"? {doubt}" for doubt in found.layout.doubts)


def as_numbers(row: tuple[str, ...]) -> Row:
    """The row as a workbook gives it; a text file gives the text."""
    return tuple(float(cell) if NUMBER.fullmatch(cell) else cell for cell in row)


@pytest.mark.parametrize("kind", ["text", "workbook"])
@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_a_table_gives_its_figures(words: WordList, case: Case, kind: str) -> None:
    rows = [as_numbers(row) if kind == "workbook" else row for row in case.rows]
    sheet = Sheet(case.sheet, rows)
    found = [extract(sheet, layout, words) for layout in detect_layouts(sheet, words, case.file)]
    lines = [line for extraction in found for line in told(extraction)]
    units = [line for line in case.expected if line.startswith("unit ")]
    if units:
        lines += sorted({f"unit {figure.unit}" for extraction in found for figure in extraction.figures})
    assert sorted(lines) == sorted(case.expected)
    for extraction in found:
        assert len(extraction.figures) + sum(p.lost for p in extraction.problems) == extraction.cells
