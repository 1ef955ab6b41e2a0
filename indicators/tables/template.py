"""The filled template of a reporting form: the codes in it, and what stands in its cells.

The workbook says itself what it is. Its hidden sheet `_bagdar` is a passport: rows of texts, the first of
which names the row (`Passport.rows`). On each sheet to be filled in, the cell `#bagdar` stands where a
hidden row of column codes (`figure almaty`, `status almaty`, `comment almaty`) and a hidden column of line
codes (an indicator's, then that of a breakdown) meet; `#` marks what holds no entries. A cell is known
by its two codes alone: rows and columns may be moved and sheets renamed.

A cell that says what the passport says it was filled with is not touched: nobody wishes to change it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, Self

from indicators.tables.cells import Cell, Row, cell_text
from indicators.tables.files import Sheet, Workbook, read_workbook
from indicators.tables.refusals import UnreadableFile
from indicators.tables.template_cells import BLANK, Content, Problem, read_content

HIDDEN_SHEET, MARKER, LABEL = "_bagdar", "#bagdar", "#"
VERSION = "1"
# The marker is looked for in the corner of a sheet, where it stays unless many rows are put above it.
_CORNER = 60


class Part(StrEnum):
    """What a column to be filled in holds of a territory."""

    FIGURE = "figure"
    STATUS = "status"
    COMMENT = "comment"


class TemplateProblem(StrEnum):
    """Why a template cannot be read as a whole. The parameters of each stand behind it."""

    DAMAGED = "template_damaged"
    VERSION = "template_of_other_version"
    """version, expected"""
    CODES_LOST = "template_codes_lost"
    SHEET_LOST = "template_sheet_lost"
    """sheet: one that was to be filled in"""
    NOT_ASKED = "template_not_asked_for"
    """form, period"""
    NONE = "not_a_template"


class DamagedTemplate(UnreadableFile):
    """A template whose hidden codes no longer say what its cells mean."""


class StrayProblem(StrEnum):
    """Why a cell of a template that is filled in belongs to nothing."""

    UNKNOWN_LINE = "unknown_line_code"
    """text: the code that somebody edited"""
    UNKNOWN_COLUMN = "unknown_column_code"
    """text: the code that somebody edited"""
    LINE_LOST = "line_code_lost"
    COLUMN_LOST = "column_code_lost"


def line_code(indicator: str, breakdown: str) -> str:
    """The hidden code of a line."""
    return f"{indicator} {breakdown}".rstrip()


def column_code(part: Part, territory: str) -> str:
    """The hidden code of a column."""
    return f"{part.value} {territory}"


@dataclass(frozen=True)
class Passport:
    """What the hidden sheet says: form, period, codes, and what was filled in at first.

    `statuses` are the codes of observation statuses by what the template calls them; `filled` is by line and
    territory.
    """

    form: str
    period: str
    lines: tuple[str, ...]
    territories: tuple[str, ...]
    statuses: dict[str, str] = field(default_factory=dict)
    filled: dict[tuple[str, str], Content] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of the hidden sheet; the statuses stand together at its beginning, for drop-down lists."""
        yield from (("status", label, code) for label, code in self.statuses.items())
        yield "form", self.form
        yield "period", self.period
        yield "version", VERSION
        yield "checksum", self.checksum
        yield from (("line", code) for code in self.lines)
        yield from (("territory", code) for code in self.territories)
        for (line, territory), content in self.filled.items():
            value = "" if content.value is None else f"{content.value:f}"
            yield "filled", line, territory, value, content.status, content.comment

    @property
    def checksum(self) -> str:
        """Of the codes, so that an edited one is noticed."""
        codes = (self.form, self.period, VERSION, *self.lines, "", *self.territories)
        return hashlib.sha256("\n".join(codes).encode()).hexdigest()[:16]

    @classmethod
    def from_rows(cls, rows: Iterable[Row]) -> Self:
        """Reads what `rows` writes. Raises `DamagedTemplate`."""
        told: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            name, *texts = [*map(cell_text, row), *[""] * 6][:6]
            told[name].append(texts)
        single = {name: values[0][0] for name, values in told.items()}
        if single.get("version", VERSION) != VERSION:
            raise DamagedTemplate(TemplateProblem.VERSION, version=single["version"], expected=VERSION)
        try:
            passport = cls(
                form=single["form"],
                period=single["period"],
                lines=tuple(code for code, *_ in told["line"]),
                territories=tuple(code for code, *_ in told["territory"]),
                statuses={label: code for label, code, *_ in told["status"]},
                filled={(line, place): _content(*said) for line, place, *said in told["filled"]},
            )
            is_whole = single["checksum"] == passport.checksum
        except (KeyError, ArithmeticError) as error:
            raise DamagedTemplate(TemplateProblem.DAMAGED) from error
        if not is_whole:
            raise DamagedTemplate(TemplateProblem.DAMAGED)
        return passport


def _content(value: str, status: str, comment: str) -> Content:
    return Content(Decimal(value) if value else None, status, comment)


class Spot(NamedTuple):
    """A cell of the workbook; row and column count from 0."""

    sheet: str
    row: int
    column: int
    cell: Cell


@dataclass(frozen=True)
class TemplateCell:
    """What the template says of an indicator, broken down or not, in a territory.

    Codes are empty for a cell that belongs to nothing; `problem` then says why. `spot` is the cell of the
    figure, or, where its column was deleted, that of the comment or status. What was not touched is as it was
    filled in.
    """

    indicator: str
    breakdown: str
    territory: str
    spot: Spot
    content: Content = BLANK
    is_figure_touched: bool = False
    is_comment_touched: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class Template:
    """A filled template. `deleted` are the codes of lines and columns that are no longer there."""

    form: str
    period: str
    cells: list[TemplateCell]
    deleted: list[str]


