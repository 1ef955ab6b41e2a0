"""An upload's cells as figures of the database: ids in place of names, and a problem where there is none."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from accounts.permissions import Action, territories_for
from cities.models import Territory
from indicators.fields import Status
from indicators.models import Indicator, LearntName, Unit, Upload
from indicators.services.advancing import Share, silent
from indicators.services.breaking_down import breakdown_id
from indicators.services.filling import filling_of
from indicators.services.recognising import Table, picture, recognise_tables
from indicators.services.vocabulary import gather_vocabulary
from indicators.tables import Caveat, Extraction, Figure, ProblemCode, extract, read_workbook
from indicators.tables.footnotes import transferred, transfers
from indicators.tables.layout import Role
from indicators.tables.vocabulary import Vocabulary
from indicators.units import converted, ratio

Row = tuple[object, ...]
Problem = tuple[str, dict[str, Any]]
REPORTED_EVERY = 1_000
STATUSES = frozenset(Status.values)
NO_PROBLEM: Problem = ("", {})
CAVEATS = {Caveat.CUMULATIVE: "cumulative_period", Caveat.OPENING: "opening_date"}
QUESTIONS = {
    ProblemCode.UNKNOWN_TERRITORY: LearntName.Kind.TERRITORY,
    ProblemCode.AMBIGUOUS_TERRITORY: LearntName.Kind.TERRITORY,
    ProblemCode.UNKNOWN_CATEGORY: LearntName.Kind.CATEGORY,
    ProblemCode.UNKNOWN_BLOCK: LearntName.Kind.CATEGORY,
    ProblemCode.UNKNOWN_INDICATOR: LearntName.Kind.INDICATOR,
}
MOST_QUESTIONS = 50


class NothingRecognisedError(Exception):
    """A readable file in which nothing usable was found; `code` says what is missing."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Judgement(NamedTuple):
    """A figure as it would be published, and why it cannot be."""

    value: Decimal | None
    problem: str = ""
    details: Mapping[str, Any] = {}


