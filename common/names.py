"""Names in the portal's three languages, for every model that a reader sees by name."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Collate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.collation import IGNORED, PLACES, SMALL_AND_CAPITAL, sort_key

LANGUAGES = ("kk", "ru", "en")
NAMES = tuple(f"name_{code}" for code in LANGUAGES)


class Named(models.Model):
    """Anything with a name in Kazakh, Russian and English."""

    name_kk = models.CharField(_("name in Kazakh"), max_length=400)
    name_ru = models.CharField(_("name in Russian"), max_length=400)
    name_en = models.CharField(_("name in English"), max_length=400)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return localised(self, "name")


def language() -> str:
    """The reader's language, one of `LANGUAGES`; Kazakh where another is active."""
    active = (get_language() or "kk")[:2]
    return active if active in LANGUAGES else "kk"


def localised(row: object, field: str) -> str:
    """`row.<field>_<language>`, or the same in Kazakh, Russian or English where that is empty."""
    for code in (language(), *LANGUAGES):
        if text := getattr(row, f"{field}_{code}"):
            return str(text)
    return ""


def choices_of(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Code and name of each row, for a form to choose from, as Kazakhs sort."""
    return sorted(((row.code, row.name) for row in rows), key=lambda choice: sort_key(choice[1]))


def in_order(path: str = "") -> Collate:
    """The expression by which rows are ordered by their names, or by those of what the path leads to, in the
    reader's language and as Kazakhs sort (common/collation.py): `order_by(in_order("territory"))`."""
    return sort_key_of(f"{path}__name_{language()}" if path else f"name_{language()}")


def sort_key_of(text: str | Value) -> Collate:
    """The key of a text's place among others, in SQL: `common.collation.sort_key`."""
    letters = Func(text, Value(SMALL_AND_CAPITAL + IGNORED), Value(PLACES), function="translate")
    return Collate(letters, "C")
