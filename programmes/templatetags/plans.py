"""What plans and provisions promise, in words: quantities, years, sums of money, numbers of a rule."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.templatetags.figures import missing
from indicators.writing import NO_BREAK_SPACE, rounded, written
from programmes.models import Funding, Kpi, Measure, Programme, RuleParameter
from programmes.plans import budget, measure_lists
from programmes.plans.budget import EXACT, Printed, qualified
from programmes.plans.deadlines import Timing
from programmes.plans.flows import Line
from programmes.plans.money import Amount, Cell, Comparison, Gap, Sum, Years
from programmes.plans.unit_costs import UnitCost, WhyNot
from programmes.templatetags.standings import CIRCLE, Look

register = template.Library()

WHY_NOT = {
    WhyNot.NO_PLAN: gettext_lazy("no amount is planned"),
    WhyNot.NO_PAYMENT: gettext_lazy("what is paid is not stated"),
    WhyNot.PAYMENT_INCOMPLETE: gettext_lazy("what is paid is stated for some of its money only"),
    WhyNot.SEVERAL_KPIS: gettext_lazy("several KPIs share the money"),
    WhyNot.FOR_A_GROUP: gettext_lazy("the KPI holds for each territory of a group"),
    WhyNot.NOT_A_QUANTITY: gettext_lazy("the KPI is no quantity to divide by"),
    WhyNot.NO_BASELINE: gettext_lazy("no baseline is stated"),
    WhyNot.NO_TARGET: gettext_lazy("no target is stated"),
    WhyNot.NO_ACTUAL: gettext_lazy("there is no figure yet"),
    WhyNot.NO_WAY: gettext_lazy("the target equals the baseline"),
    WhyNot.NO_PROGRESS: gettext_lazy("nothing has been gained so far"),
    WhyNot.NO_KPI: gettext_lazy("no KPI measures the goal"),
    WhyNot.NOT_ALL_JUDGED: gettext_lazy("not every KPI of the goal can be judged"),
}
"""Why money cannot be divided by a result, in words."""

CALENDAR_YEAR = "CALENDAR_YEAR"

LOOKS = {
    Timing.OVERDUE: Look("is-bad", CIRCLE + "M8 4.5V8.6M8 11.2v.1"),
    Timing.UNDER_WAY: Look("is-good", "M2.5 8h10.5M9 4l4 4-4 4"),
    Timing.COMING: Look("is-none", "M3 8h.1M8 8h.1M13 8h.1"),
    Timing.UNDATED: Look("is-none", CIRCLE),
    Timing.DONE: Look("is-good", CIRCLE + "M5 8.3l2.2 2.1 3.9-4.3"),
    Timing.LAPSED: Look("is-none", CIRCLE + "M3.6 12.4l8.8-8.8"),
    Timing.EXCLUDED: Look("is-none", "M3.5 3.5l9 9M12.5 3.5l-9 9"),
}
"""A mark in a square of 16 for each way in which a measure may stand."""


@register.filter
def quantity(measure: Measure) -> str:
    """What a measure promises, with its qualifier and unit: at least 17 units; a dash where nothing is."""
    if measure.deliverable_value is None:
        return missing(_("no quantity"))
    ends = [measure.deliverable_value]
    if measure.deliverable_max is not None:
        ends.append(measure.deliverable_max)
    text = "–".join(written(end, EXACT) for end in ends)
    if measure.unit is not None:
        text += NO_BREAK_SPACE + measure.unit.symbol
    return qualified(text, measure)


@register.filter
def places(measure: Measure, programme: Programme) -> str:
    """The territories of a measure where they are others than its programme's."""
    territories = list(measure.territories.all())
    if [territory.pk for territory in territories] == [programme.territory_id]:
        return ""
    return ", ".join(territory.name for territory in territories)


@register.filter
def number(parameter: RuleParameter) -> str:
    """A number of a rule with its unit; years and numbers of acts are not grouped by thousands."""
    unit = parameter.unit
    if unit is None or unit.code == CALENDAR_YEAR:
        return f"{rounded(parameter.value, EXACT):f}"
    return written(parameter.value, EXACT) + NO_BREAK_SPACE + unit.symbol


