"""A programme's measures and money in a paper: what fell due in the period, what is done, what it costs."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.contents.citing import cite_places
from papers.contents.judging import Span
from papers.document import Cell, Column
from papers.writing import Writer, date, exactly, figure, missing, say
from programmes.methods.programme_rules import due_dates
from programmes.models import Citation, Measure, Programme
from programmes.plans import budget
from programmes.plans.actions import goals_in_order
from programmes.plans.money import Amount
from programmes.plans.money import Column as MoneyColumn
from programmes.templatetags.plans import span as years_in_words
from programmes.templatetags.promises import bodies, deadline
from programmes.templatetags.promises import years as years_of

PLACES = Prefetch("citations", Citation.objects.select_related("document"))
State = Measure.State
EXACT = 6


@dataclass(frozen=True)
class Owed:
    """A measure and the last day of the period on which it fell due."""

    measure: Measure
    day: dt.date

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the day has passed and the measure is not recorded as done."""
        return self.day < today and self.measure.state in {State.PLANNED, State.ONGOING}


def write_measures(writer: Writer, programme: Programme, span: Span) -> None:
    """Every measure counted by state; those due in the period, overdue first; those done."""
    measures = list(programme.measures.select_related("goal").prefetch_related(PLACES).order_by("order"))
    if not measures:
        writer.text(_("The portal knows no measure of this programme."), style="note")
        return
    counts = Counter(measure.state for measure in measures)
    states = "; ".join(f"{state.label} – {counts[state]}" for state in State if counts[state])
    words = ngettext("%(n)s measure: %(states)s.", "%(n)s measures: %(states)s.", len(measures))
    writer.text(words % {"n": len(measures), "states": states}, style="lead")
    owed = _owed(measures, span)
    overdue = [each for each in owed if each.is_overdue(span.today)]
    coming = [each for each in owed if each.day >= span.today and each.measure.state != State.DONE]
    done = [measure for measure in measures if measure.state == State.DONE]
    caption = _("Due by the end of the period and not recorded as done")
    _section(writer, caption, [(each.measure, each.day) for each in overdue])
    _section(writer, _("Still to fall due in the period"), [(each.measure, each.day) for each in coming])
    _section(writer, _("Recorded as done"), [(measure, None) for measure in done])


def _owed(measures: Iterable[Measure], span: Span) -> list[Owed]:
    found = []
    for measure in measures:
        days = due_dates(measure.deadline, *span.days) if measure.state != State.EXCLUDED else ()
        past = [day for day in days if day < span.today]
        if days:
            found.append(Owed(measure, past[-1] if past else days[0]))
    return sorted(found, key=lambda each: each.day)


def _section(writer: Writer, title: str, measures: Sequence[tuple[Measure, dt.date | None]]) -> None:
    writer.heading(f"{title} – {len(measures)}", 2)
    is_answered_for = any(measure.responsible for measure, _day in measures)
    columns = [
        Column(_("Measure"), 3.6),
        Column(_("Due"), 1.35),
        Column(_("Deadline as stated"), 1.5),
        *([Column(_("Who answers"), 2.8)] if is_answered_for else []),
        Column(_("State"), 1.6),
    ]
    rows = [_row(writer, measure, day, is_answered_for=is_answered_for) for measure, day in measures]
    writer.table("", columns, rows, _("Measures"), part=title)


def _row(writer: Writer, measure: Measure, day: dt.date | None, *, is_answered_for: bool) -> list[Cell]:
    name = f"{measure.number} {measure.name}".strip()
    answers = say(bodies(measure.responsible)) if measure.responsible else missing()
    return [
        say(name, cite_places(writer, measure.citations.all())),
        date(day),
        say(deadline(measure.deadline)),
        *([answers] if is_answered_for else []),
        say(measure.get_state_display()),
    ]


def write_money(writer: Writer, programme: Programme, span: Span) -> None:
    """The plan's money by year, and every line that names a year of the period, planned beside paid."""
    lines = budget.printed_lines(programme)
    if not lines:
        writer.text(_("The portal knows no sum of money of this programme."), style="note")
        return
    _by_year(writer, budget.plan_by_year(lines).columns, span)
    chosen = [line for line in lines if _is_within(line, span)]
    paid = sum(line.funding.paid is not None for line in chosen)
    writer.text(
        ngettext(
            "%(n)s line of funding concerns the period; what was paid is known of %(paid)s.",
            "%(n)s lines of funding concern the period; what was paid is known of %(paid)s.",
            len(chosen),
        )
        % {"n": len(chosen), "paid": paid}
    )
    order = {node.goal.pk: at for at, node in enumerate(goals_in_order(programme))}
    chosen.sort(key=lambda line: (order.get(line.funding.goal_id or 0, -1), line.funding.order))
    columns = [
        Column(_("What for"), 4),
        Column(_("Source of money"), 1.7),
        Column(_("Years"), 1.1),
        Column(_("Planned"), 1.8, is_number=True),
        Column(_("Paid"), 1.5, is_number=True),
    ]
    rows = [_line(writer, line) for line in chosen]
    writer.table("", columns, rows, _("Funding"))


def _is_within(line: budget.Printed, span: Span) -> bool:
    first, last = line.funding.year_from, line.funding.year_to
    return (first is None or first <= span.last) and (last is None or last >= span.first)


def _by_year(writer: Writer, found: Sequence[MoneyColumn[budget.Printed]], span: Span) -> None:
    within = [
        each for each in found if (each.years[0] or 0) <= span.last and (each.years[1] or 9999) >= span.first
    ]
    if not within:
        return
    columns = [
        Column(_("Years"), 1),
        Column(_("The measures' money, million tenge"), 2, is_number=True),
        Column(_("Total as printed, million tenge"), 2, is_number=True),
    ]
    rows = [
        [say(years_in_words(each.years)), _amount(each.amount), _amount(each.printed.amount)]
        for each in within
    ]
    writer.table(_("The plan's money by year"), columns, rows, _("Money by year"))


def _amount(amount: Amount | None) -> Cell:
    if amount is None:
        return missing(_("not stated"))
    if amount.low == amount.high:
        return figure(amount.low, EXACT)
    return say(budget.figures(amount))


def _line(writer: Writer, line: budget.Printed) -> list[Cell]:
    row = line.funding
    notes = cite_places(writer, row.citations.all())
    planned = (
        exactly(str(line), row.planned, EXACT, notes=notes)
        if row.planned is not None
        else missing(_("no amount stated"))
    )
    return [
        say(row.name),
        say(row.get_level_display()),
        say(years_of(row)),
        planned,
        figure(row.paid, EXACT, why=_("not known")),
    ]
