"""What plans and provisions promise, in words: quantities, years, sums of money, numbers of a rule."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from indicators.templatetags.figures import missing
from indicators.writing import NO_BREAK_SPACE, rounded, written
from programmes.models import Funding, Measure, Programme, RuleParameter
from programmes.plans import budget
from programmes.plans.budget import EXACT, Printed, qualified
from programmes.plans.money import Amount, Cell, Comparison, Gap, Sum, Years

register = template.Library()

CALENDAR_YEAR = "CALENDAR_YEAR"


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


@register.filter
def in_words(added: Sum, line: Printed) -> str:
    """What the lines under a line add up to."""
    return budget.sum_in_words(added, line)
