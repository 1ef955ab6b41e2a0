"""A programme's funding as its page shows it: amounts as printed, sums in words, the plan's money by year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from indicators.models import Unit
from indicators.writing import NO_BREAK_SPACE, written
from programmes.evidence.provenance import MILLION_TENGE
from programmes.models import Citation, Funding, Goal, Measure, Programme, Qualifier
from programmes.overview import GoalNode
from programmes.plans import money
from programmes.plans.money import Amount, Comparison, Gap, Line, Node, Plan, Spending, Sum

EXACT = 6  # decimals: a printed number is shown as it is printed


MAGNITUDES = (
    (10**6, gettext_lazy("%(amount)s trillion ₸")),
    (10**3, gettext_lazy("%(amount)s billion ₸")),
    (1, gettext_lazy("%(amount)s million ₸")),
)
"""From the largest: how many million tenge, and how an amount of them is written."""


def figures(amount: Amount, factor: Decimal = Decimal(1)) -> str:
    """An amount, or the ends of its range, in so many million tenge."""
    return "–".join(dict.fromkeys(written(end / factor, EXACT) for end in (amount.low, amount.high)))


def amount_in(unit: Unit, amount: Amount) -> str:
    """An amount of million tenge in a unit that is a multiple of it."""
    return figures(amount, unit.factor or Decimal(1)) + NO_BREAK_SPACE + unit.symbol


def rounded_amount(amount: Amount) -> str:
    """An amount of million tenge in words of the reader's language, to a tenth of the unit that fits."""
    most = abs(amount.high)
    factor, pattern = next(each for each in MAGNITUDES if most >= each[0] or each[0] == 1)
    ends = dict.fromkeys(written(end / factor, 1) for end in (amount.low, amount.high))
    return str(pattern % {"amount": "–".join(ends)})


def qualified(text: str, row: Funding | Measure) -> str:
    """A figure with the word by which its document qualifies it: about, at least, at most."""
    return text if row.qualifier == Qualifier.EXACT else f"{row.get_qualifier_display()} {text}"


@dataclass(frozen=True)
class Printed:
    """A line of funding with its places, in the unit in which the document prints it."""

    funding: Funding
    million: Unit

    @property
    def amount(self) -> Amount | None:
        """What is planned, in million tenge."""
        return Amount.of(self.funding.planned, self.funding.planned_max)

    @cached_property
    def unit(self) -> Unit:
        """The unit of the first place that prints the amount which the portal uses."""
        own = (each.unit for each in self.funding.citations.all() if each.unit and self._agrees(each))
        return next(own, self.million)

    @property
    def paid(self) -> str:
        """What has been paid, where that is known."""
        paid = Amount.of(self.funding.paid)
        return "" if paid is None else self.write(paid)

    def write(self, amount: Amount) -> str:
        """Another amount in this line's unit."""
        return amount_in(self.unit, amount)

    def __str__(self) -> str:
        if self.amount is None:
            return _("no amount stated")
        text = qualified(self.write(self.amount), self.funding)
        return _("%(amount)s every year") % {"amount": text} if self.funding.is_yearly else text

    def _agrees(self, citation: Citation) -> bool:
        """Whether the place prints the amount that the portal uses."""
        if citation.value is None:
            return True
        factor = (citation.unit.factor if citation.unit else None) or Decimal(1)
        top = citation.value if citation.value_max is None else citation.value_max
        return Amount(citation.value * factor, top * factor) == self.amount


@dataclass(frozen=True)
class Section:
    """The lines of a goal's money; without a goal, of the programme's as a whole."""

    goal: Goal | None
    nodes: list[Node[Printed]]

    @property
    def size(self) -> int:
        """The number of lines."""
        return sum(node.size for node in self.nodes)

    @property
    def whole(self) -> Printed | None:
        """The one line above all others, where there is one."""
        return self.nodes[0].line.item if len(self.nodes) == 1 else None


