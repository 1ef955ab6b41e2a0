"""Fields that several forms of the methods share."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms import FigureInput

LARGEST = 10**15
"""Beyond it nothing is counted in tenge, months, points or per cent."""


class NumberInput(FigureInput):
    """A number from zero to `LARGEST`, in the reader's way of writing; None where the field is left empty."""

    def clean(self, value: Any) -> Decimal | None:
        """The number."""
        number = super().clean(value)
        if not isinstance(number, Decimal):
            return None
        if not 0 <= number <= LARGEST:
            raise forms.ValidationError(_("Write a number of 0 or more, of sixteen digits at most."))
        return number
