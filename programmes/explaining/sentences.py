"""A KPI in a territory in words: targets as their document states them, and its standing in one sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.writing import MINUS, with_unit, written
from programmes.codes import Reason
from programmes.explaining.formulas import Figure, Formula, pieces
from programmes.labels import reason_in_words
from programmes.models import Forecast, Kpi, Progress, Standing, Target

EXACT = 4
"""Decimals with which results can be followed by hand."""


def exact(value: float | None) -> str:
    """A figure precisely enough to follow by hand: small ones with more decimals, years plainly."""
    if value is None:
        return "?"
    if isinstance(value, int):
        return str(value).replace("-", MINUS)
    size = abs(value)
    return written(value, EXACT if size >= 10**-EXACT or not size else EXACT - math.floor(math.log10(size)))


def by_name(formula: Formula) -> str:
    """A formula in words: (actual − baseline) ÷ (expected − baseline)."""
    parts = pieces(formula, filled=False)
    return "".join(piece.name if isinstance(piece, Figure) else piece for piece in parts)


def with_figures(formula: Formula) -> str:
    """A formula with its figures in place of their names."""
    parts = pieces(formula, filled=True)
    return "".join(exact(piece.value) if isinstance(piece, Figure) else piece for piece in parts)


def stated(target: Target, kpi: Kpi) -> str:
    """A target as its document states it: a level, ×2, +20 %, or a range, with the KPI's comparator."""
    decimals, unit = kpi.indicator.decimals, kpi.indicator.unit.symbol
    value, plus = written(target.value, decimals), "+" if target.value > 0 else ""
    match kpi.form:
        case Kpi.Form.MULTIPLE:
            return "×" + written(target.value, EXACT)
        case Kpi.Form.CHANGE_PCT | Kpi.Form.GROWTH_PCT:
            return f"{plus}{written(target.value, EXACT)}\u00a0%"
        case Kpi.Form.CHANGE_ABS:
            return f"{plus}{value}\u00a0{unit}"
        case Kpi.Form.CHANGE_PER_YEAR:
            return _("%(change)s a year") % {"change": f"{plus}{value}\u00a0{unit}"}
        case Kpi.Form.YES_NO:
            return _("yes") if target.value else _("no")
    if target.value_max is not None:
        value = f"{value}–{written(target.value_max, decimals)}"
    signs: dict[str, str] = {Kpi.Comparator.AT_LEAST: "≥\u00a0", Kpi.Comparator.AT_MOST: "≤\u00a0"}
    sign = signs.get(kpi.comparator, "")
    return f"{sign}{value}\u00a0{unit}"


@dataclass(frozen=True)
class Place:
    """A KPI in one territory: its standing and its rows of progress by year."""

    kpi: Kpi
    standing: Standing | None
    rows: dict[int, Progress]
    forecasts: Sequence[Forecast] = ()

    @property
    def row(self) -> Progress | None:
        """The row that the standing rests on, else the latest with a figure."""
        if self.standing is not None and self.standing.year in self.rows:
            return self.rows[self.standing.year]
        return next(
            (row for _, row in sorted(self.rows.items(), reverse=True) if row.actual is not None), None
        )

    def level(self, year: int | None) -> float | None:
        """The target of the year, as a level."""
        row = self.rows.get(year) if year is not None else None
        return row.target if row else None

    @property
    def years(self) -> list[Progress]:
        """The rows that can say how the promise stands: from the period of the baseline on."""
        return [row for row in self.rows.values() if row not in self.earlier]

    @property
    def earlier(self) -> list[Progress]:
        """The rows from before the baseline: figures without a promise beside them."""
        return [
            row
            for row in self.rows.values()
            if row.pace_reason == Reason.BEFORE_BASELINE and row.target is None
        ]

    @property
    def destination(self) -> tuple[float, int] | None:
        """The next target still to come and its year, else the last."""
        years = sorted(year for year, row in self.rows.items() if row.target is not None)
        ahead = self.standing.next_target_year if self.standing else None
        year = ahead if ahead in years else (years[-1] if years else None)
        level = self.level(year)
        return None if year is None or level is None else (level, year)

    @property
    def sentence(self) -> str:
        """What the standing says, in one plain sentence."""
        row, standing = self.row, self.standing
        if standing is None:
            return _("It has not been judged yet.")
        words: dict[str, str] = {"reason": reason_in_words(standing.reason)}
        if row is not None and row.actual is not None:
            words |= {"actual": with_unit(row.actual, self.kpi.indicator), "year": str(row.year)}
            if row.expected is not None:
                words["expected"] = with_unit(row.expected, self.kpi.indicator)
        if self.destination:
            words["target"] = with_unit(self.destination[0], self.kpi.indicator)
            words["target_year"] = str(self.destination[1])
        return self._pattern(standing, row) % words

    def _pattern(self, standing: Standing, row: Progress | None) -> str:
        code, measured = standing.standing, row is not None and row.actual is not None
        if code == "no_data":
            return (
                _("There is no figure for %(target_year)s; the latest is %(actual)s in %(year)s.")
                if measured and self.destination
                else _("No figure has been published yet, so nobody can say whether the promise is kept.")
            )
        if code == "not_computable" or not measured or self.destination is None or row is None:
            return _("It cannot be judged: %(reason)s.")
        if code == "on_track" and self._is_there_already(row):
            return _(
                "%(actual)s in %(year)s: already as good as the target of %(target)s for %(target_year)s."
            )
        if row.expected is None and code in {"at_risk", "off_track", "reversed", "on_track"}:
            return _("%(actual)s in %(year)s; the target for %(target_year)s is %(target)s.")
        return {
            "on_track": _(
                "%(actual)s in %(year)s against %(expected)s expected: "
                "on track towards %(target)s in %(target_year)s."
            ),
            "at_risk": _(
                "%(actual)s in %(year)s against %(expected)s expected: "
                "somewhat behind on the way to %(target)s in %(target_year)s."
            ),
            "off_track": _(
                "%(actual)s in %(year)s against %(expected)s expected: "
                "far behind on the way to %(target)s in %(target_year)s."
            ),
            "reversed": _(
                "%(actual)s in %(year)s against %(expected)s expected: "
                "further than at the start from %(target)s in %(target_year)s."
            ),
            "met": _("%(actual)s in %(year)s: the last target, %(target)s, has been met."),
            "missed": _("%(actual)s in %(year)s: the last target, %(target)s, has been missed."),
            "stale": _("The latest figure, %(actual)s, is of %(year)s: too old to judge by."),
        }[code]

    def _is_there_already(self, row: Progress) -> bool:
        """Whether the actual satisfies the target that the sentence names."""
        if self.destination is None or row.actual is None:
            return False
        level = self.destination[0]
        return {"at_least": row.actual >= level, "at_most": row.actual <= level}.get(
            self.kpi.comparator, False
        )
