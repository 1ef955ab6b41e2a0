"""What comes out of a table: figures with their cells, and problems."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from indicators.periods import Period
from indicators.tables.headings import Caveat
from indicators.tables.layout import Layout


class ProblemCode(StrEnum):
    """Why a cell gives no figure, or what to know of the figures of a column."""

    UNKNOWN_TERRITORY = "unknown_territory"
    AMBIGUOUS_TERRITORY = "ambiguous_territory"
    """candidates: the codes of the territories that it may be"""
    BAD_PERIOD = "bad_period"
    UNKNOWN_CATEGORY = "unknown_category"
    """dimension"""
    UNKNOWN_INDICATOR = "unknown_indicator"
    BAD_STATUS = "bad_status"
    NOT_A_NUMBER = "not_a_number"
    DUPLICATE_ROW = "duplicate_row"
    """rows, columns: where the same figure stands; same_value: whether all agree (then the first is kept)"""
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_BLOCK = "unknown_block"
    CUMULATIVE_PERIOD = "cumulative_period"
    OPENING_DATE = "opening_date"
    HIDDEN_SHEET = "hidden_sheet"
    """The sheet is hidden and was not read; text: its name"""


class Figure(NamedTuple):
    """One cell's figure. Rows and columns count from 0; `value` is None where the status says why."""

    row: int
    column: int
    territory: str
    territory_text: str
    period: Period
    breakdown: tuple[tuple[str, str], ...]
    """(dimension, category) sorted by dimension; empty for the total."""
    indicator: str | None
    unit: str
    value: Decimal | None
    status: str
    raw: str
    caveat: Caveat | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one cell. `lost` counts the figures that it costs; 0 makes it a mere warning."""

    code: ProblemCode
    row: int
    column: int
    text: str
    params: dict[str, Any] = field(default_factory=dict)
    lost: int = 1


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that came out of one table. `cells` counts its data cells: the figures and those that were lost."""

    layout: Layout
    figures: list[Figure]
    problems: list[Problem]
    cells: int


def cell_name(row: int, column: int) -> str:
    """The cell as spreadsheets name it: (0, 0) is A1, (5, 27) is AB6."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
