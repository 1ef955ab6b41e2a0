"""An upload's cells as figures of the database: ids in place of names, and a problem where there is none."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.permissions import Action, territories_for
from cities.models import Territory
from indicators.fields import Status
from indicators.models import Indicator, Upload
from indicators.services.advancing import Share, silent
from indicators.services.breaking_down import breakdown_id
from indicators.services.filling import filling_of
from indicators.services.vocabulary import gather_vocabulary
from indicators.tables import Caveat, Extraction, Figure, Layout, detect_layouts, extract, read_workbook
from indicators.tables.footnotes import transferred, transfers

Row = tuple[object, ...]
Problem = tuple[str, dict[str, Any]]
REPORTED_EVERY = 1_000
STATUSES = frozenset(Status.values)
NO_PROBLEM: Problem = ("", {})
CAVEATS = {Caveat.CUMULATIVE: "cumulative_period", Caveat.OPENING: "opening_date"}


class NothingRecognisedError(Exception):
    """A readable file in which nothing usable was found; `code` says what is missing."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Reading:
    """One reading of one upload. `rows` yields its cells; `sheets` then says what was recognised."""

    def __init__(self, upload: Upload, report: Share = silent) -> None:
        self.upload = upload
        self.report = report
        self.words = gather_vocabulary()
        self.territories = {territory.code: territory for territory in Territory.objects.all()}
        self.mandated = territories_for(upload.user, Action.UPLOAD)
        self.indicators = {row.code: row for row in Indicator.objects.select_related("unit")}
        self.today = timezone.localdate()
        self.breakdowns: dict[Sequence[tuple[str, str]], int] = {}
        self.sheets: list[dict[str, Any]] = []
        # A sheet without a title measures what the other sheets of its workbook measure.
        self.titled = ""

    def rows(self) -> Iterator[Row]:
        """Every cell that holds or should hold a figure: place (from 1), text, ids, value and problem."""
        name = self.upload.file_name
        workbook = read_workbook(self.upload.file.path, name, limit=settings.UPLOAD_MAX_BYTES)
        if filling := filling_of(self.upload, workbook):
            yield from filling.rows()
            self.sheets.append(filling.summary)
            return
        layouts = [(s, layout) for s in workbook.sheets for layout in detect_layouts(s, self.words, name)]
        self.titled = next((layout.indicator for _, layout in layouts if layout.indicator), "")
        moves = transfers((note for _, layout in layouts for note in layout.notes), self.words)
        for number, (sheet, layout) in enumerate(layouts):
            extraction = extract(sheet, layout, self.words)
            if extraction.figures or extraction.problems:
                figures = transferred(extraction.figures, moves) if moves else extraction.figures
                most = len(figures) + len(extraction.problems)
                for index, row in enumerate(self._table(layout, replace(extraction, figures=figures))):
                    if index % REPORTED_EVERY == 0:
                        self.report((number + index / most) / len(layouts))
                    yield row

    def _table(self, layout: Layout, extraction: Extraction) -> Iterator[Row]:
        indicator = self.upload.indicator or self.indicators.get(layout.indicator or self.titled)
        if indicator is None and extraction.figures and not any(f.indicator for f in extraction.figures):
            raise NothingRecognisedError(
                "unknown_indicator", texts=[text for text in layout.indicator_texts if text][:3]
            )
        used, missing = Counter[str](), 0
        for figure in extraction.figures:
            if figure.value is None:
                missing += 1
                continue
            measured = self._measured(figure, indicator)
            used[measured.code if measured else ""] += 1
            yield self._row(layout.sheet, figure, measured)
        for problem in extraction.problems:
            if problem.lost and not problem.params.get("same_value"):
                text = _clean(problem.text)
                place = (_clean(layout.sheet, 100), problem.row + 1, problem.column + 1, text)
                details = _json({"text": text, **self._counted_from_one(problem.params)})
                yield (*place, None, None, None, "", None, None, "A", problem.code.value, details)
        self.sheets.append(self._summary(layout, extraction, [code for code in used if code], missing))

    def _row(self, sheet: str, figure: Figure, indicator: Indicator | None) -> Row:
        problem, details = self._problem(figure, indicator)
        return (
            _clean(sheet, 100), figure.row + 1, figure.column + 1, _clean(figure.raw),
            indicator and indicator.pk, self.territories[figure.territory].pk,
            self._breakdown(figure.breakdown),
            figure.period.frequency.value, figure.period.start, figure.value, figure.status,
            problem, _json(details) if details else None,
        )  # fmt: skip

    def _problem(self, figure: Figure, indicator: Indicator | None) -> Problem:
        """The first reason why the figure cannot be published."""
        territory = self.territories[figure.territory]
        if indicator is None:
            return "unknown_indicator", {}
        if figure.status not in STATUSES:
            return "bad_status", {"text": figure.status}
        if figure.caveat is not None:
            return CAVEATS[figure.caveat], {}
        if figure.period.start > self.today:
            return "future_period", {"period": str(figure.period)}
        if territory.pk not in self.mandated:
            return "outside_mandate", {"territory": territory.name}
        stated = self.words.unit(figure.unit)
        # The Bureau's unit codes are sometimes wrong; the catalogue has them right.
        is_bureaus_code = bool(indicator.sdg) and figure.unit.isupper()
        if stated and stated != indicator.unit.code and not is_bureaus_code:
            return "wrong_unit", {"unit": figure.unit, "expected": indicator.unit.name}
        if figure.value is not None and not indicator.allows(figure.value):
            low, high = _text(indicator.minimum), _text(indicator.maximum)
            return "out_of_range", {"value": str(figure.value), "low": low, "high": high}
        return NO_PROBLEM

    def _measured(self, figure: Figure, indicator: Indicator | None) -> Indicator | None:
        """The indicator of the figure: its own column's, or that of the table; where the Bureau's table holds
        several, the one whose rows these are."""
        own = self.upload.indicator or self.indicators.get(figure.indicator or "") or indicator
        if own is None or not own.bureau_where or self.upload.indicator:
            return own
        cells = {**dict(figure.breakdown), "UNIT_MEASURE": figure.unit}
        return next((row for row in self._by_sdg[own.sdg] if _holds(row.bureau_where, cells)), None)

    @cached_property
    def _by_sdg(self) -> dict[str, list[Indicator]]:
        groups = defaultdict(list)
        for row in self.indicators.values():
            groups[row.sdg].append(row)
        return groups

    def _breakdown(self, categories: tuple[tuple[str, str], ...]) -> int:
        if categories not in self.breakdowns:
            self.breakdowns[categories] = breakdown_id(categories)
        return self.breakdowns[categories]

    def _counted_from_one(self, params: dict[str, Any]) -> dict[str, Any]:
        """Rows and columns as spreadsheets count them."""
        return {
            key: [number + 1 for number in value] if key in {"rows", "columns"} else value
            for key, value in params.items()
        }

    def _summary(
        self, layout: Layout, extraction: Extraction, indicators: list[str], missing: int
    ) -> dict[str, Any]:
        """What was recognised of a table, for people."""
        figures = extraction.figures
        periods = sorted({figure.period.start for figure in figures})
        first, last = (
            (self._written(figures, day) for day in (periods[0], periods[-1])) if periods else ("", "")
        )
        return {
            "sheet": layout.sheet,
            "kind": layout.kind.value,
            "fingerprint": layout.fingerprint,
            "indicators": indicators,
            "first": first,
            "last": last,
            "territories": len({figure.territory for figure in figures}),
            "figures": len(figures) - missing,
            "missing": missing,
            "notes": [note.text for note in layout.notes],
            "warnings": [
                [problem.code.value, problem.text] for problem in extraction.problems if not problem.lost
            ],
        }

    def _written(self, figures: list[Figure], day: dt.date) -> str:
        return next(str(figure.period) for figure in figures if figure.period.start == day)


def _holds(where: dict[str, list[str]], cells: dict[str, str]) -> bool:
    """Whether each named column has one of the cells that make the row the indicator's own."""
    return bool(where) and all(cells.get(column) in allowed for column, allowed in where.items())


def _clean(text: str, most: int = 200) -> str:
    """The text as PostgreSQL can hold it: whole characters, none of them NUL, and not too many."""
    if text.isascii() and text.isprintable():
        return text[:most]
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def _json(details: dict[str, Any]) -> str:
    return json.dumps(details).replace("\\u0000", "").encode("utf-8", "replace").decode()


def _text(bound: object) -> str | None:
    return None if bound is None else str(bound)
