"""Forms of the pages on which figures come in."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.names import language
from indicators.models import Indicator, Source, Upload


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"source": Source.objects.exclude(kind="document"), "indicator": Indicator.objects.all()}
        for name, rows in choices.items():
            self.fields[name].queryset = _named(rows)  # type: ignore[attr-defined]
        self.fields["source"].initial = Source.objects.filter(kind="bureau").first()
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.xls,.ods,.json"


class IndicatorForm(forms.Form):
    """The answer to "what does this file measure?"."""

    indicator = forms.ModelChoiceField(Indicator.objects.none(), label=_("Indicator"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = _named(Indicator.objects.all())  # type: ignore[attr-defined]


class OpenReportForm(forms.Form):
    """The year that an analyst wants to report on."""

    year = forms.TypedChoiceField(coerce=int, label=_("Year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        years = [(year, str(year)) for year in range(this_year, this_year - 6, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """In the order of the reader's language."""
    return rows.order_by(f"name_{language()}")
