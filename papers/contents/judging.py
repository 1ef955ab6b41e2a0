"""How a programme's promises stand at the end of a period: one judgement per KPI and territory."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from programmes.codes import KEPT, SLIPPED, Reason
from programmes.models import Kpi, Programme, Progress, Standing, Target
from programmes.overview import Rollup, in_force


@dataclass(frozen=True)
class Span:
    """The years that a paper tells of, both included, and the day on which it is made."""

    first: int
    last: int
    today: dt.date

    @property
    def is_current(self) -> bool:
        """Whether the period reaches today: then promises stand as the portal shows them."""
        return self.last >= self.today.year

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Its first and last day."""
        return dt.date(self.first, 1, 1), dt.date(self.last, 12, 31)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Judged:
    """A KPI in a territory: its standing with the reason where there is none, and the figure behind it."""

    standing: Standing
    code: str
    reason: str
    actual: float | None
    year: int | None
    distance: float | None

    @property
    def has_slipped(self) -> bool:
        """Whether the promise is behind."""
        return self.code in SLIPPED

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept or on course."""
        return self.code in KEPT


Judgements = Mapping[int, Sequence[Judged]]


def judgements(programme: Programme, span: Span) -> Judgements:
    """Every judgement by the KPI's id, in the order of territories; at most four queries."""
    standings = (
        Standing.objects.filter(kpi__programme=programme)
        .select_related("kpi", "territory", "series__source")
        .order_by("kpi_id", "territory__code")
    )
    then = {} if span.is_current else _then(programme, span.last)
    found: defaultdict[int, list[Judged]] = defaultdict(list)
    for each in standings:
        key = (each.kpi_id, each.territory_id)
        found[each.kpi_id].append(_now(each) if span.is_current else _judge(each, then.get(key), span.last))
    return found


@dataclass(frozen=True)
class Then:
    """A KPI in a territory at the end of a year: its latest figure, the last target that was due, and whether
    others lay ahead."""

    figure: Progress | None
    due: Progress | None
    is_over: bool


def _now(each: Standing) -> Judged:
    return Judged(each, each.standing, each.reason, each.actual, each.year, each.distance)


def _then(programme: Programme, last: int) -> dict[tuple[int, int], Then]:
    """Every KPI and territory with rows up to the year; three queries."""
    everything = Progress.objects.filter(kpi__programme=programme)
    coming = everything.filter(year__gt=last, target__isnull=False)
    ahead = set(coming.values_list("kpi_id", "territory_id").distinct())
    rows = everything.filter(year__lte=last).order_by("kpi_id", "territory_id", "-year")
    rows = rows.distinct("kpi_id", "territory_id")
    figures, due = (
        {(row.kpi_id, row.territory_id): row for row in rows.filter(**{f"{name}__isnull": False})}
        for name in ("actual", "target")
    )
    return {key: Then(figures.get(key), due.get(key), key not in ahead) for key in {*figures, *due}}


def _judge(each: Standing, then: Then | None, last: int) -> Judged:
    """The course while targets lay ahead, unless its figure was too old; afterwards the last verdict."""
    if then is None or then.figure is None:
        return Judged(each, "no_data", "", None, None, None)
    row, code, reason = then.figure, then.figure.course, then.figure.course_reason
    if then.is_over and then.due is not None:
        row, code, reason = then.due, then.due.verdict, then.due.verdict_reason
    elif _age(then.figure, last) >= each.kpi.tolerance_months:
        return Judged(each, "stale", Reason.STALE, row.actual, row.year, row.distance)
    if reason == Reason.NO_OBSERVATION:
        return Judged(each, "no_data", "", then.figure.actual, then.figure.year, then.figure.distance)
    return Judged(each, "not_computable" if reason else code, reason, row.actual, row.year, row.distance)


def _age(figure: Progress, last: int) -> int:
    """Months from the end of what the figure covers to December of the year."""
    return 12 * last + 11 - (12 * figure.year + (figure.months or 12))


def rollup_of(kpis: Iterable[Kpi], found: Judgements) -> Rollup:
    """The judgements counted, and their distances weighted, as on the programme's page."""
    return Rollup.total_of(_rollup(found.get(kpi.pk, ()), kpi.weight) for kpi in kpis)


def _rollup(judged: Sequence[Judged], weight: float) -> Rollup:
    known = [
        min(max(each.distance, 0), 1)
        for each in judged
        if each.distance is not None and (each.is_kept or each.has_slipped)
    ]
    counts = Counter(each.code for each in judged)
    return Rollup(counts, weight, weight * sum(known) / len(known)) if known else Rollup(counts)


def target_of(kpi: Kpi, span: Span) -> Target | None:
    """The target that the period is judged by: its last one, else the next to come, else the last of all."""
    held = in_force(kpi.targets.all(), span.today)
    within = [target for target in held if span.first <= target.period.year <= span.last]
    ahead = [target for target in held if target.period.year > span.last]
    return next(iter(within[-1:] or ahead[:1] or held[-1:]), None)
