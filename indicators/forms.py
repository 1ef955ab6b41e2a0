"""Forms of the pages on which figures come in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import source_kinds_of
from common.names import language
from indicators.fields import MISSING_STATUSES, Status
from indicators.messages import failure, report_error
from indicators.models import Entry, FormLine, Indicator, Source, Upload
from indicators.services.reporting import Cell, ConflictError, ReportError
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
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.xls,.ods,.json"

    def clean_file(self) -> Any:
        """Refuses at the door what no worker would read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES_KEPT:
            raise forms.ValidationError(failure("too_large", {"bytes": file.size, "limit": MOST_BYTES_KEPT}))
        return file


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


class EntryForm(forms.Form):
    """One line of a report's grid. Hidden inputs keep what the page showed and its version, so that only what
    the typist touched is saved, and he is told what somebody else saved meanwhile."""

    value = FigureInput(required=False, max_length=200, show_hidden_initial=True, label=_("Actual"))
    status = forms.ChoiceField(
        choices=[("", ""), *((code, label) for code, label in Status.choices if code in MISSING_STATUSES)],
        required=False, show_hidden_initial=True, label=_("If there is none, why"),
    )  # fmt: skip
    # The comment becomes the reason of a revision, which is no longer.
    comment = forms.CharField(required=False, max_length=500, show_hidden_initial=True, label=_("Comment"))
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, line: FormLine, entry: Entry | None) -> None:
        super().__init__(data, prefix=f"line-{line.pk}", initial=_shown(entry))
        self.line = line
        asked = (
            f"{line.indicator.name}, {line.breakdown.label}" if line.breakdown.code else line.indicator.name
        )
        for name in ("value", "status", "comment"):
            field = self.fields[name]
            field.widget.attrs |= {"class": "input", "aria-label": f"{field.label}: {asked}"}
        figure = {"class": "input num", "inputmode": "decimal", "autocomplete": "off"}
        self.fields["value"].widget.attrs |= figure

    @property
    def is_touched(self) -> bool:
        """Whether the typist changed what his page showed."""
        return bool({"value", "status", "comment"} & set(self.changed_data))

    @property
    def cell(self) -> Cell:
        """What was typed. A figure has no reason for being missing; a mark such as `x` is one, unless another
        was chosen with it."""
        typed, status = self.cleaned_data["value"], self.cleaned_data["status"]
        if isinstance(typed, Missing) and not (status and "status" in self.changed_data):
            status = typed.status
        value = typed if isinstance(typed, Decimal) else None
        return Cell(
            indicator=self.line.indicator,
            breakdown=self.line.breakdown,
            value=value,
            status=status if status and value is None else Status.NORMAL.value,
            comment=self.cleaned_data["comment"],
            version=self.cleaned_data["version"] or 0,
        )

    def refuse(self, error: ReportError) -> None:
        """Shows the error at the figure; from now on the typist knows what somebody else saved."""
        self.add_error("value", report_error(error))
        if isinstance(error, ConflictError):
            shown = _shown(error.theirs)
            version = {self.add_prefix("version"): shown.pop("version")}
            seen = {
                self.add_initial_prefix(name): self[name].field.prepare_value(shown[name]) for name in shown
            }
            self.data = {**self.data.dict(), **version, **seen}  # type: ignore[attr-defined] # a QueryDict


def _shown(entry: Entry | None) -> dict[str, Any]:
    """What the line's inputs hold for the entry."""
    if entry is None:
        return {"value": "", "status": "", "comment": "", "version": 0}
    status = entry.status if entry.status in MISSING_STATUSES else ""
    return {"value": entry.value, "status": status, "comment": entry.comment, "version": entry.version}


class ReturnForm(forms.Form):
    """Why a report is given back."""

    reason = forms.CharField(max_length=1000, label=_("Reason for returning"))


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """In the order of the reader's language."""
    return rows.order_by(f"name_{language()}")
