"""What a client chooses of a list besides its filters: fields, references written out, the order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from common.rest.columns import Columns
from common.rest.problems import Flaw, Problem

FIELDS, EXPAND, ORDERING = "fields", "expand", "ordering"


@dataclass(frozen=True)
class Choice:
    """The columns to read and write, the fields whose references are written out, and the order."""

    columns: Columns
    expanded: Sequence[str]
    ordering: Sequence[str]


def choice_of(query: QueryDict, columns: Columns, orderings: Mapping[str, str]) -> Choice:
    """What the query chooses; `Problem` with each word that means nothing here.

    `orderings` maps words to columns that are never empty; a minus before a word turns it round.
    """
    fields = words_of(query, FIELDS, columns.fields)
    chosen = columns.only(fields) if fields else columns
    directions = {f"{sign}{word}": f"{sign}{path}" for word, path in orderings.items() for sign in ("", "-")}
    ordering = [directions[word] for word in words_of(query, ORDERING, directions)]
    return Choice(chosen, words_of(query, EXPAND, chosen.expandable), ordering)


def words_of(query: QueryDict, name: str, known: Collection[str]) -> Sequence[str]:
    """The words of a parameter, which are joined by commas; `Problem` for one that is not known."""
    words = list(dict.fromkeys(query.get(name, "").split(","))) if name in query else []
    cure = _("Words of this address, joined by commas: %(words)s.") % {"words": ", ".join(known) or "–"}
    if unknown := [word for word in words if word not in known]:
        raise Problem(*(Flaw("bad_value", name, word, _("There is no such word."), cure) for word in unknown))
    return words
