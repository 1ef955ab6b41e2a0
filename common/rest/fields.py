"""How values are written: figures exactly, texts in three languages, references by public code."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.names import LANGUAGES, language
from common.rest.columns import Cells, Written

M = TypeVar("M", bound=models.Model)


@extend_schema_field({"type": "number"})
class ExactNumber(serializers.DecimalField):
    """A decimal as it is stored, digit for digit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": None, "decimal_places": None, **kwargs})

    def to_representation(self, value: Decimal) -> Decimal:  # type: ignore[override]
        """The decimal itself: the renderer writes it."""
        return value


class TextsSerializer(serializers.Serializer[Mapping[str, str]]):
    """A text in Kazakh, Russian and English; empty where it does not exist in the language."""

    kk = serializers.CharField()
    ru = serializers.CharField()
    en = serializers.CharField()


@extend_schema_field(TextsSerializer)
class Texts(serializers.Field[Any, Any, Any, Any]):
    """`<stem>_kk`, `<stem>_ru` and `<stem>_en` of a row as one object."""

    def __init__(self, stem: str) -> None:
        self.stem = stem
        self.columns = {code: f"{stem}_{code}" for code in LANGUAGES}
        self.paths = tuple(self.columns.values())
        super().__init__(source="*")

    def written(self, *columns: Cells) -> Cells:
        """The three texts by language."""
        return [dict(zip(LANGUAGES, texts, strict=True)) for texts in zip(*columns, strict=True)]

    def to_representation(self, value: models.Model) -> dict[str, str]:
        """The three texts by language."""
        return {code: getattr(value, path) for code, path in self.columns.items()}


class Text(serializers.CharField):
    """A text in the reader's language, or in the first of Kazakh, Russian and English that has it."""

    def __init__(self, stem: str) -> None:
        self.stem = stem
        self.paths = tuple(f"{stem}_{code}" for code in LANGUAGES)
        super().__init__()

    def written(self, *columns: Cells) -> Cells:
        """The texts."""
        own = columns[LANGUAGES.index(language())]
        return [next(filter(None, texts), "") for texts in zip(own, *columns, strict=True)]


def expand(field: serializers.CharField, lists: Any) -> None:
    """Lets a reference be written out as the rows of a list, a `ColumnViewSet`, where one is given."""
    field.expands = lists  # type: ignore[attr-defined]
    if lists is not None:
        name = lists.serializer_class.__name__.removesuffix("Serializer")
        either = [{"type": "string"}, {"$ref": f"#/components/schemas/{name}"}]
        extend_schema_field({"oneOf": either})(field)  # type: ignore[type-var]


class Reference(serializers.CharField):
    """The public code of what a foreign key points at; null where it points at nothing."""

    def __init__(
        self, source: str, *, allow_null: bool = False, help_text: str = "", expands: Any = None
    ) -> None:
        super().__init__(source=source, allow_null=allow_null, help_text=help_text)
        expand(self, expands)


class CodeOr(serializers.CharField):
    """A code, or a mark in its place where there is none: `_T` for the breakdown of a total."""

    def __init__(self, source: str, mark: str, help_text: str = "") -> None:
        self.mark = mark
        self.paths = (source,)
        super().__init__(help_text=help_text)

    def written(self, *columns: Cells) -> Cells:
        """The codes, or the mark."""
        return [code or self.mark for code in columns[0]]


class Composed(serializers.CharField):
    """A public id: the values of columns joined by colons; null where one of them is missing.

    A part is the path of a column, or a field that is written from some.
    """

    def __init__(
        self, *parts: str | Written, allow_null: bool = False, help_text: str = "", expands: Any = None
    ) -> None:
        self.parts = parts
        self.paths = [path for part in parts for path in ([part] if isinstance(part, str) else part.paths)]
        super().__init__(allow_null=allow_null, help_text=help_text)
        expand(self, expands)

    def written(self, *columns: Cells) -> Cells:
        """The ids."""
        left = iter(columns)
        parts = [
            next(left) if isinstance(part, str) else part.written(*islice(left, len(part.paths)))
            for part in self.parts
        ]
        return [None if None in values else ":".join(map(str, values)) for values in zip(*parts, strict=True)]


class Word(serializers.ChoiceField):
    """One of a list of words; null where the column is empty because none applies."""

    def __init__(self, choices: Any, help_text: str = "") -> None:
        super().__init__(choices, allow_null=True, help_text=help_text)

    @property
    def paths(self) -> tuple[str]:
        """The column of its own name."""
        return (str(self.field_name),)

    def written(self, *columns: Cells) -> Cells:
        """The words."""
        return [word or None for word in columns[0]]


class PublishedSerializer(serializers.ModelSerializer[M]):
    """A published row: every field is always there. A singular text is in the reader's language, its plural
    in all three: `name` and `names`."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DecimalField: ExactNumber,
    }

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Nothing is left out of an answer, so nothing is optional in its schema."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = True
        return fields
