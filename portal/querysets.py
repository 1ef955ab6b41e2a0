"""Words for asking what can be found."""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Expression, F, FloatField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Length, RowNumber

if TYPE_CHECKING:
    from portal.models import SearchEntry  # noqa: F401 - named as type parameter

NAMED, BEGINS, WITHIN, MENTIONED = 1, 2, 3, 4
"""How well words match: they are a name, begin one, are all in the names, or are in what is said of it."""
LESS_ALIKE, ONLY_MENTIONED, MISSING = 0.1, 1.0, 3.0
"""What is added to the rank for each word that is less alike, only mentioned, or missing."""
Alternatives = Sequence[Sequence[str]]
"""For each word that is asked for those that it may stand for, the likeliest first; none is empty."""


def _has(field: str, words: Sequence[str]) -> Q:
    """Any of the words begins a word of the field."""
    return reduce(or_, (Q(**{f"{field}__contains": f" {word}"}) for word in words))


class SearchEntryQuerySet(QuerySet["SearchEntry"]):
    """Entries by folded words, and their order."""

    def with_all(self, terms: Alternatives) -> "SearchEntryQuerySet":
        """Those that have each of the terms."""
        return self.filter(*(_has("words", words) for words in terms))

    def with_any(self, terms: Alternatives) -> "SearchEntryQuerySet":
        """Those that have some of the terms."""
        return self.filter(reduce(or_, (_has("words", words) for words in terms)))

    def ranked(self, terms: Sequence[str]) -> "SearchEntryQuerySet":
        """With `rank`, the better the lower: the better match, then the shorter name."""
        phrase = " ".join(terms)
        match = Case(
            When(names__contains=f"| {phrase} |", then=Value(NAMED)),
            When(names__contains=f"| {phrase}", then=Value(BEGINS)),
            When(reduce(and_, (_has("names", [term]) for term in terms)), then=Value(WITHIN)),
            default=Value(MENTIONED),
            output_field=FloatField(),
        )
        return self._by(match)

    def ranked_by_likeness(self, terms: Alternatives) -> "SearchEntryQuerySet":
        """With `rank`, the better the lower: more of the terms and likelier words, then the shorter name."""
        distance: Expression = Value(0.0)
        for words in terms:
            named = [
                When(_has("names", [word]), then=Value(LESS_ALIKE * place))
                for place, word in enumerate(words)
            ]
            mentioned = When(_has("words", words), then=Value(ONLY_MENTIONED))
            distance = distance + Case(*named, mentioned, default=Value(MISSING), output_field=FloatField())
        return self._by(distance)

    def _by(self, distance: Expression) -> "SearchEntryQuerySet":
        ranked = self.annotate(rank=distance + Length("names") / Value(1e6))
        return ranked.order_by("rank", "programme", "code")

    def best_of_each_kind(self, count: int) -> "SearchEntryQuerySet":
        """The first so many of each kind by `rank`."""
        place = Window(RowNumber(), partition_by=F("kind"), order_by=("rank", "programme", "code"))
        return self.annotate(place=place).filter(place__lte=count)

    def tally(self) -> list[tuple[str, str, int]]:
        """How many there are by kind and programme."""
        return list(self.order_by().values_list("kind", "programme").annotate(models.Count("pk")))
