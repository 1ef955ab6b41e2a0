"""One figure of a filled template: what its cell, and the status chosen beside it, say."""

from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from indicators.tables.cells import SUPPRESSED, Cell, Missing, NotANumber, cell_text, parse_number

NORMAL = "A"
OF_FIGURES = frozenset("APE")
OF_GAPS = frozenset("OMLQ")
# What a spreadsheet keeps of a number.
_DIGITS = 15

Problem = tuple[StrEnum, dict[str, Any]]


class CellProblem(StrEnum):
    """Why a cell says nothing that can be used; the parameter `text` is what stands in it."""

    NOT_A_NUMBER = "not_a_number"
    IS_A_DATE = "date_for_a_number"
    NOT_COMPUTED = "formula_not_computed"
    UNKNOWN_STATUS = "unknown_status"
    FIGURE_AND_REASON = "figure_and_reason"
    STATUS_OF_NOTHING = "status_of_nothing"


class Content(NamedTuple):
    """What is said in one place: a figure or none, its status or the reason why there is none, a comment.

    The status is empty where nothing is said at all.
    """

    value: Decimal | None
    status: str
    comment: str = ""

    def is_figure_of(self, other: "Content") -> bool:
        """Whether both say the same of the figure, as far as a spreadsheet keeps its digits."""
        return (_kept(self.value), self.status) == (_kept(other.value), other.status)


BLANK = Content(None, "")


def _kept(value: Decimal | None) -> str | None:
    return None if value is None else f"{float(value):.{_DIGITS}g}"


def mark_of(content: Content) -> str:
    """What stands in the cell of a figure that is missing."""
    if content.value is not None or content.status not in OF_GAPS:
        return ""
    return "x" if content.status == SUPPRESSED.status else "…"


def read_content(cell: Cell, stated: str, base: Content) -> tuple[Content, Problem | None]:
    """The figure and its status, and why they cannot be used. `stated` is the code of the status beside it.

    A status that was filled in at first and that contradicts what was typed since is left over: it gives way.
    """
    text = cell_text(cell)
    if stated and stated not in OF_FIGURES | OF_GAPS:
        return base, (CellProblem.UNKNOWN_STATUS, {"text": stated})
    typed = parse_number(cell)
    if isinstance(typed, NotANumber):
        return base, (_not_a_number(cell), {"text": text})
    is_left_over = stated == base.status
    if isinstance(typed, Decimal):
        if stated in OF_GAPS and not is_left_over:
            return base, (CellProblem.FIGURE_AND_REASON, {"text": text})
        return Content(typed, stated if stated in OF_FIGURES else NORMAL), None
    if stated in OF_FIGURES and not is_left_over:
        return base, (CellProblem.STATUS_OF_NOTHING, {"text": text})
    return Content(None, _reason(text, typed, stated, base if is_left_over else BLANK)), None


def _not_a_number(cell: Cell) -> CellProblem:
    if isinstance(cell, date | time | timedelta):
        return CellProblem.IS_A_DATE
    if isinstance(cell, str) and cell.startswith("="):
        return CellProblem.NOT_COMPUTED
    return CellProblem.NOT_A_NUMBER


def _reason(text: str, mark: Missing, stated: str, base: Content) -> str:
    """Why there is no figure: what the status beside it says, else the mark typed in its place."""
    is_other_mark = bool(text) and bool(mark_of(base)) and mark != parse_number(mark_of(base))
    if stated in OF_GAPS and not is_other_mark:
        return stated
    return mark.status if text else ""