class Reading:
    """One reading of one upload. `rows` yields its cells; afterwards `sheets` says what was recognised,
    `findings` what to ask, and `nothing` why the file cannot be used as a whole, if it cannot."""

    def __init__(self, upload: Upload, report: Share = silent) -> None:
        self.upload = upload
        self.report = report
        self.words = gather_vocabulary()
        self.territories = {territory.code: territory for territory in Territory.objects.all()}
        self.mandated = territories_for(upload.user, Action.UPLOAD)
        # Thousands have few units: fetched apart, each is made once.
        self.indicators = {row.code: row for row in Indicator.objects.prefetch_related("unit__multiple_of")}
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.today = timezone.localdate()
        self.breakdowns: dict[Sequence[tuple[str, str]], int] = {}
        self.sheets: list[dict[str, Any]] = []
        self.questions: Counter[tuple[str, str, str]] = Counter()
        # Of one table: (unit, indicator) of figures that state another unit than the indicator's.
        self.disagreeing: Counter[tuple[str, str]] = Counter()
        self.table: Table | None = None
        self.has_content = self.has_indicator = False

    def rows(self) -> Iterator[Row]:
        """Every cell that holds or should hold a figure: place (from 1), text, ids, value and problem."""
        name = self.upload.file_name
        workbook = read_workbook(self.upload.file.path, name, limit=settings.UPLOAD_MAX_BYTES)
        if filling := filling_of(self.upload, workbook):
            self.has_content = self.has_indicator = True
            yield from filling.rows()
            self.sheets.append(filling.summary)
            return
        tables = recognise_tables(workbook, self.upload, self.words)
        # A sheet without a title measures what the other sheets of its workbook measure.
        titled = next((table.layout.indicator for table in tables if table.layout.indicator), "")
        moves = transfers((note for table in tables for note in table.layout.notes), self.words)
        for number, table in enumerate(tables):
            extraction = _extracted(table, self.words)
            if moves:
                extraction = replace(extraction, figures=transferred(extraction.figures, moves))
            code = table.indicator or table.layout.indicator
            if not code and not self.upload.indicator and table.is_untitled(name):
                code = titled
            most = len(extraction.figures) + len(extraction.problems)
            for index, row in enumerate(self._table(table, extraction, code or "", len(tables))):
                if index % REPORTED_EVERY == 0:
                    self.report((number + index / most) / len(tables))
                yield row

    @property
    def findings(self) -> dict[str, Any]:
        """What the file leaves open, and which learnt names it used."""
        return {
            "questions": [
                {"kind": kind, "text": text, "dimension": dimension, "figures": count}
                for (kind, text, dimension), count in self.questions.most_common(MOST_QUESTIONS)
            ],
            "learnt": sorted(self.words.met),
        }

    @property
    def nothing(self) -> NothingRecognisedError | None:
        """Why nothing of the file can be used."""
        if not self.has_content:
            return NothingRecognisedError("no_figures")
        if not self.has_indicator and any(sheet["figures"] or sheet["missing"] for sheet in self.sheets):
            texts = [text for sheet in self.sheets for text in sheet["texts"]]
            return NothingRecognisedError("unknown_indicator", texts=list(dict.fromkeys(texts))[:3])
        return None

    def _table(self, table: Table, extraction: Extraction, code: str, tables: int) -> Iterator[Row]:
        explicit = self.indicators.get(table.indicator) or self.upload.indicator
        indicator = explicit or self.indicators.get(code)
        self.table, self.disagreeing = table, Counter()
        self.has_content = self.has_content or bool(extraction.figures or extraction.problems)
        used, missing = Counter[str](), 0
        for figure in extraction.figures:
            measured = self._measured(figure, indicator, explicit)
            self.has_indicator = self.has_indicator or measured is not None
            if figure.value is None:
                missing += 1
                continue
            used[measured.code if measured else ""] += 1
            yield self._row(table, figure, measured)
        for problem in extraction.problems:
            if problem.lost and not problem.params.get("same_value"):
                text = _clean(problem.text)
                place = (_clean(table.layout.sheet, 100), problem.row + 1, problem.column + 1, text)
                details = _json({"text": text, **self._counted_from_one(problem.params)})
                yield (*place, None, None, None, "", None, None, "A", problem.code.value, details)
        self._ask(table, extraction, used[""])
        codes = [measured for measured in used if measured]
        summary = self._summary(table, extraction, codes, missing)
        self.sheets.append(_storable(summary | picture(table, tables)))

    def _ask(self, table: Table, extraction: Extraction, unnamed: int) -> None:
        """Counts what is not understood, and the figures that it costs."""
        for problem in extraction.problems:
            if problem.code in QUESTIONS and problem.text:
                dimension = problem.params.get("dimension") or ""
                text = _clean(problem.text)
                self.questions[QUESTIONS[problem.code].value, text, dimension] += problem.lost
        if unnamed and table.layout.indicator_texts:
            title = _clean(table.layout.indicator_texts[0])
            self.questions[LearntName.Kind.INDICATOR.value, title, ""] += unnamed
        for unit, count in Counter(figure.unit for figure in extraction.figures if figure.unit).items():
            if self.words.unit(unit) is None and not unit.isupper():
                waiting = count if self._is_unknown(table, unit) else 0
                self.questions[LearntName.Kind.UNIT.value, _clean(unit), ""] += waiting

    def _is_unknown(self, table: Table, unit: str) -> bool:
        """Whether a column says a unit that nobody knows. Words above a table may be no unit at all, and
        capitals are a code of the Bureau's."""
        column = table.layout.column_with(Role.UNIT)
        return bool(unit) and column is not None and not unit.isupper()

    def _row(self, table: Table, figure: Figure, indicator: Indicator | None) -> Row:
        value, problem, details = self._judged(table, figure, indicator)
        return (
            _clean(table.layout.sheet, 100), figure.row + 1, figure.column + 1, _clean(figure.raw),
            indicator and indicator.pk, self.territories[figure.territory].pk,
            self._breakdown(figure.breakdown),
            figure.period.frequency.value, figure.period.start, value, figure.status,
            problem, _json(details) if details else None,
        )  # fmt: skip

    def _judged(self, table: Table, figure: Figure, indicator: Indicator | None) -> Judgement:
        """The figure in the indicator's unit, with the first reason why it cannot be published."""
        value, note = figure.value, dict[str, Any]()
        problem, details = self._problem(figure, indicator)
        if problem or indicator is None or value is None:
            return Judgement(value, problem, details)
        stated = self.words.unit(figure.unit)
        if stated is None and self._is_unknown(table, figure.unit):
            return Judgement(value, "unknown_unit", {"text": _clean(figure.unit)})
        # The Bureau's unit codes are sometimes wrong; the catalogue has them right.
        is_bureaus_code = bool(indicator.sdg) and figure.unit.isupper()
        if stated and stated != indicator.unit.code and not is_bureaus_code:
            self.disagreeing[stated, indicator.code] += 1
            factor = ratio(self.units[stated], indicator.unit) if stated in table.converts else None
            if factor is None:
                return Judgement(value, "wrong_unit", {"unit": figure.unit, "expected": indicator.unit.name})
            value, note = converted(value, factor), {"unit": figure.unit, "factor": f"{factor:f}"}
        if not indicator.allows(value):
            low, high = _text(indicator.minimum), _text(indicator.maximum)
            return Judgement(value, "out_of_range", {"value": str(value), "low": low, "high": high})
        return Judgement(value, "", note)

    def _problem(self, figure: Figure, indicator: Indicator | None) -> Problem:
        """What is wrong with the figure, whatever its value."""
        territory = self.territories[figure.territory]
        if indicator is None:
            texts = self.table.layout.indicator_texts if self.table else ()
            return "unknown_indicator", {"text": _clean(next(iter(texts), ""))}
        if figure.status not in STATUSES:
            return "bad_status", {"text": figure.status}
        if figure.caveat is not None:
            return CAVEATS[figure.caveat], {}
        if figure.period.start > self.today:
            return "future_period", {"period": str(figure.period)}
        if territory.pk not in self.mandated:
            return "outside_mandate", {"territory": territory.name}
        return NO_PROBLEM

    def _measured(
        self, figure: Figure, indicator: Indicator | None, explicit: Indicator | None
    ) -> Indicator | None:
        """The indicator of the figure: what a person said, its own column's, or that of the table; where the
        Bureau's table holds several, the one whose rows these are."""
        if explicit is not None:
            return explicit
        own = self.indicators.get(figure.indicator or "") or indicator
        if own is None or not own.bureau_where:
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
        self, table: Table, extraction: Extraction, indicators: list[str], missing: int
    ) -> dict[str, Any]:
        """What was recognised of a table, for people."""
        figures = extraction.figures
        periods = sorted({figure.period.start for figure in figures})
        first, last = (
            (self._written(figures, day) for day in (periods[0], periods[-1])) if periods else ("", "")
        )
        layout = table.layout
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
            ][:MOST_QUESTIONS],
            "disagreeing": [self._disagreement(table, *units) for units in self.disagreeing],
        }

    def _disagreement(self, table: Table, unit: str, indicator: str) -> dict[str, Any]:
        """Figures that state another unit than their indicator's, and how they can be converted."""
        factor = ratio(self.units[unit], self.indicators[indicator].unit)
        return {
            "unit": unit,
            "indicator": indicator,
            "factor": None if factor is None else f"{factor:f}",
            "figures": self.disagreeing[unit, indicator],
            "is_converted": factor is not None and unit in table.converts,
        }

    def _written(self, figures: list[Figure], day: dt.date) -> str:
        return next(str(figure.period) for figure in figures if figure.period.start == day)


