"""The form that scores rural settlements: two tables and what the document leaves open. Nothing is stored."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from programmes.applied import labels
from programmes.applied.form_fields import NumberInput
from programmes.applied.rural_results import Outcome, outcome_of
from programmes.applied.rural_tables import (
    NEEDED,
    SETTLEMENT,
    TableError,
    criteria_of,
    read_table,
    settlements_of,
)
from programmes.methods.rural_method import Category, Effect, GeospatialRule, Method, MethodError
from programmes.methods.rural_scoring import Scope

MOST_BYTES = 2 * 1024 * 1024
MOST_CRITERIA, MOST_SETTLEMENTS, MOST_GROUPS = 200, 10_000, 250
UNSET = [("", _("not set"))]
THRESHOLDS = {"strategic": Category.STRATEGIC, "support": Category.SUPPORT, "satellite": Category.SATELLITE}
PLACES = (Scope.OBLAST.value, Scope.DISTRICT.value)


class ScoringForm(forms.Form):
    """The criteria, the settlements, and the configuration that the reply does not print."""

    criteria = forms.FileField(
        label=_("Criteria (CSV)"),
        help_text=_(
            "Columns: code, block (demography, infrastructure or economy), points; if needed better (higher "
            "or lower), low and high, the ends of the scale. The points of the blocks make 50, 30 and 20."
        ),
    )
    settlements = forms.FileField(
        label=_("Settlements (CSV)"),
        help_text=_(
            "Columns: settlement, one for each code of the criteria; if needed oblast and district. An empty "
            "cell is a missing value, not zero."
        ),
    )
    scope = forms.ChoiceField(choices=list(labels.SCOPES.items()), label=_("Settlements compete"))
    shift = NumberInput(max_length=10, initial="5", label=_("Shift of a block's weight, points"))
    strategic = NumberInput(required=False, max_length=10, label=_("Strategic from, points"))
    support = NumberInput(required=False, max_length=10, label=_("Support from, points"))
    satellite = NumberInput(required=False, max_length=10, label=_("Satellite from, points"))
    column = forms.CharField(
        required=False,
        max_length=100,
        label=_("Column of the geospatial rule"),
        help_text=_("1 where the rule holds, 0 where it does not, empty where that is not known."),
    )
    effect = forms.ChoiceField(
        required=False, choices=[*UNSET, *labels.EFFECTS.items()], label=_("The geospatial rule")
    )
    points = NumberInput(required=False, max_length=10, label=_("Points that the rule adds"))
    category = forms.ChoiceField(
        required=False,
        choices=[*UNSET, *labels.CATEGORIES.items()],
        label=_("Category that the rule decides"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("criteria", "settlements"):
            self.fields[name].widget.attrs["accept"] = ".csv,text/csv"

    def clean(self) -> dict[str, Any]:
        """Scores at once, since only the whole can be judged: the result is `outcome`."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["outcome"] = self._scored(cleaned)
            except (TableError, MethodError) as error:
                told = labels.fault_in_words(error) if isinstance(error, MethodError) else str(error)
                self.add_error(None, told)
        return cleaned

    @property
    def outcome(self) -> Outcome | None:
        """The scored settlements; None where the form is not valid."""
        return self.cleaned_data.get("outcome") if self.is_valid() else None

    def clean_criteria(self) -> Any:
        """The table of criteria."""
        return self._table("criteria", NEEDED, MOST_CRITERIA)

    def clean_settlements(self) -> Any:
        """The table of settlements."""
        return self._table("settlements", (SETTLEMENT,), MOST_SETTLEMENTS)

    def _table(self, name: str, columns: tuple[str, ...], most_rows: int) -> Any:
        file: UploadedFile[bytes] = self.cleaned_data[name]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB. Leave out what is not scored."))
        try:
            return read_table(file.read(), columns, most_rows)
        except TableError as error:
            raise forms.ValidationError(str(error)) from error

    def _scored(self, cleaned: dict[str, Any]) -> Outcome:
        """Raises `TableError` and `MethodError`."""
        method = Method(
            criteria_of(cleaned["criteria"]),
            geospatial=_rule(cleaned),
            thresholds={
                category: float(cleaned[name])
                for name, category in THRESHOLDS.items()
                if cleaned[name] is not None
            },
        )
        numbers = [criterion.code for criterion in method.criteria]
        if method.geospatial:
            numbers.append(method.geospatial.column)
        settlements = settlements_of(cleaned["settlements"], numbers, PLACES)
        scope = Scope(cleaned["scope"])
        if scope in settlements and settlements[scope].nunique() > MOST_GROUPS:
            message = _(
                "The column “%(column)s” has too many different names: at most %(most)s are compared."
            )
            raise TableError(message % {"column": scope, "most": MOST_GROUPS})
        return outcome_of(settlements, method, scope, float(cleaned["shift"] or 0))


def _rule(cleaned: dict[str, Any]) -> GeospatialRule | None:
    """The rule, where a column or an effect is given. Raises `TableError` where only one of them is."""
    column, effect = cleaned["column"].strip(), cleaned["effect"]
    if not column and not effect:
        return None
    if not (column and effect):
        raise TableError(str(_("The geospatial rule needs both its column and what it does.")))
    category = Category(cleaned["category"]) if cleaned["category"] else None
    return GeospatialRule(column, Effect(effect), float(cleaned["points"] or 0), category)
