"""A sheet as the detection sees it: cells by position, with memory of what each text means."""

from functools import cached_property

from indicators.tables.cells import Cell, NotANumber, Row, cell_text, parse_number
from indicators.tables.files import Sheet
from indicators.tables.headings import Heading, parse_heading
from indicators.tables.names import strip_marks
from indicators.tables.territories import look_up_territory
from indicators.tables.vocabulary import Category, Vocabulary, find_category, find_indicator


class Grid:
    """Positions beyond the edge hold nothing. Rows and columns count from 0.

    `columns` limits what is seen to a strip of the sheet, where tables stand side by side.
    """

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, columns: range | None = None) -> None:
        self.sheet = sheet
        self.vocabulary = vocabulary
        self.columns = columns
        self.height = len(sheet.rows)
        self._categories: dict[str, Category | None] = {}
        self._indicators: dict[str, str | None] = {}
        self._is_territory: dict[str, bool] = {}

    @cached_property
    def width(self) -> int:
        widest = max(map(len, self.sheet.rows), default=0)
        return widest if self.columns is None else min(widest, self.columns.stop)

    def row(self, row: int) -> Row:
        cells = self.sheet.rows[row] if row < self.height else ()
        if self.columns is None:
            return cells
        return (*("",) * self.columns.start, *cells[self.columns.start : self.columns.stop])

    def cell(self, row: int, column: int) -> Cell:
        cells = self.row(row)
        return cells[column] if column < len(cells) else ""

    def text(self, row: int, column: int) -> str:
        return cell_text(self.cell(row, column))

    def filled(self, row: int) -> list[int]:
        """The columns of the row that are not empty."""
        return [
            column
            for column, cell in enumerate(self.row(row))
            if cell is not None and (not isinstance(cell, str) or cell.strip())
        ]

    def heading(self, row: int, column: int) -> Heading | None:
        return parse_heading(self.cell(row, column))

    def category(self, row: int, column: int) -> Category | None:
        text = self.text(row, column)
        if text not in self._categories:
            self._categories[text] = self._look_up_category(text)
        return self._categories[text]

    def is_unit(self, row: int, column: int) -> bool:
        text = self.text(row, column).strip("() ")
        return bool(text) and self.vocabulary.unit(text) is not None

    def is_word(self, row: int, column: int) -> bool:
        """Whether the cell is text that is neither a figure nor a mark for a missing one."""
        cell = self.cell(row, column)
        return (
            isinstance(cell, str)
            and cell[:1] not in {"=", "#"}
            and isinstance(parse_number(cell), NotANumber)
        )

    def dimension(self, text: str) -> str | None:
        """The dimension that a heading names, also before its label: `SEX: Sex`."""
        return self.vocabulary.dimension(text) or self.vocabulary.dimension(text.partition(":")[0])

    def is_territory(self, row: int, column: int) -> bool:
        text = self.text(row, column)
        if text not in self._is_territory:
            self._is_territory[text] = bool(text) and bool(look_up_territory(text, self.vocabulary))
        return self._is_territory[text]

    def _look_up_category(self, text: str) -> Category | None:
        has_letters = any(letter.isalpha() for letter in text)
        return find_category(text, self.vocabulary) if has_letters else None

    def indicator(self, row: int, column: int) -> str | None:
        text = self.text(row, column)
        if text not in self._indicators:
            self._indicators[text] = find_indicator(strip_marks(text), self.vocabulary) if text else None
        return self._indicators[text]
