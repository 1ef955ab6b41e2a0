"""How values are written: figures exactly, texts in three languages, references by public code."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.names import LANGUAGES

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
        super().__init__(source="*")

    def to_representation(self, value: models.Model) -> dict[str, str]:
        """The three texts by language."""
        return {code: getattr(value, f"{self.stem}_{code}") for code in LANGUAGES}


class Reference(serializers.CharField):
    """The public code of what a foreign key points at; null where it points at nothing."""

    def __init__(self, source: str, *, allow_null: bool = False) -> None:
        super().__init__(source=source, allow_null=allow_null)


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
