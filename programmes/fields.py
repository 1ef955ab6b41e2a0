"""A word of the vocabulary in two bytes: results are counted by the million."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from programmes.codes import NUMBER_OF, VOCABULARY


class WordField(models.SmallIntegerField):  # type: ignore[type-arg]
    """A word such as "met", kept as its number in `programmes.codes.VOCABULARY`; no word is the empty one."""

    default_error_messages = {"unknown": _("“%(value)s” is not one of the words of progress.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def validators(self) -> list[Any]:
        """None: the numbers' limits do not concern words."""
        return []

    def from_db_value(self, value: int | None, *_args: object) -> str | None:
        """The word of a stored number."""
        return None if value is None else VOCABULARY[value]

    def to_python(self, value: Any) -> str | None:
        """The word itself. Raises `ValidationError` for any other text."""
        if value is None:
            return None
        if str(value) not in NUMBER_OF:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"value": value})
        return str(value)

    def get_prep_value(self, value: Any) -> int | None:
        """The number to store and to compare with."""
        word = self.to_python(value)
        return None if word is None else NUMBER_OF[word]
