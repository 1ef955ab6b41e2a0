"""A past day as a parameter: what was known at its end."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.rest.filters import DateField


class PastDay(DateField):
    """A day up to today."""

    def clean(self, value: Any) -> dt.date | None:
        """The day; not one to come."""
        day: dt.date | None = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."), params={"value": value})
        return day
