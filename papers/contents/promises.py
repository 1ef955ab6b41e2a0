"""A programme's KPIs in a paper: the table of each goal, what has slipped and why, and drawings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.contents.citing import cite_places, cite_source
from papers.contents.judging import Judged, Judgements, Span, judgements, target_of
from papers.contents.pictures import picture_of
from papers.document import Cell, Column
from papers.writing import Writer, exactly, figure, missing, say, share, standing
from programmes.explaining import Place, stated
from programmes.labels import WORDS, reason_in_words
from programmes.models import Citation, Forecast, Kpi, Programme, Progress, Target
from programmes.plans.actions import goals_in_order

MOST_PICTURES = 12
"""More drawings than that nobody compares on paper; the portal has them all."""
EXACT = 6
PLACES = Prefetch("citations", Citation.objects.select_related("document"))


@dataclass(frozen=True)
class Promises:
    """A programme's KPIs with how they stand in the period."""

    programme: Programme
    span: Span
    kpis: Sequence[Kpi]
    found: Judgements

    @property
    def slipped(self) -> list[tuple[Kpi, Judged]]:
        """What is behind, in the programme's order."""
        return [(kpi, each) for kpi in self.kpis for each in self.found.get(kpi.pk, ()) if each.has_slipped]

    def only(self, kpi: Kpi) -> Judged | None:
        """The judgement of a KPI for one territory."""
        return next(iter(self.found.get(kpi.pk, ())), None) if kpi.group_id is None else None


def promises_of(programme: Programme, span: Span) -> Promises:
    """The KPIs with their targets and places; a fixed number of queries."""
    kpis = programme.kpis.select_related("indicator__unit", "goal", "territory", "group").prefetch_related(
        PLACES,
        Prefetch("baseline_citations", Citation.objects.select_related("document")),
        Prefetch("targets", Target.objects.select_related("act").prefetch_related(PLACES)),
        "standings",
    )
    return Promises(programme, span, list(kpis), judgements(programme, span))


def write_goals(writer: Writer, promises: Promises) -> None:
    """Goal by goal, each KPI with baseline, target, actual and standing."""
    by_goal: defaultdict[int | None, list[Kpi]] = defaultdict(list)
    for kpi in promises.kpis:
        by_goal[kpi.goal_id].append(kpi)
    if None in by_goal:
        _write_kpis(writer, promises, by_goal[None], part="")
    for goal in (node.goal for node in goals_in_order(promises.programme)):
        if goal.pk in by_goal:
            title = f"{goal.number} {goal.name}".strip()
            writer.heading(title, 2)
            _write_kpis(writer, promises, by_goal[goal.pk], part=title)


def _write_kpis(writer: Writer, promises: Promises, kpis: Sequence[Kpi], part: str) -> None:
    columns = [
        Column(_("KPI"), 3.0),
        Column(_("Baseline"), 1.3, is_number=True),
        Column(_("Target"), 1.45, is_number=True),
        Column(_("Actual"), 1.45, is_number=True),
        Column(_("Standing"), 1.65),
        Column(_("Distance covered"), 1.35, is_number=True),
    ]
    rows = [[_name(kpi), *_cells(writer, promises, kpi)] for kpi in kpis]
    writer.table("", columns, rows, _("KPIs"), part=part)


def _name(kpi: Kpi) -> Cell:
    place = kpi.group.name if kpi.group else kpi.territory.name if kpi.territory else ""
    is_elsewhere = kpi.group is not None or kpi.territory_id != kpi.programme.territory_id
    return say(f"{kpi.name} ({place})" if place and is_elsewhere else kpi.name)


def _cells(writer: Writer, promises: Promises, kpi: Kpi) -> Iterator[Cell]:
    yield _baseline(writer, kpi)
    yield _target(writer, kpi, target_of(kpi, promises.span))
    judged = promises.only(kpi)
    if judged is None:
        yield from _of_members(promises.found.get(kpi.pk, ()))
        return
    series = judged.standing.series
    yield figure(
        judged.actual, kpi.indicator.decimals, unit=kpi.indicator.unit.symbol, period=judged.year,
        notes=[cite_source(writer, series.source)] if series else (), why=_("no figure"),
    )  # fmt: skip
    yield standing(judged.code, WORDS[judged.code], reason_in_words(judged.reason))
    yield share(judged.distance)


