"""Gathers everything that readers may look for, with the words by which it is found."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.functional import Promise

from cities.models import Territory
from common.folding import fold
from common.names import LANGUAGES, NAMES
from indicators.models import Indicator
from portal.models import SearchEntry
from portal.pages import PAGES
from programmes.models import Discrepancy, Goal, Kpi, LegalAct, Measure, Programme

Kind = SearchEntry.Kind
Texts = Sequence[str]
"""A text in each of `LANGUAGES`."""
NOTHING: Texts = ("", "", "")


class Entry(NamedTuple):
    """A row of `SearchEntry`, its fields in this order."""

    kind: str
    programme: str
    code: str
    title_kk: str
    title_ru: str
    title_en: str
    context_kk: str
    context_ru: str
    context_en: str
    names: str
    words: str


def entries() -> Iterator[Entry]:
    """Every entry; a query for each kind."""
    programmes = {
        pk: (code, (kk, ru, en))
        for pk, code, kk, ru, en in Programme.objects.values_list(
            "pk", "code", "short_name_kk", "short_name_ru", "short_name_en"
        )
    }
    yield from _programmes()
    yield from _of_programmes(Kind.GOAL, Goal.objects.all(), programmes, ("number",))
    yield from _kpis(programmes)
    yield from _indicators()
    yield from _territories()
    completion = tuple(f"completion_{code}" for code in LANGUAGES)
    yield from _of_programmes(Kind.MEASURE, Measure.objects.all(), programmes, ("number",), completion)
    reasons = tuple(f"reason_{code}" for code in LANGUAGES)
    yield from _of_programmes(Kind.DISCREPANCY, Discrepancy.objects.all(), programmes, (), reasons)
    yield from _acts(programmes)
    yield from _pages()


def _entry(
    kind: str,
    programme: str,
    code: str,
    titles: Texts,
    context: Texts,
    names: Iterable[str],
    said: Iterable[str],
) -> Entry:
    """`names` are those beside the titles; `said` is what else it is found by."""
    called = (*titles, *names) if kind == Kind.PAGE else (*titles, *names, code)
    folded = dict.fromkeys(filter(None, map(fold, called)))
    known = f" | {' | '.join(folded)} | "
    rest = " ".join(dict.fromkeys(filter(None, map(fold, (*context, *said)))))
    return Entry(kind, programme, code, *titles, *context, known, f"{known}{rest} ")  # type: ignore[call-arg]


def _programmes() -> Iterator[Entry]:
    for each in Programme.objects.select_related("territory", "group"):
        years = f"{each.starts_on:%Y}–{each.ends_on:%Y}"
        places = [getattr(each.territory, name) for name in NAMES]
        shorts = [getattr(each, f"short_{name}") for name in NAMES]
        said = [
            *_all(each, "owner"),
            *_all(each, "summary"),
            *(_all(each.group, "name") if each.group else ()),
        ]
        context = [f"{place}, {years}" for place in places]
        yield _entry(Kind.PROGRAMME, each.code, each.code, _all(each, "name"), context, shorts, said)


def _of_programmes(
    kind: str,
    rows: QuerySet[Goal] | QuerySet[Measure] | QuerySet[Discrepancy],
    programmes: Mapping[int, tuple[str, Texts]],
    names: Texts,
    said: Texts = (),
) -> Iterator[Entry]:
    """Parts of programmes; their context is the programme. `names` and `said` are fields."""
    end = 5 + len(names)
    fields = rows.order_by().values_list("programme_id", "code", *NAMES, *names, *said)
    for row in fields.iterator(chunk_size=2000):
        code, context = programmes[row[0]]
        yield _entry(kind, code, row[1], row[2:5], context, row[5:end], row[end:])


def _kpis(programmes: Mapping[int, tuple[str, Texts]]) -> Iterator[Entry]:
    places: dict[int, Texts] = {}
    for owner in ("territory", "group"):
        names = tuple(f"{owner}__{name}" for name in NAMES)
        rows = Kpi.objects.exclude(**{owner: None}).order_by()
        places |= {row[0]: row[1:] for row in rows.values_list("pk", *names)}
    fields = (
        "programme_id",
        "code",
        *NAMES,
        "pk",
        "indicator__code",
        *(f"indicator__{name}" for name in NAMES),
    )
    for row in Kpi.objects.order_by().values_list(*fields).iterator(chunk_size=2000):
        code, shorts = programmes[row[0]]
        pairs = zip(shorts, places.get(row[5], NOTHING), strict=True)
        context = [" · ".join(filter(None, pair)) for pair in pairs]
        yield _entry(Kind.KPI, code, row[1], row[2:5], context, (), row[6:])


def _indicators() -> Iterator[Entry]:
    fields = ("code", *NAMES, "bureau_key", "sdg", "aliases", *(f"unit__{name}" for name in NAMES))
    definitions = tuple(f"definition_{code}" for code in LANGUAGES)
    rows = Indicator.objects.values_list(
        *fields, *definitions, "organisation__name_ru", "organisation__name_kk"
    )
    for row in rows:
        names = [row[4] or "", row[5], *map(str, row[6])]
        yield _entry(
            Kind.INDICATOR, "", row[0], row[1:4], row[7:10], names, [text or "" for text in row[10:]]
        )


def _territories() -> Iterator[Entry]:
    levels: dict[str, list[str]] = {level: _in_all_languages(level.label) for level in Territory.Level}
    for each in Territory.objects.select_related("parent").prefetch_related("aliases"):
        above = _all(each.parent, "name") if each.parent else NOTHING
        context = [", ".join(filter(None, pair)) for pair in zip(levels[each.level], above, strict=True)]
        names = [*(alias.text for alias in each.aliases.all()), each.kato or ""]
        yield _entry(Kind.TERRITORY, "", each.code, _all(each, "name"), context, names, ())


def _acts(programmes: Mapping[int, tuple[str, Texts]]) -> Iterator[Entry]:
    for act in LegalAct.objects.order_by():
        code, shorts = programmes[act.programme_id]
        day = format_date(act.adopted_on, "d.m.Y") if act.adopted_on else ""
        number = f"№ {act.number}" if act.number else ""
        context = [" · ".join(filter(None, (short, number, day))) for short in shorts]
        yield _entry(Kind.ACT, code, act.code, _all(act, "title"), context, [act.number], _all(act, "issuer"))


def _pages() -> Iterator[Entry]:
    for page in PAGES:
        said = [text for about in page.about for text in _in_all_languages(about)]
        yield _entry(Kind.PAGE, "", page.name, _in_all_languages(page.title), NOTHING, (), said)


def _all(row: object, field: str) -> list[str]:
    """The field in each language."""
    return [getattr(row, f"{field}_{code}") for code in LANGUAGES]


def _in_all_languages(text: str | Promise) -> list[str]:
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            found.append(str(text))
    return found
