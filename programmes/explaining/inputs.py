"""The figures that enter a row, each with how it became a level and where it comes from."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Indicator, Unit
from indicators.templatetags.figures import period as period_in_words
from programmes.explaining.facts import Case
from programmes.explaining.formulas import Figure, Formula, Operation, Sum, Term, number
from programmes.explaining.ground import computed_with
from programmes.explaining.origins import Published, period_of, touching
from programmes.explaining.sentences import stated
from programmes.models import Citation, Discrepancy, Kpi, LegalAct, Target
from programmes.models.documents import AT_RISK_FROM, ON_TRACK_FROM


@dataclass(frozen=True)
class Input:
    """A figure that enters, as a level, in a period.

    `formula` makes it of what is stated or published; `low` and `high` are the ends of a target's range;
    `basis` says what kind of figure it is: published, made, missing, printed, implied, national, observed
    (the actual of the baseline's year serves), target, default or own (a threshold).
    """

    code: str
    name: str
    value: float | None
    basis: str
    unit: Unit | None = None
    period: str = ""
    formula: Formula | None = None
    stated: str = ""
    low: float | None = None
    high: float | None = None
    figures: Sequence[Published] = ()
    citations: Sequence[Citation] = ()
    act: LegalAct | None = None
    in_force_since: dt.date | None = None
    replaced: Sequence[Target] = ()
    discrepancies: Sequence[Discrepancy] = ()
    notes: Sequence[str] = ()
    member: str = ""


def made_within(
    figures: Sequence[Published], indicator: Indicator, prefix: str
) -> tuple[Term | None, list[Input]]:
    """How figures within a year make the year's, and those figures; None where one stands for itself."""
    if len(figures) < 2:
        return None, []
    parts = [
        Input(
            f"{prefix}period_{each.observation.period}", period_in_words(each.observation.period),
            float(each.observation.value or 0), "published", indicator.unit, str(each.observation.period),
            figures=[each],
        )
        for each in figures
    ]  # fmt: skip
    terms = tuple(Figure(part.code, part.name, part.value) for part in parts)
    total = Sum(_("figures within the year"), terms)
    is_mean = indicator.over_time == Indicator.OverTime.MEAN
    return (Operation("÷", total, number(len(parts))) if is_mean else total), parts


def actual_of(case: Case, figures: Sequence[Published]) -> list[Input]:
    """The actual of the year and, where it is made of them, the figures within it."""
    formula, parts = made_within(figures, case.kpi.indicator, "")
    basis = "made" if formula else "published"
    whole = Input(
        "actual", _("actual of %(year)s") % {"year": case.row.year}, case.row.actual,
        "missing" if case.row.actual is None else basis, case.kpi.indicator.unit, period_of(case.row.year),
        formula, figures=() if formula else figures,
    )  # fmt: skip
    return [whole, *parts]


def baseline_of(
    case: Case,
    figures: Sequence[Published],
    formula: Formula | None,
    discrepancies: Collection[Discrepancy],
) -> Input:
    """The baseline: as documents state it, or the actual of its year, made by the formula if there is one."""
    kpi, row = case.kpi, case.row
    citations = list(kpi.baseline_citations.all())
    is_stated = kpi.baseline_value is not None
    basis = kpi.baseline_basis if is_stated or row.baseline is None else "observed"
    year = row.baseline_year
    return Input(
        "baseline",
        _("baseline of %(year)s") % {"year": year} if year else _("baseline"),
        row.baseline,
        basis,
        kpi.indicator.unit,
        str(kpi.baseline_period or ""),
        None if is_stated else formula,
        figures=() if is_stated else figures,
        citations=citations,
        discrepancies=touching(discrepancies, citations) if is_stated else (),
        notes=[note for note in (kpi.baseline_note,) if note],
    )


def targets_of(
    case: Case, targets: Sequence[Target], discrepancies: Collection[Discrepancy], years: Collection[int]
) -> list[Input]:
    """The targets of these years, in force on the day, with the ones that they replaced."""
    promised = computed_with(targets)
    return [
        _target(case, target, promised, discrepancies) for target in promised if target.period.year in years
    ]


def _target(
    case: Case, target: Target, promised: Sequence[Target], discrepancies: Collection[Discrepancy]
) -> Input:
    kpi, year = case.kpi, target.period.year
    knot = case.ground.knots[year]
    is_range = knot.low != knot.high
    return Input(
        f"target_{year}",
        _("target for %(year)s") % {"year": year},
        knot.level,
        "target",
        kpi.indicator.unit,
        str(target.period),
        level_of(case, target, promised),
        stated(target, kpi),
        low=knot.low if is_range else None,
        high=knot.high if is_range else None,
        citations=list(target.citations.all()),
        act=target.act,
        in_force_since=target.valid_from or (target.act.effective_on if target.act else None),
        replaced=[
            each
            for each in kpi.targets.all()
            if (each.frequency, each.period_start) == (target.frequency, target.period_start)
            and each.valid_to is not None
            and each.valid_to <= case.day
        ],
        discrepancies=touching(discrepancies, target.citations.all(), [target.value, target.value_max]),
        notes=[note for note in (target.note,) if note],
    )


def level_of(case: Case, target: Target, promised: Sequence[Target]) -> Formula | None:
    """How the number stated becomes a level; None where it is one."""
    number_stated = _added_up(case, target, promised)
    baseline, year = case.baseline, target.period.year
    hundredth = Operation("÷", number_stated, number(100))
    years = Operation(
        "−",
        Figure("", _("year of the target"), year),
        Figure("", _("year of the baseline"), case.row.baseline_year),
    )
    match case.kpi.form:
        case Kpi.Form.MULTIPLE:
            return Operation("×", baseline, number_stated)
        case Kpi.Form.CHANGE_PCT:
            return Operation("×", baseline, Operation("+", number(1), hundredth))
        case Kpi.Form.CHANGE_ABS:
            return Operation("+", baseline, number_stated)
        case Kpi.Form.CHANGE_PER_YEAR:
            return Operation("+", baseline, Operation("×", number_stated, years))
        case Kpi.Form.GROWTH_PCT:
            growth = Operation("+", number(1), hundredth)
            return Operation("×", baseline, Operation("^", growth, years))
    return number_stated if isinstance(number_stated, Sum) else None


def _added_up(case: Case, target: Target, promised: Sequence[Target]) -> Figure | Sum:
    """The number stated; of a target on top of others, with those that it is added to."""
    run: list[Target] = []
    for each in promised:
        run = [*run, each] if each.is_additional else [each]
        if each.period_start == target.period_start:
            break
    parts = tuple(Figure("", _("number stated"), _end(case, each)) for each in run)
    return parts[0] if len(parts) == 1 else Sum(_("numbers stated"), parts)


def _end(case: Case, target: Target) -> float:
    """The number stated; of a range the nearer end, which counts on the path."""
    is_upper = target.value_max is not None and case.ground.heading < 0
    return float(target.value_max if is_upper and target.value_max is not None else target.value)


def thresholds_of(kpi: Kpi) -> list[Input]:
    """The paces from which the course is on track and at risk."""
    programme = kpi.programme
    found = (
        ("on_track_from", _("threshold of on track"), programme.on_track_from, ON_TRACK_FROM),
        ("at_risk_from", _("threshold of at risk"), programme.at_risk_from, AT_RISK_FROM),
    )
    return [
        Input(code, name, value, "default" if value == default else "own")
        for code, name, value, default in found
    ]