def printed_lines(programme: Programme) -> list[Printed]:
    """All lines of the programme's funding, in their order; three queries."""
    million = Unit.objects.get(code=MILLION_TENGE)
    places = Prefetch("citations", Citation.objects.select_related("document", "unit"))
    rows = (
        programme.funding.select_related("measure", "goal", "parent")
        .prefetch_related(places)
        .order_by("order")
    )
    return [Printed(row, million) for row in rows]


def sections(lines: Iterable[Printed], goals: Iterable[GoalNode]) -> list[Section]:
    """The tree of the lines, goal by goal; what a measure costs stands in the plan by year instead."""
    nodes = money.tree(_lines(lines))
    by_goal: defaultdict[int | None, list[Node[Printed]]] = defaultdict(list)
    for node in nodes:
        by_goal[node.line.item.funding.goal_id].append(node)
    order = [None, *(node.goal for node in goals)]
    return [Section(goal, found) for goal in order if (found := by_goal.get(goal.pk if goal else None, []))]


def _lines(lines: Iterable[Printed]) -> Iterator[Line[Printed]]:
    for each in lines:
        row = each.funding
        if row.measure_id is None or row.is_yearly:
            yield Line(each, row.pk, row.parent_id, row.relation, each.amount, row.is_yearly)


def plan_by_year(lines: Iterable[Printed]) -> Plan[Printed]:
    """The money of the plan's measures by year, beside the totals that the plan prints for the same years.

    The plan's own totals are those lines that belong to no measure, no goal and no other line.
    """
    spendings, totals = [], []
    for each in lines:
        row, years = each.funding, (each.funding.year_from, each.funding.year_to)
        if each.amount is None or row.is_yearly:
            continue
        if row.measure is not None:
            spendings.append((row.measure.order, Spending(each, years, each.amount, row.measure)))
        elif row.goal_id is None and row.parent_id is None:
            totals.append(Spending(each, years, each.amount))
    return money.plan([spending for _order, spending in sorted(spendings, key=itemgetter(0))], totals)


def sum_in_words(added: Sum, printed: Printed) -> str:
    """What the lines under a line add up to, how that compares with it, and what is left out."""
    sentences = []
    if added.count:
        sentences.append(_compared(_added_up(added, printed), added.gap, printed))
    if added.unstated:
        words = ngettext("%(n)s line states no amount.", "%(n)s lines state no amount.", added.unstated)
        sentences.append(words % {"n": added.unstated})
    if added.left_out:
        sentences.append(_left_out(added.left_out, printed.funding.is_yearly))
    return " ".join(sentences)


def _added_up(added: Sum, printed: Printed) -> str:
    n = added.count
    patterns = {
        "part": ngettext("The one part named is %(sum)s", "The %(n)s parts named add up to %(sum)s", n),
        "source": ngettext(
            "The one source named gives %(sum)s", "The %(n)s sources named add up to %(sum)s", n
        ),
        "period": ngettext(
            "The one period named takes %(sum)s", "The %(n)s periods named add up to %(sum)s", n
        ),
    }
    return patterns[added.relation] % {"n": n, "sum": printed.write(added.amount)}


def _compared(added: str, gap: Gap | None, printed: Printed) -> str:
    if gap is None:
        return f"{added}."
    patterns = {
        Comparison.LESS: _("%(added)s, %(gap)s less than the whole."),
        Comparison.MORE: _("%(added)s, %(gap)s more than the whole."),
        Comparison.EQUAL: _("%(added)s, exactly the whole."),
        Comparison.OPEN: _("%(added)s, which the whole may equal."),
    }
    return patterns[gap.comparison] % {"added": added, "gap": printed.write(gap.amount)}


def _left_out(count: int, is_yearly: bool) -> str:
    if is_yearly:
        words = ngettext(
            "%(n)s amount that is not yearly is not added.",
            "%(n)s amounts that are not yearly are not added.",
            count,
        )
    else:
        words = ngettext("%(n)s yearly amount is not added.", "%(n)s yearly amounts are not added.", count)
    return words % {"n": count}
