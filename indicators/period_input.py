"""A reporting period as one text: a column of a file, an input of a form."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import Widget

from indicators.periods import Frequency, Period, PeriodError

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


def parsed(text: str) -> Period | None:
    """The period of a text, none of an empty one; `ValueError` in the reader's language for anything else."""
    if not text.strip():
        return None
    try:
        return Period.parse(text)
    except PeriodError as error:
        message = _("“%s” is not a period such as 2024, 2024-S1, 2024-Q3 or 2024-05.") % text
        raise ValueError(message) from error


def period_of(row: models.Model, frequency: str, start: str) -> Period | None:
    """The period that two fields of a row hold."""
    first_day = getattr(row, start)
    return None if first_day is None else Period(Frequency(getattr(row, frequency)), first_day)


def set_period(row: models.Model, frequency: str, start: str, period: Period | None) -> None:
    """Stores a period in two fields of a row."""
    setattr(row, start, None if period is None else period.start)
    if period is not None:
        setattr(row, frequency, period.frequency.value)


class PeriodWidget(Widget):  # type: ignore[misc]
    """A period as SDMX writes it."""

    def clean(self, value: str, row: object = None, **kwargs: Any) -> Period | None:
        """The period of a cell; `ValueError` where it is none."""
        return parsed(value)


class PeriodField(Field):  # type: ignore[misc]
    """The column of a period that a model keeps as a frequency and a first day."""

    def __init__(self, column: str, *, frequency: str = "frequency", start: str = "period_start") -> None:
        super().__init__(start, column, PeriodWidget())
        self.frequency = frequency

    def get_value(self, instance: models.Model) -> Period | None:
        """The period of a row."""
        return period_of(instance, self.frequency, self.attribute)

    def save(self, instance: models.Model, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Stores the period of a cell."""
        set_period(instance, self.frequency, self.attribute, self.clean(row))


class PeriodForm(ModelForm):
    """A form in which a period is typed as one text. Subclasses name the two fields that hold it; they
    must not be fields of the form."""

    frequency_name, start_name = "frequency", "period_start"

    period = forms.CharField(max_length=7, help_text=gettext_lazy("2024, 2024-S1, 2024-Q3 or 2024-05"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start = self._meta.model._meta.get_field(self.start_name)
        self.fields["period"].label = capfirst(start.verbose_name)
        self.fields["period"].required = not start.blank
        stored = period_of(self.instance, self.frequency_name, self.start_name)
        self.initial["period"] = "" if stored is None else str(stored)

    def clean_period(self) -> Period | None:
        """The period of the text."""
        try:
            return parsed(self.cleaned_data["period"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any] | None:
        """Puts the two fields where Django looks for values that must be unique."""
        if "period" in self.cleaned_data:
            set_period(self.instance, self.frequency_name, self.start_name, self.cleaned_data["period"])
            for name in (self.frequency_name, self.start_name):
                self.cleaned_data[name] = getattr(self.instance, name)
        return super().clean()

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with the two fields is wrong with the text."""
        if hasattr(error, "error_dict"):
            hidden = {self.frequency_name, self.start_name}
            for name in hidden & error.error_dict.keys():
                error.error_dict.setdefault("period", []).extend(error.error_dict.pop(name))
        super().add_error(field, error)

    def _get_validation_exclusions(self) -> set[str]:
        """The two fields are validated with the rest although they have no inputs of their own."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        if "period" in self.cleaned_data:
            excluded -= {self.frequency_name, self.start_name}
        return excluded
