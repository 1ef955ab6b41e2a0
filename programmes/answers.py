"""The reply to a deputies' inquiry with all that a letter needs, in the language of the letter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.names import language
from indicators.templatetags import figures as words
from indicators.writing import percent, with_unit
from programmes.labels import WORDS, reason_in_words
from programmes.models import Citation, Document, FrozenFigure, Inquiry, Question
from programmes.templatetags.promises import lines, section

ChartRow = tuple[int, float | None, float | None, float | None]
"""Year, actual, target and expected value."""


@dataclass(frozen=True)
class ChartInput:
    """What the chart of a frozen figure draws: the years known on the day."""

    title: str
    unit: str
    decimals: int
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class ReplyFigure:
    """A row of a table of figures, in words; what is missing is said so. `notes` are numbers of footnotes."""

    kpi: str
    place: str
    breakdown: str
    unit: str
    baseline: str
    actual: str
    period: str
    target: str
    target_year: str
    standing: str
    distance: str
    notes: tuple[int, ...]
    chart: ChartInput | None
    frozen: FrozenFigure


@dataclass(frozen=True)
class Footnote:
    """Where a figure or a promise comes from, by the number that refers to it."""

    number: int
    text: str


@dataclass(frozen=True)
class Point:
    """A point of the inquiry with its answer; the answer is empty where there is none yet."""

    number: int
    question: str
    answer: str
    figures: tuple[ReplyFigure, ...]


@dataclass(frozen=True)
class Reply:
    """The whole letter. `figures` are those of no single point; `footnotes` are of all figures and points.

    `addressees` are the deputies to whom the letter goes, `asked_by` the body in whose name they ask,
    `answered_by` the body that answers, `signed_by` whoever signs. A letter that is no published reply yet
    is a draft.
    """

    language: str
    number: str
    date: dt.date | None
    date_text: str
    as_of_text: str
    due_text: str
    replied_text: str
    topic: str
    addressees: str
    asked_by: str
    addressed_to: tuple[str, ...]
    answered_by: str
    signed_by: str
    territory: str
    is_draft: bool
    points: tuple[Point, ...]
    figures: tuple[ReplyFigure, ...]
    footnotes: tuple[Footnote, ...]
    inquiry: Inquiry


@dataclass
class Footnotes:
    """The footnotes in the order of their first use, each text once."""

    numbers: dict[str, int] = field(default_factory=dict)

    def refer(self, text: str) -> int:
        """The number of the footnote with this text."""
        return self.numbers.setdefault(text, len(self.numbers) + 1)

    def listed(self) -> tuple[Footnote, ...]:
        """All of them."""
        return tuple(Footnote(number, text) for text, number in self.numbers.items())


def frozen_figures() -> QuerySet[FrozenFigure]:
    """Frozen figures with all that their words need."""
    related = (
        "kpi__indicator__unit", "kpi__programme", "kpi__group", "territory", "breakdown", "source",
        "revision__series",
    )  # fmt: skip
    return FrozenFigure.objects.select_related(*related).prefetch_related("breakdown__categories")


def reply_context(inquiry: Inquiry) -> Reply:
    """The reply in the language of the inquiry; one that a document holds in the reader's language.

    A dozen queries, however many points and figures there are.
    """
    with override(inquiry.language if inquiry.is_registered else language()):
        questions = list(inquiry.questions.prefetch_related(_citations()))
        figures = list(frozen_figures().filter(inquiry=inquiry).order_by("pk"))
        notes = Footnotes()
        rows = _rows(figures, notes)
        return Reply(
            language=language(),
            number=inquiry.number,
            date=inquiry.date_printed,
            date_text=_day(inquiry.date_printed),
            as_of_text=_day(figures[0].as_of if figures else None),
            due_text=_day(inquiry.due_on),
            replied_text=_day(inquiry.replied_on),
            topic=inquiry.topic,
            addressees=inquiry.addressees,
            asked_by=inquiry.asker.name if inquiry.asker else "",
            addressed_to=tuple(each.name for each in inquiry.addressed_to.all()),
            answered_by=inquiry.organisation.name if inquiry.organisation else inquiry.replied_by,
            signed_by=inquiry.replied_by,
            territory=inquiry.territory.name if inquiry.territory else "",
            is_draft=not inquiry.is_published,
            points=tuple(_point(question, rows, notes) for question in questions),
            figures=tuple(rows[None]),
            footnotes=notes.listed(),
            inquiry=inquiry,
        )


def _citations() -> "Prefetch[str]":
    return Prefetch("citations", Citation.objects.select_related("document"))


def _day(day: dt.date | None) -> str:
    return words.day(day) if day else ""


def _point(question: Question, rows: Mapping[int | None, list[ReplyFigure]], notes: Footnotes) -> Point:
    for text in places_in_words(question.citations.all()):
        notes.refer(text)
    return Point(question.order, question.text, question.answer, tuple(rows[question.pk]))


def _rows(figures: Sequence[FrozenFigure], notes: Footnotes) -> Mapping[int | None, list[ReplyFigure]]:
    """The rows of tables by the id of the point that they belong to, None for the inquiry as a whole."""
    promised: defaultdict[int | None, list[Citation]] = defaultdict(list)
    kpis = {figure.kpi_id for figure in figures}
    for citation in Citation.objects.filter(kpi__in=kpis).select_related("document"):
        promised[citation.kpi_id].append(citation)
    rows: defaultdict[int | None, list[ReplyFigure]] = defaultdict(list)
    for figure in figures:
        sources = [source_in_words(figure), *places_in_words(promised[figure.kpi_id])]
        numbers = tuple(notes.refer(text) for text in sources if text)
        rows[figure.question_id].append(in_words(figure, numbers))
    return rows


def in_words(figure: FrozenFigure, notes: tuple[int, ...] = ()) -> ReplyFigure:
    """A frozen figure as a row of a table."""
    kpi = figure.kpi
    indicator = kpi.indicator

    def value(number: object) -> str:
        return "" if number is None else with_unit(number, indicator)  # type: ignore[arg-type]

    ends = [value(end) for end in (figure.target, figure.target_max) if end is not None]
    place = figure.territory or kpi.group
    return ReplyFigure(
        kpi=kpi.name,
        place=place.name if place else "",
        breakdown=figure.breakdown.label if figure.breakdown.code else "",
        unit=indicator.unit.symbol,
        baseline=value(figure.baseline),
        actual=value(figure.actual) or _("no figure"),
        period=words.period(figure.period) if figure.period else "",
        target="–".join(ends),
        target_year=str(figure.target_year or ""),
        standing=standing_in_words(figure),
        distance="" if figure.distance is None else percent(figure.distance),
        notes=notes,
        chart=_chart(figure),
        frozen=figure,
    )


def standing_in_words(figure: FrozenFigure) -> str:
    """How the promise stood on the day and, where it could not be judged, why."""
    if not figure.standing:
        return ""
    because = reason_in_words(figure.reason)
    word = str(WORDS[figure.standing])
    return f"{word}: {because}" if because and figure.standing == "not_computable" else word


def source_in_words(figure: FrozenFigure) -> str:
    """Who published the figure and when, as known on the day of the inquiry."""
    if figure.source is None or figure.revision is None:
        return ""
    known = figure.revision.released_on or figure.revision.recorded_at
    return _("%(source)s, %(period)s (published on %(day)s; as known on %(as_of)s)") % {
        "source": figure.source.name,
        "period": words.period(figure.period),
        "day": words.day(known),
        "as_of": words.day(figure.as_of),
    }


def places_in_words(citations: Iterable[Citation]) -> list[str]:
    """The documents that the citations name, each once, with its sections and lines."""
    places: dict[Document, list[str]] = {}
    for each in citations:
        part = f"{section(each.section)}, " if each.section else ""
        text = _("lines %(lines)s") % {"lines": lines(each.lines)}
        places.setdefault(each.document, []).append(f"{part}{text}")
    return [f"{document.title}: {'; '.join(found)}" for document, found in places.items()]


def _chart(figure: FrozenFigure) -> ChartInput | None:
    """Nothing where fewer than two years are known."""
    rows = tuple((int(year), actual, target, expected) for year, actual, target, expected in figure.history)
    if sum(row[1] is not None for row in rows) < 2:
        return None
    indicator = figure.kpi.indicator
    return ChartInput(figure.kpi.name, indicator.unit.symbol, indicator.decimals, rows)
