"""What stands in one cell: a number, a mark for a missing figure, or something else.

Numbers become `Decimal` without rounding: text keeps its digits, a binary float takes its shortest
decimal form (5.7 stays 5.7).
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from indicators.tables.names import strip_marks

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A cell as a workbook gives it; an empty one is an empty string or None."""

Row = tuple[Cell, ...]

DecimalMark = Literal[",", "."]


@dataclass(frozen=True, slots=True)
class Missing:
    """No figure, with the reason as a code of the SDMX list CL_OBS_STATUS."""

    status: str


@dataclass(frozen=True, slots=True)
class NotANumber:
    """Neither a number nor a mark for a missing one. Comes with the text as it stands."""

    text: str


MISSING = Missing("O")
"""No figure, and no reason given: an empty cell, a dash, dots, ``н/д``.

In Kazakhstan's tables a dash stands for a phenomenon that did not occur as well as for an oblast that
did not exist, so that it says no more than that there is no figure. It is never zero.
"""
SUPPRESSED = Missing("Q")
"""Kept back because it would tell about a single enterprise or person: ``x``."""

_MARKS: dict[str, Missing] = {
    **dict.fromkeys(("", "-", "--", "---", "–", "—", "―", "−", "…", "...", "..", "."), MISSING),
    **dict.fromkeys(("н/д", "н.д.", "нд", "n/a", "n.a.", "na", "nan", "null", "м/ж", "м.ж."), MISSING),
    **dict.fromkeys(("нет данных", "деректер жоқ", "мәлімет жоқ", "no data", "not available"), MISSING),
    **dict.fromkeys(("x", "х"), SUPPRESSED),
}
_LONGEST = 100
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SIGN = re.compile(r"^([-−–—‐‑‒﹣－+])\s*(?=[0-9.,])")
_SPACE = re.compile(r"\s")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([ '’ʼ])[0-9]{3})(?:\1[0-9]{3})*([.,][0-9]+)?")
_COMMA_GROUPS = re.compile(r"[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})")
_POINT_GROUPS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})")
_ONE_COMMA_GROUP = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_SIMPLE = re.compile(r"[0-9]+(?:[.,][0-9]+)?(?:e[-+]?[0-9]{1,2})?|[.,][0-9]+", re.IGNORECASE)


def cell_text(cell: Cell) -> str:
    """The cell as a person would read it: `2003` for 2003.0, ISO dates, an empty string for nothing."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether all are empty."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def parse_number(cell: Cell, decimal: DecimalMark = ",") -> Decimal | Missing | NotANumber:
    """The figure in a cell.

    `decimal` says what a single comma before three digits is (`1,234`): by default the decimal mark, as in
    Kazakh and Russian tables; with ``"."`` it separates thousands. A single point is always decimal.
    Spaces and apostrophes separate thousands; footnote marks and a per cent sign are set aside.
    """
    if isinstance(cell, str):
        if _PLAIN.fullmatch(cell) and len(cell) <= _LONGEST:
            return Decimal(cell)
        return _parse_text(cell, decimal)
    if cell is None:
        return MISSING
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return MISSING if math.isnan(cell) else NotANumber(str(cell))
        return Decimal(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else Decimal(repr(cell))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell)
    return NotANumber(cell_text(cell))


def _parse_text(cell: str, decimal: DecimalMark) -> Decimal | Missing | NotANumber:
    text = _SPACE.sub(" ", strip_marks(cell))
    if (mark := _MARKS.get(text.casefold())) is not None:
        return mark
    text = text.removesuffix("%").rstrip()
    sign = _SIGN.match(text)
    body = text[sign.end() :] if sign else text
    if len(body) > _LONGEST or (digits := _plain_digits(body, decimal)) is None:
        return NotANumber(cell.strip())
    return Decimal(f"-{digits}" if sign and sign[1] != "+" else digits)


def _plain_digits(body: str, decimal: DecimalMark) -> str | None:
    """The unsigned number with a decimal point and no thousand separators, or None."""
    if match := _GROUPED.fullmatch(body):
        return body.replace(match[1], "").replace(",", ".")
    if _COMMA_GROUPS.fullmatch(body) or (decimal == "." and _ONE_COMMA_GROUP.fullmatch(body)):
        return body.replace(",", "")
    if _POINT_GROUPS.fullmatch(body):
        return body.replace(".", "").replace(",", ".")
    return body.replace(",", ".") if _SIMPLE.fullmatch(body) else None


def decimal_mark(texts: Iterable[str]) -> DecimalMark:
    """The decimal mark that a column uses, judged by the numbers that allow only one reading.

    A comma unless some number has a decimal point and none a decimal comma.
    """
    has_point = False
    for text in texts:
        tail = text.strip().rstrip("%* ")
        comma, point = tail.rfind(","), tail.rfind(".")
        if comma > point and not (_ONE_COMMA_GROUP.fullmatch(tail) or _COMMA_GROUPS.fullmatch(tail)):
            return ","
        has_point = has_point or (point > comma and isinstance(parse_number(tail), Decimal))
    return "." if has_point else ","
