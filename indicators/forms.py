"""Forms of the pages on which figures come in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import source_kinds_of
from common.names import in_order
from indicators.messages import failure
from indicators.models import Indicator, Source, Upload
from indicators.tables.cells import Missing, NotANumber, parse_number

# A file above the limit of what is read is still kept and explained; one above this is not taken at all.
MOST_BYTES_KEPT = 256 * 1024 * 1024


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]
    """A file, who says so, and, where the file does not say it, what is measured."""

    class Meta:
        model = Upload
        fields = ("file", "source", "indicator", "reason")
        help_texts = {
            "file": _("CSV, XLSX, XLS or ODS, up to 100 MB. The original is kept."),
            "indicator": _("Leave empty if the file names it: then it is recognised."),
            "reason": _("Needed when figures that are already published change. Readers will see it."),
        }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = Source.objects.filter(kind__in=source_kinds_of(user))
        choices = {"source": sources, "indicator": Indicator.objects.all()}
        for name, rows in choices.items():
            self.fields[name].queryset = _named(rows)  # type: ignore[attr-defined]
        self.fields["source"].initial = sources.filter(kind__in=["bureau", "akimat"]).first()
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.xlsm,.xls,.ods,.json"

    def clean_file(self) -> Any:
        """Refuses at the door what no worker would read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES_KEPT:
            raise forms.ValidationError(failure("too_large", {"bytes": file.size, "limit": MOST_BYTES_KEPT}))
        return file


class FilledTemplateForm(forms.Form):
    """A template that was filled in."""

    file = forms.FileField(label=_("Filled template"))
    clean_file = UploadForm.clean_file


class UploadRequestForm(UploadForm):
    """The same of a machine, which names source and indicator by their codes."""

    confirm = forms.BooleanField(
        required=False,
        help_text=_("true: it is published as soon as it is read, unless a cell is rejected."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        for name in ("source", "indicator"):
            self.fields[name].to_field_name = "code"  # type: ignore[attr-defined]


class FigureInput(forms.CharField):
    """A figure as the reader types it, cleaned to what `parse_number` makes of it; shown with all its digits,
    in the reader's decimal mark and without grouping."""

    def prepare_value(self, value: Any) -> Any:
        """What stands in the input."""
        if not isinstance(value, Decimal):
            return value
        return f"{value:f}".replace(".", str(get_format("DECIMAL_SEPARATOR")))

    def clean(self, value: Any) -> Decimal | Missing | None:
        """The number, the mark of a missing one, or nothing."""
        text = super().clean(value)
        parsed = parse_number(text) if text else None
        if isinstance(parsed, NotANumber):
            raise forms.ValidationError(
                _("“%(text)s” is not a number: write it as 12.5 or 12,5."), params={"text": text}
            )
        return parsed


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """In the order of the reader's language."""
    return rows.order_by(in_order())