def _extracted(table: Table, words: Vocabulary) -> Extraction:
    """What is in the table; nothing where nobody has said yet where its figures stand."""
    if not table.is_detected and table.layout.column_with(Role.VALUE) is None:
        return Extraction(table.layout, [], [], 0)
    return extract(table.sheet, table.layout, words)


def _holds(where: dict[str, list[str]], cells: dict[str, str]) -> bool:
    """Whether each named column has one of the cells that make the row the indicator's own."""
    return bool(where) and all(cells.get(column) in allowed for column, allowed in where.items())


def _clean(text: str, most: int = 200) -> str:
    """The text as PostgreSQL can hold it: whole characters, none of them NUL, and not too many."""
    if text.isascii() and text.isprintable():
        return text[:most]
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:most]


def _storable(data: Any) -> Any:
    """Lists, dictionaries and texts as PostgreSQL can hold them."""
    if isinstance(data, str):
        return _clean(data, len(data))
    if isinstance(data, dict):
        return {key: _storable(value) for key, value in data.items()}
    return [_storable(item) for item in data] if isinstance(data, list | tuple) else data


def _json(details: Mapping[str, Any]) -> str:
    return json.dumps(_storable(dict(details)))


def _text(bound: object) -> str | None:
    return None if bound is None else str(bound)
