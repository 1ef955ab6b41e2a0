"""The facts of a row as formulas: by name, with figures, with results or the reason and its cure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from indicators.writing import percent, with_unit
from programmes.codes import Course, Reason, StandingCode, Verdict
from programmes.explaining.cures import cure_of
from programmes.explaining.formulas import (
    Comparison,
    Figure,
    Formula,
    Operation,
    Term,
    figures_in,
    holds,
    number,
)
from programmes.explaining.ground import Ground
from programmes.labels import WORDS, reason_in_words
from programmes.models import GroupProgress, GroupStanding, Kpi, Progress, Standing
from programmes.progress.inputs import SHARES, YEAR

Row = Progress | GroupProgress


@dataclass(frozen=True)
class Fact:
    """One result: what it is called and means, its arithmetic, and the result, or why there is none."""

    code: str
    name: str
    meaning: str
    formula: Formula | None
    value: float | None
    word: str
    result: str
    reason: str
    cure: str

    @property
    def kind(self) -> str:
        """Whether its formula is a statement, a computation, one plain figure, or none."""
        match self.formula:
            case None:
                return ""
            case Comparison():
                return "statement"
            case Figure():
                return "figure"
        return "computation"

    @property
    def is_filled(self) -> bool:
        """Whether any figure is known of those that have an origin, if there are any."""
        values = [figure.value for figure in figures_in(self.formula) if figure.code]
        return not values or any(value is not None for value in values)

    @property
    def reason_in_words(self) -> str:
        """Why there is no result, in the reader's language."""
        return reason_in_words(self.reason)


@dataclass(frozen=True)
class Case:
    """A row with what it was judged on, as of a day."""

    kpi: Kpi
    row: Row
    ground: Ground
    standing: Standing | GroupStanding | None
    day: dt.date

    @property
    def actual(self) -> Figure:
        """The figure of the year."""
        return Figure("actual", _("actual"), self.row.actual)

    @property
    def baseline(self) -> Figure:
        """The figure that the promise starts from."""
        return Figure("baseline", _("baseline"), self.row.baseline)

    @property
    def expected(self) -> Figure:
        """The path's value in the year."""
        return Figure("expected", _("expected"), self.row.expected)

    @property
    def last_year(self) -> int | None:
        """The year of the last target."""
        return max(self.ground.knots, default=None)

    def target(self, year: int | None, name: str, end: str = "level") -> Figure:
        """The target of the year as a level, or one end of its range."""
        knot = self.ground.knots.get(year) if year is not None else None
        return Figure(f"target_{year}", name, getattr(knot, end)) if knot else Figure("", name, None)

    def fact(self, code: str, name: str, meaning: str, formula: Formula | None, **found: object) -> Fact:
        """A fact with its result (`value` and `result`, or `word`) or its `reason`."""
        reason, word = str(found.get("reason", "")), str(found.get("word", ""))
        value = found.get("value")
        return Fact(
            code, name, meaning, formula,
            value=value if isinstance(value, float) else None,
            word=word,
            result=str(WORDS[word]) if word else str(found.get("result", "")),
            reason=reason,
            cure=cure_of(reason, self.figures),
        )  # fmt: skip

    @property
    def figures(self) -> Mapping[str, object]:
        """What cures name."""
        row = self.row
        members = (getattr(row, "members", 0) or 0, getattr(row, "members_total", 0) or 0)
        return {
            "year": row.year,
            "baseline_year": row.baseline_year,
            "months": row.months,
            "tolerance": self.kpi.tolerance_months,
            "members": members[0],
            "members_total": members[1],
        }


def facts_of(case: Case) -> list[Fact]:
    """The facts in the order of computing."""
    last = case.target(case.last_year, _("last target"))
    row = case.row
    return [
        _expected(case),
        _verdict(case),
        _attainment(case),
        _share(
            case, "distance", _("Distance covered"),
            _("the way covered against the whole way to the last target"),
            _way(case, last), row.distance, row.distance_reason,
        ),
        _share(
            case, "pace", _("Pace"), _("the way covered against the way expected by then"),
            _way(case, case.expected), row.pace, row.pace_reason,
        ),
        _course(case),
        *([_standing(case, case.standing)] if case.standing else []),
    ]  # fmt: skip


