"""The two tables that the scoring of rural settlements reads: the criteria, and the settlements.

A table comes as bytes of a CSV file. `TableError` names the row, the column, and the cure.
"""

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
from django.utils.translation import gettext as _
from tablib import Dataset
from tablib.exceptions import InvalidDimensions

from common.formats import CSV, UnreadableFileError
from indicators.tables.cells import NotANumber, parse_number
from programmes.applied.form_fields import LARGEST
from programmes.methods.rural_method import Block, Criterion

SETTLEMENT = "settlement"
NEEDED = ("code", "block", "points")
DIRECTIONS = {"": True, "higher": True, "lower": False}


class TableError(ValueError):
    """A table that cannot be used; the message says where and what to do."""


def read_table(content: bytes, columns: Sequence[str], most_rows: int) -> Dataset:
    """The texts of a CSV file that has at least these columns and 1 to `most_rows` rows."""
    try:
        table = CSV().create_dataset(content)
    except UnreadableFileError as error:
        raise TableError(str(error)) from error
    except InvalidDimensions as error:
        raise TableError(_("The rows have different numbers of cells: check the separators.")) from error
    headers = table.headers or []
    for column in columns:
        if column not in headers:
            raise TableError(_("The column “%(column)s” is missing.") % {"column": column})
    for column in headers:
        if headers.count(column) > 1:
            raise TableError(_("The column “%(column)s” comes twice.") % {"column": column})
    if not 0 < len(table) <= most_rows:
        message = _("The table has %(rows)s rows; it needs at least 1, and at most %(most)s are read.")
        raise TableError(message % {"rows": len(table), "most": most_rows})
    return table


def criteria_of(table: Dataset) -> tuple[Criterion, ...]:
    """The sub-criteria, a row each; raises `MethodError` too, for points and scales that are none."""
    return tuple(_criterion(row, number) for number, row in enumerate(table.dict, start=2))


def _criterion(row: dict[str, str], number: int) -> Criterion:
    block, better = row["block"].strip().lower(), row.get("better", "").strip().lower()
    if block not in set(Block):
        raise _error(number, "block", row["block"], ", ".join(Block))
    if better not in DIRECTIONS:
        raise _error(number, "better", row["better"], "higher, lower")
    points = _number(row["points"], number, "points")
    ends = [_number(row.get(name, ""), number, name) for name in ("low", "high")]
    if points is None:
        raise _error(number, "points", row["points"], "12.5")
    low, high = ends
    if (low is None) != (high is None):
        message = _("Row %(row)s: a scale has both ends, “low” and “high”, or neither.")
        raise TableError(message % {"row": number})
    scale = None if low is None or high is None else (low, high)
    return Criterion(row["code"].strip(), Block(block), points, DIRECTIONS[better], scale)


def settlements_of(table: Dataset, numbers: Sequence[str], words: Sequence[str]) -> pd.DataFrame:
    """A row per settlement, by its name: columns of numbers, NaN where a value is missing, and of words."""
    rows = list(enumerate(table.dict, start=2))
    names = [row[SETTLEMENT].strip() for _row_number, row in rows]
    if "" in names:
        message = _("Row %(row)s: the settlement has no name.")
        raise TableError(message % {"row": names.index("") + 2})
    headers = table.headers or []
    columns: dict[str, list[float | None] | list[str | None]] = {}
    for name in headers:
        if name in numbers:
            columns[name] = [_number(row[name], number, name) for number, row in rows]
        elif name in words:
            columns[name] = [row[name].strip() or None for _row_number, row in rows]
    return pd.DataFrame(columns, index=names)


def _number(text: str, row: int, column: str) -> float | None:
    """The number in a cell; None where it is empty or marked as missing."""
    parsed = parse_number(text)
    if isinstance(parsed, NotANumber) or (isinstance(parsed, Decimal) and abs(parsed) > LARGEST):
        raise _error(row, column, text, _("a number such as 12.5 or 12,5, or an empty cell"))
    return float(parsed) if isinstance(parsed, Decimal) else None


def _error(row: int, column: str, text: str, expected: str) -> TableError:
    message = _("Row %(row)s, column “%(column)s”: “%(text)s” cannot be read. Expected: %(expected)s.")
    return TableError(message % {"row": row, "column": column, "text": text, "expected": expected})
