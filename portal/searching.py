"""Finds what readers look for, in all three languages at once, however they type it (docs/search.md)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from urllib.parse import quote

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from common.folding import fold, in_russian_layout
from common.names import LANGUAGES
from portal.highlighting import marked
from portal.models import SearchEntry
from portal.querysets import Alternatives, SearchEntryQuerySet

Kind = SearchEntry.Kind
MOST_TERMS, MOST_LETTERS = 8, 200
MOST_WORDS, LEAST, NEARLY = 6, 0.4, 0.75
"""A mistyped word may stand for so many that share so much with it, and nearly as much as the likeliest."""
# Likeness is the share of trigrams that two words have in common. Its own beginning is as like as can be.
SPELT_LIKE = """
SELECT array_agg(found.word ORDER BY found.likeness DESC, found.word),
       array_agg(found.likeness ORDER BY found.likeness DESC, found.word)
FROM unnest(%s::text[]) WITH ORDINALITY asked (term, number)
CROSS JOIN LATERAL (
    SELECT asked.term AS word, 1.0 AS likeness
    WHERE EXISTS (SELECT FROM portal_searchword WHERE word LIKE asked.term || '%%')
    UNION ALL
    (SELECT word, similarity(word, asked.term) FROM portal_searchword
     WHERE word %% asked.term ORDER BY 2 DESC, 1 LIMIT %s)
) found
GROUP BY asked.number ORDER BY asked.number
"""


class Reading(StrEnum):
    """How the words had to be read for anything to be found."""

    PLAIN = "plain"
    OTHER_KEYBOARD = "other_keyboard"
    SPELT_LIKE = "spelt_like"
    SOME = "some"


@dataclass(frozen=True)
class Finding:
    """What was found: the entries that match, ranked, and how many there are by kind and programme.

    `terms` are the folded words by which they were found.
    """

    terms: Sequence[str]
    entries: SearchEntryQuerySet
    tally: Sequence[tuple[str, str, int]] = ()
    reading: Reading = Reading.PLAIN
    read_as: str = ""

    def counts_by_kind(self, programme: str = "") -> dict[str, int]:
        """How many of each kind, of the programme if one is named; in the order of `Kind`."""
        counts: Counter[str] = Counter()
        for kind, of, count in self.tally:
            if programme in {"", of}:
                counts[kind] += count
        return {kind: counts[kind] for kind in Kind.values if counts[kind]}

    def counts_by_programme(self, kind: str = "") -> dict[str, int]:
        """How many in each programme, of the kind if one is named; the most first."""
        counts: Counter[str] = Counter()
        for of, programme, count in self.tally:
            if programme and kind in {"", of}:
                counts[programme] += count
        return dict(counts.most_common())

    def hits(self, entries: Iterable[SearchEntry]) -> list["Hit"]:
        """The entries as a page shows them."""
        return [Hit.of(entry, self.terms) for entry in entries]


@dataclass(frozen=True)
class Hit:
    """An entry with its address and the words that were found marked.

    `also` is the name in another language, where only that one has the words.
    """

    entry: SearchEntry
    address: str
    title: SafeString
    context: SafeString
    also: SafeString | None = None

    @classmethod
    def of(cls, entry: SearchEntry, terms: Sequence[str]) -> "Hit":
        """The entry, in the reader's language."""
        title, also = marked(entry.title, terms), None
        if "<mark>" not in title:
            others = (marked(text, terms) for text in _titles(entry))
            also = next((text for text in others if "<mark>" in text), None)
        context = marked(entry.context, terms)
        return cls(entry, address_of(entry), title, context, also)


def address_of(entry: SearchEntry) -> str:
    """The page that tells of the entry, under the reader's language; empty where none does."""
    programme, code = entry.programme, entry.code
    match entry.kind:
        case Kind.PROGRAMME:
            return reverse("programmes:programme-detail", args=[code])
        case Kind.GOAL:
            return reverse("programmes:goal-detail", args=[programme, code])
        case Kind.KPI:
            return reverse("programmes:kpi-detail", args=[programme, code])
        case Kind.MEASURE:
            return f"{reverse('programmes:measure-list', args=[programme])}#{quote(code)}"
        case Kind.DISCREPANCY:
            return reverse("programmes:discrepancy-detail", args=[programme, code])
        case Kind.ACT:
            return f"{reverse('programmes:programme-detail', args=[programme])}#acts"
        case Kind.INDICATOR:
            return reverse("portal:indicator-detail", args=[code])
        case Kind.TERRITORY:
            return territory_page(code)
    return reverse(code)


def territory_page(code: str) -> str:
    """The page of a territory; empty where there is none."""
    try:
        return reverse("portal:territory-detail", args=[code])
    except NoReverseMatch:
        return ""


def find(text: str, kind: str = "") -> Finding:
    """What the text may mean, of the kind if one is named: every word begins a word; else what it means on
    the other keyboard; else words that are spelt like it; else some of the words."""
    among = SearchEntry.objects.filter(kind=kind) if kind else SearchEntry.objects.all()
    finding = Finding([], SearchEntry.objects.none())
    for reading, read_as, terms in _readings(text[:MOST_LETTERS]):
        words = [word for alternatives in terms for word in alternatives]
        finding = Finding(words, _ranked(among, reading, terms), (), reading, read_as)
        if tally := finding.entries.tally():
            return replace(finding, tally=tally)
    return finding


def _readings(text: str) -> Iterator[tuple[Reading, str, Alternatives]]:
    terms, other = _terms(text), in_russian_layout(text)
    if not terms:
        return
    yield Reading.PLAIN, "", [[term] for term in terms]
    if other != text.casefold() and _terms(other):
        yield Reading.OTHER_KEYBOARD, other, [[term] for term in _terms(other)]
    known = _spelt_like(terms)
    if len(known) == len(terms):
        yield Reading.SPELT_LIKE, "", known
    if known:
        yield Reading.SOME, "", known


def _terms(text: str) -> list[str]:
    return list(dict.fromkeys(fold(text).split()))[:MOST_TERMS]


def _spelt_like(terms: list[str]) -> list[list[str]]:
    """For each term that means anything the words that it may stand for: itself where words begin with it."""
    with connection.cursor() as cursor:
        cursor.execute(SPELT_LIKE, [terms, MOST_WORDS])
        found: list[tuple[list[str], list[float]]] = cursor.fetchall()
    likely = (
        [word for word, likeness in zip(*each, strict=True) if likeness >= max(LEAST, NEARLY * each[1][0])]
        for each in found
    )
    return [words for words in likely if words]


def _ranked(entries: SearchEntryQuerySet, reading: Reading, terms: Alternatives) -> SearchEntryQuerySet:
    match reading:
        case Reading.SPELT_LIKE:
            return entries.with_all(terms).ranked_by_likeness(terms)
        case Reading.SOME:
            return entries.with_any(terms).ranked_by_likeness(terms)
    return entries.with_all(terms).ranked([words[0] for words in terms])


def suggestions(text: str, limit: int = 5) -> list[Hit]:
    """The likeliest things that a text means, such as the words of an address that leads nowhere."""
    finding = find(text)
    hits = (hit for hit in finding.hits(finding.entries[: 2 * limit]) if hit.address)
    return list(islice(hits, limit))


def _titles(entry: SearchEntry) -> list[str]:
    return [getattr(entry, f"title_{code}") for code in LANGUAGES]