def _way(case: Case, end: Figure) -> Operation:
    return Operation("÷", Operation("−", case.actual, case.baseline), Operation("−", end, case.baseline))


def _share(
    case: Case, code: str, name: str, meaning: str, formula: Formula, value: float | None, reason: str
) -> Fact:
    result = "" if value is None else percent(value, 1)
    return case.fact(code, name, meaning, formula, value=value, result=result, reason=reason)


def _expected(case: Case) -> Fact:
    formula, reason = path_of(case)
    meaning = _("the portal's interpolation between baseline and targets")
    if isinstance(formula, Figure) and case.row.year == case.row.next_target_year:
        meaning = _("the year's own target")
    elif isinstance(formula, Figure):
        at_baseline = case.row.year == case.row.baseline_year
        meaning = _("the baseline, of the same year") if at_baseline else _("the path rises by steps")
    value = case.row.expected
    result = "" if value is None else with_unit(value, case.kpi.indicator)
    found = {"value": value, "result": result, "reason": "" if value is not None else reason}
    return case.fact("expected", _("Expected"), meaning, formula, **found)


def path_of(case: Case) -> tuple[Term | None, str]:
    """The path's formula in the year, and the reason if it gives no value."""
    row, year1 = case.row, case.row.next_target_year
    end = case.target(year1, _("target of %(year)s") % {"year": year1})
    if row.year == year1:
        return end, _why_no_path(case, row.year, end, end)
    year0, start = _start_of(case)
    reason = _why_no_path(case, year0, start, end)
    has_path = case.kpi.form != Kpi.Form.YES_NO and year0 is not None and row.year > year0
    if row.year == year0 or (has_path and case.kpi.path == Kpi.Path.STEP):
        return start, reason
    if year0 is None or year1 is None or not has_path:
        return None, reason
    first, last = Figure("", _("year of the start"), year0), Figure("", _("its year"), year1)
    part, whole = Operation("−", Figure("", _("year"), row.year), first), Operation("−", last, first)
    if case.kpi.path == Kpi.Path.GEOMETRIC:
        growth = Operation("^", Operation("÷", end, start), Operation("÷", part, whole))
        return Operation("×", start, growth), reason
    risen = Operation("×", Operation("−", end, start), part)
    return Operation("+", start, Operation("÷", risen, whole)), reason


def _start_of(case: Case) -> tuple[int | None, Figure]:
    """The path's last point before the year: a target since the baseline, else the baseline."""
    row = case.row
    earlier = [year for year in case.ground.knots if (row.baseline_year or 0) <= year < row.year]
    if not earlier:
        return row.baseline_year, case.baseline
    return max(earlier), case.target(max(earlier), _("target of %(year)s") % {"year": max(earlier)})


def _why_no_path(case: Case, first: int | None, start: Figure, end: Figure) -> str:
    """Why a path without a value has none: what is missing comes before what is odd."""
    if case.row.next_target_year is None:
        return Reason.AFTER_LAST_TARGET if case.ground.knots else Reason.NO_TARGET
    if case.ground.heading == 0 or case.kpi.form == Kpi.Form.YES_NO:
        return Reason.NOT_A_QUANTITY
    if start.value is None or end.value is None:
        is_negative = case.kpi.form in SHARES and (case.row.baseline or 0) < 0
        return Reason.NEGATIVE_FIGURE if is_negative else Reason.BASELINE_MISSING
    return Reason.BEFORE_BASELINE if first is not None and case.row.year < first else Reason.NO_PATH


def _attainment(case: Case) -> Fact:
    row = case.row
    target, falls = case.target(row.year, _("target")), case.ground.sense < 0
    meaning = _("the degree of official reports")
    if falls:
        meaning = _("the degree of official reports, turned round because a fall is wanted")
    terms = (target, case.actual) if falls else (case.actual, target)
    return _share(
        case, "attainment", _("Attainment"), meaning, Operation("÷", *terms),
        row.attainment, row.attainment_reason,
    )  # fmt: skip


def _verdict(case: Case) -> Fact:
    row = case.row
    meaning = _("the year's figure against the year's target")
    formula = _against(case, row.year, _("target"), is_good=row.verdict != Verdict.MISSED)
    return case.fact("verdict", _("Verdict"), meaning, formula, word=row.verdict, reason=row.verdict_reason)


