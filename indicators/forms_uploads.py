"""Forms of an upload's page: what was recognised, corrected; what was not understood, explained."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import source_kinds_of
from common.names import in_order
from indicators.choices import Choices, Kind, PickField
from indicators.models import Source, Upload
from indicators.tables import Role, cell_name
from indicators.tables.headings import parse_heading

ROLES: Mapping[str, Promise | str] = {
    "title": _("title"),
    "header": _("heading"),
    Role.TERRITORY: _("territory"),
    Role.PERIOD: _("period"),
    Role.DIMENSION: _("breakdown"),
    Role.INDICATOR: _("indicator"),
    Role.UNIT: _("unit"),
    Role.STATUS: _("status"),
    Role.VALUE: _("figures"),
    Role.COMMENT: _("comment"),
    "block": _("heading inside"),
    "note": _("footnote"),
    Role.IGNORED: _("left out"),
    Role.UNKNOWN: _("not understood"),
}
"""What a cell may be, in words."""

WHOLE_ROWS = ("title", "header", "block", "note")
ONLY_ONCE = (Role.TERRITORY, Role.INDICATOR, Role.UNIT, Role.STATUS)
COLUMN_ROLES = [role for role in ROLES if role not in WHOLE_ROWS and role != Role.DIMENSION]


class Column(NamedTuple):
    """A column of the picture: its letter and the input that says what it holds."""

    letter: str
    role: str
    field: forms.BoundField


class PictureRow(NamedTuple):
    """A row of the picture: its number, what the whole of it is, in words, and its cells: text and role."""

    number: int
    role: Promise | str
    cells: list[tuple[str, str]]


class TableForm(forms.Form):
    """One recognised table of an upload: the picture of its first rows, and what may be corrected of it."""

    is_ignored = forms.BooleanField(required=False, label=_("Leave this table out"))
    period = forms.CharField(
        required=False, max_length=40, label=_("Period of all figures"),
        help_text=_("Where no column and no heading says it: 2024, 2024-Q3, 2024-05."),
    )  # fmt: skip
    header_from = forms.IntegerField(min_value=1, label=_("Heading from row"))
    header_to = forms.IntegerField(min_value=1, label=_("Heading to row"))
    first_row = forms.IntegerField(min_value=1, label=_("First row of figures"))
    last_row = forms.IntegerField(min_value=1, required=False, label=_("Last row of figures"))

    def __init__(self, data: QueryDict | None, *, table: dict[str, Any], choices: Choices) -> None:
        super().__init__(data, prefix=f"table-{table['position']}", initial=_shown(table))
        self.table = table
        self.fields |= {
            "indicator": PickField(choices, Kind.INDICATOR.value, label=_("Indicator")),
            "unit": PickField(choices, Kind.UNIT.value, label=_("Unit")),
            "territory": PickField(
                choices, Kind.TERRITORY.value, label=_("Territory of all figures"),
                help_text=_("Where no column names it."),
            ),
            "category": PickField(choices, Kind.CATEGORY.value, label=_("Breakdown of all figures")),
            "category_too": PickField(choices, Kind.CATEGORY.value, label=_("and also")),
        }  # fmt: skip
        for name in ("indicator", "unit", "territory", "category", "category_too"):
            self.fields[name].initial = self.initial.get(name)
        roles = _column_choices(choices)
        for index, _role, _dimension, text in table["columns"]:
            letter = cell_name(0, index)[:-1]
            field = forms.ChoiceField(choices=roles)
            field.widget.attrs |= {
                "class": "input role-of-column",
                "aria-label": _("What column %(column)s holds: %(text)s")
                % {"column": letter, "text": text or "—"},
            }
            self.fields[f"column-{index}"] = field

    @property
    def columns(self) -> list[Column]:
        """The columns of the picture."""
        return [
            Column(cell_name(0, index)[:-1], role, self[f"column-{index}"])
            for index, role, _dimension, _text in self.table["columns"]
        ]

    @property
    def rows(self) -> Iterator[PictureRow]:
        """The first rows of the sheet; some that say little are left out."""
        for number, cells in self.table["rows"]:
            roles = {role for _text, role in cells if role}
            whole = next((role for role in WHOLE_ROWS if roles == {role}), "")
            yield PictureRow(number + 1, ROLES.get(whole, ""), cells)

    @property
    def legend(self) -> list[tuple[str, Promise | str]]:
        """The roles that occur in the picture, in words."""
        found = {role for _number, cells in self.table["rows"] for _text, role in cells}
        return [(str(role), word) for role, word in ROLES.items() if role in found]

    @property
    def facts(self) -> list[forms.BoundField]:
        """The inputs that say what holds for all figures."""
        names = ("indicator", "unit", "period", "territory", "category", "category_too")
        return [self[name] for name in names]

    @property
    def limits(self) -> list[forms.BoundField]:
        """The inputs that say where the table stands."""
        return [self[name] for name in ("header_from", "header_to", "first_row", "last_row")]

    def clean_period(self) -> str:
        """A period with its year, as typed."""
        text: str = self.cleaned_data["period"].strip()
        heading = parse_heading(text) if text else None
        if text and text != self.initial["period"] and (heading is None or heading.year is None):
            raise forms.ValidationError(
                _("“%(text)s” is not a period such as 2024, 2024-Q3 or 2024-05."), params={"text": text}
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Refuses what no table can be, before anything is read again."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_ignored"):
            return cleaned
        roles = [value for name, value in cleaned.items() if name.startswith("column-")]
        if Role.VALUE not in roles and not self.table["hidden_values"] and self.has_changed():
            self.add_error(None, _("No column holds figures: choose “figures” for at least one."))
        for role in ONLY_ONCE:
            if roles.count(role.value) > 1 and self.has_changed():
                message = _("Two columns are said to hold the same (%(role)s): choose one of them.")
                self.add_error(None, forms.ValidationError(message, params={"role": ROLES[role]}))
        self._check_order(cleaned)
        return cleaned

    def _check_order(self, cleaned: dict[str, Any]) -> None:
        """The heading stands above the figures, and all of it on the sheet."""
        rows = [cleaned.get(name) for name in ("header_from", "header_to", "first_row", "last_row")]
        if None in rows[:3]:
            return
        top, bottom, first, last = rows
        last = self.table["height"] if last is None else last
        if not top <= bottom < first <= last <= self.table["height"]:  # type: ignore[operator] # checked above
            message = _(
                "The heading stands above the first row of figures, the last row below it, and the sheet "
                "has %(height)s rows: correct the numbers of the rows."
            )
            self.add_error(None, forms.ValidationError(message, params={"height": self.table["height"]}))

    @property
    def changes(self) -> dict[str, Any]:
        """What was corrected, as `indicators.tables.correcting` takes it; rows and columns from 0."""
        changed, cleaned = set(self.changed_data), self.cleaned_data
        found: dict[str, Any] = {name: cleaned[name] for name in ("is_ignored", "period") if name in changed}
        columns = {
            name.removeprefix("column-"): _role(cleaned[name])
            for name in changed
            if name.startswith("column-")
        }
        if columns:
            found["columns"] = columns
        if "indicator" in changed:
            found["indicator"] = cleaned["indicator"] or None
        if "territory" in changed:
            found["territory"] = cleaned["territory"] or None
        if "unit" in changed:
            # The catalogue's codes are found in any case; capitals alone are taken for the Bureau's own.
            found["unit"] = cleaned["unit"].lower()
        if changed & {"category", "category_too"}:
            codes = [cleaned[name] for name in ("category", "category_too") if cleaned[name]]
            found["breakdown"] = [code.split("=", 1) for code in codes]
        if changed & {"header_from", "header_to"}:
            found["header_rows"] = list(range(cleaned["header_from"] - 1, cleaned["header_to"]))
        if changed & {"first_row", "header_to"}:
            found["first_row"] = cleaned["first_row"] - 1
        if "last_row" in changed:
            found["last_row"] = None if cleaned["last_row"] is None else cleaned["last_row"] - 1
        return found


class FactsForm(forms.Form):
    """What holds for the whole upload: who says so, and when he published it."""

    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"))
    released_on = forms.DateField(
        required=False, label=_("Released by the source on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    seen = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, user: User, data: QueryDict | None, *, upload: Upload) -> None:
        shown = {
            "source": upload.source_id,
            "released_on": upload.released_on,
            "seen": upload.changed_at.isoformat(),
        }
        super().__init__(data, initial=shown)
        sources = Source.objects.filter(Q(kind__in=source_kinds_of(user)) | Q(pk=upload.source_id))
        self.fields["source"].queryset = sources.order_by(in_order())  # type: ignore[attr-defined]


def table_forms(upload: Upload, data: QueryDict | None, choices: Choices) -> list[TableForm]:
    """A form for each table of which a picture was kept."""
    tables = [table for table in upload.recognised if "position" in table]
    return [TableForm(data, table=table, choices=choices) for table in tables]


def _shown(table: dict[str, Any]) -> dict[str, Any]:
    """What the inputs hold before anything is corrected."""
    categories = [*table["breakdown"], "", ""]
    columns = {
        f"column-{index}": f"{role}:{dimension}" if role == Role.DIMENSION else role
        for index, role, dimension, _text in table["columns"]
    }
    return columns | {
        "is_ignored": table["is_ignored"],
        "indicator": table["indicator"],
        "unit": table["unit"],
        "period": table["period"],
        "territory": table["territory"],
        "category": categories[0],
        "category_too": categories[1],
        "header_from": table["header_rows"][0] + 1,
        "header_to": table["header_rows"][-1] + 1,
        "first_row": table["first_row"] + 1,
        "last_row": None if table["last_row"] is None else table["last_row"] + 1,
    }


def _column_choices(choices: Choices) -> list[tuple[Promise | str, Any]]:
    dimensions = [(f"{Role.DIMENSION}:{code}", name) for code, name in choices.dimensions.items()]
    return [*((str(role), ROLES[role]) for role in COLUMN_ROLES), (_("broken down by"), dimensions)]


def _role(chosen: str) -> dict[str, str | None]:
    role, _, dimension = chosen.partition(":")
    return {"role": role, "dimension": dimension or None}
