"""How the figures of a group's members make that of the group."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cities.models import Territory
from common.databases.compiled import any_of, compiled
from common.databases.planning import planned_briefly
from indicators.models import Indicator
from programmes.explaining.facts import Case
from programmes.explaining.formulas import Figure, Operation, Sum, Term, number
from programmes.explaining.inputs import Input
from programmes.explaining.origins import period_of
from programmes.progress.inputs import YEAR
from programmes.services.gathering import Measured, gather_measured


@dataclass(frozen=True)
class Members:
    """What the group's figures are made of, and its territories by key."""

    measured: Measured
    names: Mapping[int, Territory]

    @property
    def rule(self) -> str:
        """How members' figures make the group's: sum, mean, ratio or none."""
        return str(self.measured.kpis["aggregation"].iloc[0])

    @property
    def per(self) -> float:
        """A ratio is one of so many: 100 in per cent."""
        return float(self.measured.kpis["per"].iloc[0])


def members_of(case: Case) -> Members:
    """The members with their figures, as of the day; the same number of queries for any group."""
    with planned_briefly():
        measured = gather_measured([case.kpi.pk], case.day)
    territories = _territories(measured.places["territory"].tolist())
    return Members(measured, {each.pk: each for each in territories})


@compiled
def _territories(ids: Collection[int]) -> QuerySet[Territory]:
    return Territory.objects.filter(any_of("pk", ids))


def group_actual_of(case: Case, members: Members) -> list[Input]:
    """The group's actual, and the figures of its members that it is, or would be, made of."""
    year = case.row.year
    formula, parts = made_of_members(case, members, year, "")
    known = len(parts) // (2 if members.rule == "ratio" else 1)
    whole = Input(
        "actual", _("actual of %(year)s") % {"year": year}, case.row.actual,
        "missing" if case.row.actual is None else "made", case.kpi.indicator.unit, period_of(year), formula,
        notes=[_counted(members.rule, known, len(members.names))],
    )  # fmt: skip
    return [whole, *parts]


def made_of_members(case: Case, members: Members, year: int, prefix: str) -> tuple[Term | None, list[Input]]:
    """The formula of the group's figure of the year, if any member has one, and the members' figures."""
    names, formula = members.names, None
    columns = _columns(members.measured, case.kpi.indicator, members.rule, year)
    terms = [
        Sum(
            name,
            tuple(Figure(f"{prefix}{code}_{names[pk].code}", names[pk].name, value) for pk, value in figures),
        )
        for code, name, figures in columns
    ]
    if columns and columns[0][2]:
        formula = _put_together(terms, members.rule, members.per)
    parts = [
        Input(
            f"{prefix}{code}_{names[pk].code}", f"{names[pk].name}: {name}", value, "member",
            period=period_of(year), member=names[pk].code,
        )
        for code, name, figures in columns
        for pk, value in figures
    ]  # fmt: skip
    return formula, parts


def _columns(
    measured: Measured, indicator: Indicator, rule: str, year: int
) -> list[tuple[str, str, list[tuple[int, float]]]]:
    """Code, name and members' figures of the year, of each indicator that the rule adds up."""
    if rule == "ratio" and indicator.numerator and indicator.denominator:
        rows = measured.parts[measured.parts["year"] == year].sort_values("territory")
        wanted = (("numerator", indicator.numerator.name), ("denominator", indicator.denominator.name))
        return [(code, name, _pairs(rows["territory"], rows[code])) for code, name in wanted]
    if rule in {"sum", "mean"}:
        actuals = measured.actuals
        rows = actuals[(actuals["year"] == year) & (actuals["months"] == YEAR)].sort_values("territory")
        return [("member", indicator.name, _pairs(rows["territory"], rows["value"]))]
    return []


def _pairs(territories: Iterable[int], values: Iterable[float]) -> list[tuple[int, float]]:
    return [(int(pk), float(value)) for pk, value in zip(territories, values, strict=True)]


def _put_together(terms: list[Sum], rule: str, per: float) -> Term:
    if rule == "sum":
        return terms[0]
    if rule == "mean":
        return Operation("÷", terms[0], number(len(terms[0].figures)))
    ratio = Operation("÷", *terms)
    return ratio if per == 1 else Operation("×", ratio, number(per))


def _counted(rule: str, known: int, members: int) -> str:
    """How the members' figures are put together, and how many there are."""
    figures: Mapping[str, object] = {"known": known, "members": members}
    match rule:
        case "sum":
            return _("The sum of the members' figures; %(known)s of %(members)s members have one.") % figures
        case "mean":
            return _("The mean of the members' figures; %(known)s of %(members)s members have one.") % figures
        case "ratio":
            return _(
                "The sum of the numerators ÷ the sum of the denominators; "
                "%(known)s of %(members)s members have both."
            ) % figures  # fmt: skip
    return _("The members' figures cannot be put together.")