def _against(case: Case, year: int | None, name: str, *, is_good: bool) -> Comparison:
    """The actual against the target of the year, the way it turned out or would have to."""
    sense = case.ground.sense
    if sense:
        return _one_sided(
            case.actual, case.target(year, name, "low" if sense > 0 else "high"), sense, is_good=is_good
        )
    low, high = case.target(year, _("lower end"), "low"), case.target(year, _("upper end"), "high")
    if is_good:
        return Comparison((low, case.actual, high), ("≤", "≤"))
    too_low = Comparison((case.actual, low), ("<",))
    return too_low if holds(too_low) else Comparison((case.actual, high), (">",))


def _one_sided(actual: Figure, limit: Figure, sense: int, *, is_good: bool) -> Comparison:
    signs = {(1, True): "≥", (1, False): "<", (-1, True): "≤", (-1, False): ">"}
    return Comparison((actual, limit), (signs[sense, is_good],))


def _course(case: Case) -> Fact:
    row = case.row
    meaning, formula = _why_this_course(case)
    return case.fact("course", _("Course"), meaning, formula, word=row.course, reason=row.course_reason)


def _why_this_course(case: Case) -> tuple[str, Comparison | None]:
    """What decided on the course: the first of the rules of docs/progress.md, section 4, that holds."""
    row, heading = case.row, case.ground.heading
    already = _against(case, row.next_target_year, _("next target"), is_good=True)
    if row.course == Course.ON_TRACK and holds(already):
        return _("the actual already satisfies the next target"), already
    if row.course in {"", Course.NOT_COMPUTABLE}:
        return _("by the pace, or by the expected value where there is none"), None
    if row.pace is not None:
        return _("by the pace"), _of_pace(case, row.pace)
    if heading == 0:
        outside = _against(case, row.next_target_year, "", is_good=False)
        return _("there is no pace: by the corridor that must not be left"), outside
    is_good = row.course == Course.ON_TRACK
    compared = _one_sided(case.actual, case.expected, heading, is_good=is_good)
    return _("there is no pace: by the expected value"), compared


def _of_pace(case: Case, value: float) -> Comparison:
    """The pace between the thresholds that it lies between."""
    pace = Figure("pace", _("pace"), value)
    programme = case.kpi.programme
    on_track = Figure("on_track_from", _("threshold of on track"), programme.on_track_from)
    at_risk = Figure("at_risk_from", _("threshold of at risk"), programme.at_risk_from)
    match case.row.course:
        case Course.ON_TRACK:
            return Comparison((pace, on_track), ("≥",))
        case Course.AT_RISK:
            return Comparison((at_risk, pace, on_track), ("≤", "<"))
        case Course.OFF_TRACK:
            return Comparison((number(0), pace, at_risk), ("≤", "<"))
    return Comparison((pace, number(0)), ("<",))


def _standing(case: Case, standing: Standing | GroupStanding) -> Fact:
    word, year = standing.standing, standing.year
    all_due = standing.next_target_year is None and case.last_year is not None
    formula = None
    if all_due:
        meaning = _("all targets are due: the verdict of %(year)s, on the last") % {"year": case.last_year}
    elif word == StandingCode.STALE and year is not None:
        meaning = _("a target lies ahead, but the latest figure, of %(year)s, is too old") % {"year": year}
        formula = _age(case, year)
    elif year is not None:
        meaning = _("the course at the latest figure, of %(year)s") % {"year": year}
    else:
        meaning = _("the course while targets lie ahead, afterwards the verdict on the last")
    fact = case.fact("standing", _("Standing"), meaning, formula, word=word, reason=standing.reason)
    # What is missing is not the figure of this row: the last target's, else one of the last whole year.
    missing = case.last_year if all_due else case.day.year - 1
    return replace(fact, cure=cure_of(fact.reason, {**case.figures, "year": missing}))


def _age(case: Case, year: int) -> Comparison | None:
    """Months from the end of the row's figure to the beginning of this month, against those allowed."""
    if year != case.row.year or case.row.months is None:
        return None
    now = Operation("×", Figure("", _("years since"), case.day.year - year), number(YEAR))
    since = Operation("+", now, Figure("", _("months of this year"), case.day.month - 1))
    age = Operation("−", since, Figure("", _("months of its year"), case.row.months))
    return Comparison((age, Figure("", _("months allowed"), case.kpi.tolerance_months)), ("≥",))