@register.filter
def span(years: Years) -> str:
    """The years that money is for: 2013, 2022–2025, to 2030, from 2023; nothing where they are not said."""
    first, last = years
    if first is None:
        return "" if last is None else _("to %(year)s") % {"year": last}
    if last is None:
        return _("from %(year)s") % {"year": first}
    return str(first) if first == last else f"{first}–{last}"


@register.filter
def years_of(funding: Funding) -> str:
    """The years of a line of funding."""
    return span((funding.year_from, funding.year_to))


@register.filter
def budgets(sources: Iterable[str]) -> str:
    """The sources of a measure's money in words."""
    words = dict(Funding.Level.choices)
    return ", ".join(str(words[source]) for source in sources)


@register.filter
def million(amount: Amount | None) -> str:
    """An amount in million tenge without its unit; a dash where none is planned."""
    return missing(_("nothing planned")) if amount is None else budget.figures(amount)


@register.filter
def spent(cell: Cell[Printed]) -> str:
    """A cell of the plan by year in million tenge, as qualified; provisional amounts with an asterisk."""
    text = million(cell.amount)
    for line in cell.items[:1]:
        text = qualified(text, line.funding)
    return f"{text}*" if any(line.funding.is_indicative for line in cell.items) else text


@register.filter
def gap(found: Gap | None) -> str:
    """How a sum in million tenge compares with its printed total, in a cell."""
    if found is None:
        return missing(_("no total printed"))
    patterns = {
        Comparison.LESS: _("%(gap)s less"),
        Comparison.MORE: _("%(gap)s more"),
        Comparison.EQUAL: _("equal"),
        Comparison.OPEN: _("may be equal"),
    }
    return patterns[found.comparison] % {"gap": budget.figures(found.amount)}


@register.inclusion_tag("programmes/status.html")
def timing(measure: Measure) -> dict[str, object]:
    """The mark and the words of how a measure stands today; the measure is one of `dated`."""
    word = measure_lists.state_in_words(measure, timezone.localdate())
    return {"word": word, "look": LOOKS[Timing(measure.timing)]}  # type: ignore[attr-defined]


@register.inclusion_tag("programmes/measure_counts.html")
def timing_counts(counts: Mapping[Timing, int]) -> dict[str, object]:
    """How many measures stand how, each with its mark."""
    return {"parts": [(word.label, LOOKS[word], counts[word]) for word in Timing if counts.get(word)]}


@register.filter
def in_words(added: Sum, line: Printed) -> str:
    """What the lines under a line add up to."""
    return budget.sum_in_words(added, line)


@register.filter
def tenge(amount: Amount | Decimal) -> str:
    """Million tenge in the largest unit that keeps a figure above one: 6.1 trillion ₸, 260.2 billion ₸."""
    found = Amount(amount, amount) if isinstance(amount, Decimal) else amount
    return budget.rounded_amount(found)


@register.filter
def planned(money: Funding) -> str:
    """What a line plans in million tenge, as qualified; a dash where no amount is stated."""
    amount = Amount.of(money.planned, money.planned_max)
    return missing(_("not stated")) if amount is None else qualified(budget.figures(amount), money)


@register.filter
def count_of(counts: Mapping[str, int], kind: str) -> int:
    """How many of a kind there are."""
    return counts.get(kind, 0)


@register.filter
def tenge_or_none(amount: Amount | Decimal | None) -> str:
    """`tenge`; in words where it is not stated."""
    return _("not stated") if amount is None else tenge(amount)


@register.filter
def million_or_none(amount: Decimal | None) -> str:
    """Million tenge exactly, without the unit; in words where they are not stated."""
    return _("not stated") if amount is None else written(amount, EXACT)


@register.filter
def from_source(line: Line, source: str) -> str:
    """What is planned from a source; a dash where nothing is."""
    amount = line.by_source.get(source)
    return missing(_("nothing planned")) if amount is None else written(amount, EXACT)


@register.filter
def unit_cost(cost: UnitCost, kpi: Kpi | None) -> str:
    """What a unit of the KPI, or without one a percentage point of the way, costs; or why nobody can say."""
    if cost.amount is None:
        return format_html('<span class="reason">{}</span>', WHY_NOT[cost.why_not or WhyNot.NO_KPI])
    unit = kpi.indicator.unit.symbol if kpi else _("percentage point of the way")
    return _("%(amount)s for one %(unit)s") % {"amount": tenge(cost.amount), "unit": unit}