def _of_members(judged: Sequence[Judged]) -> Iterator[Cell]:
    """For each territory of a group: how many have figures, and how many keep the promise."""
    known = sum(each.actual is not None for each in judged)
    yield (
        say(_("%(n)s of %(total)s have figures") % {"n": known, "total": len(judged)})
        if judged
        else missing()
    )
    kept, slipped = sum(each.is_kept for each in judged), sum(each.has_slipped for each in judged)
    yield say(
        _("kept or on course: %(kept)s; slipped: %(slipped)s; not known: %(unknown)s")
        % {"kept": kept, "slipped": slipped, "unknown": len(judged) - kept - slipped}
    )
    yield missing()


def _baseline(writer: Writer, kpi: Kpi) -> Cell:
    return figure(
        kpi.baseline_value, max(kpi.indicator.decimals, EXACT), unit=kpi.indicator.unit.symbol,
        period=kpi.baseline_period, notes=cite_places(writer, kpi.baseline_citations.all()),
        why=_("not stated"),
    )  # fmt: skip


def _target(writer: Writer, kpi: Kpi, target: Target | None) -> Cell:
    if target is None:
        return missing(_("not stated"))
    notes = cite_places(writer, target.citations.all() or kpi.citations.all())
    unit = kpi.indicator.unit.symbol if kpi.form == Kpi.Form.LEVEL else ""
    return exactly(stated(target, kpi), target.value, EXACT, unit, target.period, notes)


def write_slipped(writer: Writer, promises: Promises) -> None:
    """What is behind, each with a sentence that says by how much."""
    slipped = promises.slipped
    if not slipped:
        writer.text(_("Nothing that can be judged has slipped."))
        return
    count = len(slipped)
    lead = ngettext("%(n)s promise has slipped.", "%(n)s promises have slipped.", count) % {"n": count}
    writer.text(lead, style="lead")
    rows = _rows_of(promises, [kpi for kpi, _each in slipped])
    writer.bullets(
        (
            f"{kpi.name} – {each.standing.territory.name}. {_sentence(promises, kpi, each, rows)}",
            [cite_source(writer, each.standing.series.source)] if each.standing.series else (),
        )
        for kpi, each in slipped
    )


def _sentence(promises: Promises, kpi: Kpi, each: Judged, rows: "Rows") -> str:
    """What happened, in words; of an earlier period without the figures of later years."""
    key = (kpi.pk, each.standing.territory_id)
    until = {year: row for year, row in rows.get(key, {}).items() if promises.span.is_current or row.actual}
    if promises.span.is_current:
        return Place(kpi, each.standing, until).sentence
    row = until.get(each.year or 0)
    words = f"{WORDS[each.code]}"
    if row is None or row.actual is None:
        return words
    actual = figure(row.actual, kpi.indicator.decimals, unit=kpi.indicator.unit.symbol, period=row.year).text
    if row.expected is None:
        return f"{words}: {actual}"
    expected = figure(row.expected, kpi.indicator.decimals, unit=kpi.indicator.unit.symbol).text
    return _("%(standing)s: %(actual)s against %(expected)s expected.") % {
        "standing": words, "actual": actual, "expected": expected,
    }  # fmt: skip


Rows = Mapping[tuple[int, int], dict[int, Progress]]


def _rows_of(promises: Promises, kpis: Iterable[Kpi]) -> Rows:
    """The rows of progress of the KPIs by KPI and territory, then by year; one query."""
    rows: dict[tuple[int, int], dict[int, Progress]] = {}
    found = Progress.objects.filter(kpi__in={kpi.pk for kpi in kpis})
    for row in found.order_by("kpi_id", "territory_id", "year"):
        rows.setdefault((row.kpi_id, row.territory_id), {})[row.year] = row
    return rows


def write_pictures(writer: Writer, promises: Promises) -> None:
    """Drawings of the programme's own target indicators that have figures, then of what slipped."""
    own = [kpi for kpi in promises.kpis if kpi.is_headline]
    chosen = list(dict.fromkeys([*own, *(kpi for kpi, _each in promises.slipped)]))
    rows = _rows_of(promises, chosen)
    drawn = 0
    for kpi in chosen:
        judged = promises.only(kpi)
        if judged is None or judged.actual is None or drawn == MOST_PICTURES:
            continue
        place = Place(
            kpi, judged.standing, rows.get((kpi.pk, judged.standing.territory_id), {}), _forecasts(kpi)
        )
        picture = picture_of(place, promises.span)
        writer.picture(picture)
        drawn += picture is not None
    if not drawn:
        writer.text(_("No KPI has figures enough for a drawing."), style="note")


def _forecasts(kpi: Kpi) -> list[Forecast]:
    return list(kpi.forecasts.filter(territory=kpi.territory).order_by("year"))