def read_template(path: Path | str, workbook: Workbook | None = None) -> Template | None:
    """What the filled template says, whatever was moved in it; None where the file is no template.

    `workbook` is the file as it was read already, if it was. Raises `UnreadableFile`, for a template whose
    codes are damaged `DamagedTemplate`.
    """
    workbook = workbook or read_workbook(path)
    grids = [grid for sheet in workbook.sheets if (grid := _Grid.of(sheet))]
    hidden = next((sheet for sheet in workbook.sheets if sheet.name == HIDDEN_SHEET), None)
    if hidden is None:
        if grids:
            raise DamagedTemplate(TemplateProblem.SHEET_LOST, sheet=grids[0].name)
        return None
    reader = _Reader(Passport.from_rows(hidden.rows), grids)
    return Template(reader.passport.form, reader.passport.period, list(reader.cells()), reader.deleted)


@dataclass(frozen=True)
class _Grid:
    """A sheet to be filled in: its codes by row and column."""

    name: str
    rows: list[Row]
    columns: dict[int, str]
    lines: dict[int, str]

    @classmethod
    def of(cls, sheet: Sheet) -> "_Grid | None":
        """None where the sheet has no marker."""
        for top, row in enumerate(sheet.rows[:_CORNER]):
            if MARKER in (corner := row[:_CORNER]):
                left = corner.index(MARKER)
                columns = {index: cell_text(cell) for index, cell in enumerate(row) if index != left}
                lines = {
                    index: cell_text(cells[left]) if left < len(cells) else ""
                    for index, cells in enumerate(sheet.rows)
                    if index != top
                }
                width = max(map(len, sheet.rows))
                columns |= dict.fromkeys(range(len(row), width), "")
                return cls(sheet.name, sheet.rows, columns, lines)
        return None

    def spots(self) -> Iterator[tuple[str, str, Spot]]:
        """Every cell that is not marked as holding no entries, with its two codes."""
        for row, line in self.lines.items():
            cells = self.rows[row]
            for column, code in self.columns.items():
                if LABEL not in {line, code}:
                    yield (
                        line,
                        code,
                        Spot(self.name, row, column, cells[column] if column < len(cells) else ""),
                    )


class _Reader:
    """Sorts the cells of all sheets by what they say something of."""

    def __init__(self, passport: Passport, grids: list[_Grid]) -> None:
        self.passport = passport
        self.columns = {
            column_code(part, place): (part, place) for part in Part for place in passport.territories
        }
        columns = {code for grid in grids for code in grid.columns.values()}
        lines = {code for grid in grids for code in grid.lines.values()}
        figures = [column_code(Part.FIGURE, place) for place in passport.territories]
        if not columns & set(figures):
            raise DamagedTemplate(TemplateProblem.CODES_LOST)
        self.lost_lines = [code for code in passport.lines if code not in lines]
        self.lost_columns = [code for code in figures if code not in columns]
        self.found: dict[tuple[str, str], dict[Part, list[Spot]]] = defaultdict(lambda: defaultdict(list))
        self.strays: list[TemplateCell] = []
        for grid in grids:
            for line, code, spot in grid.spots():
                self._sort(line, code, spot)

    @property
    def deleted(self) -> list[str]:
        """Codes that stand on no sheet."""
        return [*self.lost_lines, *self.lost_columns]

    def cells(self) -> Iterator[TemplateCell]:
        """What is said of each line and territory; then the cells that belong to nothing."""
        for (line, territory), parts in self.found.items():
            indicator, _, breakdown = line.partition(" ")
            base = self.passport.filled.get((line, territory), BLANK)
            others = parts[Part.STATUS] or parts[Part.COMMENT]
            for spot in parts[Part.FIGURE] or others[:1]:
                cell = TemplateCell(indicator, breakdown, territory, spot)
                yield self._read(cell, parts, base)
        yield from self.strays

    def _sort(self, line: str, code: str, spot: Spot) -> None:
        if line in self.passport.lines and code in self.columns:
            part, territory = self.columns[code]
            self.found[line, territory][part].append(spot)
        elif (text := cell_text(spot.cell)) and (stray := self._stray(line, code)):
            problem, edited = stray
            self.strays.append(TemplateCell("", "", "", spot, problem=(problem, {"text": edited or text})))

    def _stray(self, line: str, code: str) -> tuple[StrayProblem, str] | None:
        """What was done to a code; None for a note beside the table, while all codes are there."""
        if line in self.passport.lines:
            if code:
                return StrayProblem.UNKNOWN_COLUMN, code
            return (StrayProblem.COLUMN_LOST, "") if self.lost_columns else None
        if code in self.columns:
            if line:
                return StrayProblem.UNKNOWN_LINE, line
            return (StrayProblem.LINE_LOST, "") if self.lost_lines else None
        return None

    def _read(self, cell: TemplateCell, parts: dict[Part, list[Spot]], base: Content) -> TemplateCell:
        status, comment = _first(parts[Part.STATUS]), _first(parts[Part.COMMENT])
        comment = base.comment if comment is None else comment.replace("\r\n", "\n")
        changes: dict[str, Any] = {"is_comment_touched": comment != base.comment}
        content, problem = base, None
        if parts[Part.FIGURE]:
            stated = base.status if status is None else self.passport.statuses.get(status, status)
            content, problem = read_content(cell.spot.cell, stated, base)
            changes["is_figure_touched"] = not content.is_figure_of(base)
        return replace(cell, content=content._replace(comment=comment), problem=problem, **changes)


def _first(spots: list[Spot]) -> str | None:
    """The text of the first cell that has one; None where there is no such column."""
    texts = [cell_text(spot.cell) for spot in spots]
    return next(filter(None, texts), "") if texts else None
