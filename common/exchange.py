"""Catalogues as tables: what each kind of cell means, and how a file becomes rows of the database.

Rows are known by their public codes, references are written as codes. An import changes what its columns
name, leaves the rest alone and never deletes; it is stored as a whole or not at all.
"""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.widgets import ManyToManyWidget, Widget
from tablib import Dataset

Row = Mapping[str, str]

SPACES = re.compile(r"\s")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Says that there is no such name, and which known ones come closest."""
    message = _("No %(what)s is called “%(name)s”.") % {"what": what, "name": name}
    if close := difflib.get_close_matches(name, list(known), n=3):
        message += " " + _("Closest: %(names)s.") % {"names": ", ".join(close)}
    return message


def with_plain_breaks(text: str) -> str:
    """The text with the line breaks of a workbook; browsers send others, which are no difference."""
    return text.replace("\r\n", "\n")


class TextWidget(Widget):  # type: ignore[misc]
    """Text as it stands; an empty cell is "", or NULL where the column knows NULL."""

    def __init__(self, *, null: bool) -> None:
        super().__init__()
        self.null = null

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> str | None:
        """The text of a cell."""
        return with_plain_breaks(value) or (None if self.null else "")


class NumberWidget(Widget):  # type: ignore[misc]
    """A number, with a decimal point or comma, written in full whatever the reader's language."""

    def __init__(self, kind: type[Decimal | int | float]) -> None:
        super().__init__()
        self.kind = kind

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> Decimal | int | float | None:
        """The number of a cell; `ValueError` where it is none."""
        text = SPACES.sub("", value).replace(",", ".")
        if not text:
            return None
        if not NUMBER.fullmatch(text):
            raise ValueError(_("“%s” is not a number.") % value)
        number = Decimal(text)
        if self.kind is int and number % 1:
            raise ValueError(_("“%s” is not a whole number.") % value)
        return self.kind(number)

    def render(self, value: Decimal | int | float | None, obj: object = None, **kwargs: Any) -> str:
        """The cell of a number."""
        if value is None:
            return ""
        return format(value, "f") if isinstance(value, Decimal) else str(value)


class FlagWidget(Widget):  # type: ignore[misc]
    """True or false; an empty cell is false."""

    words: ClassVar[dict[str, bool]] = {"": False, "false": False, "true": True}

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> bool:
        """The flag; `ValueError` for any other word."""
        word = str(value or "").strip().lower()
        if word not in self.words:
            raise ValueError(_("“%(text)s” is neither true nor false.") % {"text": value})
        return bool(self.words[word])

    def render(self, value: bool | None, obj: object = None, **kwargs: Any) -> str:
        """`true` or `false`."""
        return "true" if value else "false"


class DayWidget(Widget):  # type: ignore[misc]
    """A day: 2024-12-31 or 31.12.2024."""

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> dt.date | None:
        """The day of a cell; `ValueError` where it is none."""
        text = value.strip()
        if not text:
            return None
        if re.fullmatch(r"\d\d\.\d\d\.\d{4}", text):
            text = "-".join(reversed(text.split(".")))
        try:
            return dt.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(_("“%s” is not a day such as 2024-12-31.") % value) from error

    def render(self, value: dt.date | None, obj: object = None, **kwargs: Any) -> str:
        """The cell of a day."""
        return "" if value is None else value.isoformat()


class ListWidget(Widget):  # type: ignore[misc]
    """Several texts in one cell, with `|` between them."""

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> list[str]:
        """The texts of a cell."""
        return [text.strip() for text in value.split("|") if text.strip()]

    def render(self, value: list[str] | None, obj: object = None, **kwargs: Any) -> str:
        """The cell of some texts."""
        return " | ".join(value or ())


class ObjectWidget(Widget):  # type: ignore[misc]
    """An object, as JSON; an empty cell is an object without members."""

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> dict[str, Any]:
        """The object of a cell; `ValueError` where it is none."""
        try:
            members = json.loads(value or "{}")
        except json.JSONDecodeError:
            members = None
        if not isinstance(members, dict):
            raise ValueError(_("“%s” is not a JSON object.") % value)
        return members

    def render(self, value: dict[str, Any] | None, obj: object = None, **kwargs: Any) -> str:
        """The cell of an object."""
        return json.dumps(value, ensure_ascii=False) if value else ""


class CodeWidget(Widget):  # type: ignore[misc]
    """A reference, written as the code of the row that it points at.

    `within` is a column and a reference of the model: codes of KPIs are unique in their programme only.
    `empty_is_a_code` says that a row has the code "" (the breakdown that is the total). What was found is
    remembered: a resource, and with it its widgets, lives as long as one import.
    """

    def __init__(self, model: Any, *, within: str = "", empty_is_a_code: bool = False) -> None:
        super().__init__()
        self.model, self.within, self.empty_is_a_code = model, within, empty_is_a_code
        self.found: dict[tuple[str | None, str], models.Model] = {}

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> models.Model | None:
        """The row of a code; `ValueError` with the closest codes where there is none."""
        code = value.strip()
        if not code and not self.empty_is_a_code:
            return None
        whole = (row or {}).get(self.within) if self.within else None
        if (whole, code) not in self.found:
            self.found[whole, code] = self._find(whole, code)
        return self.found[whole, code]

    def _find(self, whole: str | None, code: str) -> models.Model:
        known = self.model._default_manager.all()
        if self.within:
            known = known.filter(**{f"{self.within}__code": whole})
        found: models.Model | None = known.filter(code=code).first()
        if found is None:
            codes = known.values_list("code", flat=True)
            raise ValueError(unknown(self.model._meta.verbose_name, code, codes))
        return found

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        """The code of a row."""
        return "" if value is None else str(value.code)


class ManyCodesWidget(ManyToManyWidget):  # type: ignore[misc]
    """References, written as codes with `|` between them."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.one = CodeWidget(model)

    def clean(self, value: str, row: Row | None = None, **kwargs: Any) -> list[models.Model | None]:
        """The rows of the codes; `ValueError` where one is unknown."""
        return [self.one.clean(code) for code in ListWidget().clean(value)]

    def render(self, value: Any, obj: object = None, **kwargs: Any) -> str:
        """The codes of the rows, sorted."""
        return "" if value is None else " | ".join(sorted(row.code for row in value.all()))


class TextField(Field):  # type: ignore[misc]
    """A column of text."""

    def get_value(self, instance: models.Model) -> Any:
        """The text of a row."""
        value = super().get_value(instance)
        return with_plain_breaks(value) if isinstance(value, str) else value


class ScopeField(Field):  # type: ignore[misc]
    """A column that says where the code in another column is unique; checked, but nowhere to be stored."""

    def save(self, instance: models.Model, row: Row, is_m2m: bool = False, **kwargs: Any) -> None:
        """Checks that the code is known."""
        self.clean(row)


def widget_for(field: Any) -> Widget:
    """How the cells of a model's field are written."""
    match field:
        case models.ManyToManyField():
            return ManyCodesWidget(field.related_model)
        case models.ForeignKey():
            return CodeWidget(field.related_model)
        case models.BooleanField():
            return FlagWidget()
        case models.DateField():
            return DayWidget()
        case models.DecimalField():
            return NumberWidget(Decimal)
        case models.FloatField():
            return NumberWidget(float)
        case models.IntegerField():
            return NumberWidget(int)
        case models.JSONField():
            return ObjectWidget() if field.default is dict else ListWidget()
    return TextWidget(null=field.null)


class Difference(resources.Diff):  # type: ignore[misc]
    """What an import would change in a row, without the inline styles that the portal's pages refuse."""

    def as_html(self) -> list[SafeString]:
        """Each cell: as it is, or the old text struck out before the new one."""
        cells = zip([""] * len(self.left) if self.new else self.left, self.right, strict=True)
        return [mark_safe(self._cell(str(old), str(new))) for old, new in cells]  # noqa: S308

    @staticmethod
    def _cell(old: str, new: str) -> str:
        if old == new:
            return escape(new)
        struck = f"<del>{escape(old)}</del> " if old else ""
        return struck + (f"<ins>{escape(new)}</ins>" if new else "")


class CatalogueResource(resources.ModelResource):  # type: ignore[misc]
    """A model as a table whose rows are found by `Meta.import_id_fields`."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    @classmethod
    def field_from_django_field(cls, field_name: str, django_field: Any, readonly: bool) -> Field:
        """The column of a model's field, of the same name."""
        widget = widget_for(django_field)
        column = TextField if isinstance(widget, TextWidget) else Field
        return column(field_name, field_name, widget, django_field.default, readonly)

    @classmethod
    def get_diff_class(cls) -> type[Difference]:
        """How a change is shown."""
        return Difference

    @classmethod
    def get_display_name(cls) -> str:
        """What the rows are called."""
        return str(cls._meta.model._meta.verbose_name_plural)

    def filter_export(self, queryset: models.QuerySet[Any], **kwargs: Any) -> models.QuerySet[Any]:
        """In the order of creation, in which references point backwards, and with what they point at."""
        return self._with_references(queryset).order_by("pk")

    def _with_references(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        columns = self.fields.values()
        one = [column.attribute for column in columns if isinstance(column.widget, CodeWidget)]
        many = [column.attribute for column in columns if isinstance(column.widget, ManyToManyWidget)]
        return queryset.select_related(*one).prefetch_related(*many)

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Refuses columns that nothing would read, and columns that come twice."""
        columns = self.get_diff_headers()
        headers = dataset.headers or []
        for header in headers:
            if header not in columns:
                raise ValueError(unknown(_("column"), header, columns))
            if headers.count(header) > 1:
                raise ValueError(_("The column “%s” comes twice.") % header)

    def key_of(self, row: Row) -> dict[str, Any]:
        """By which fields and values the row is found in the database."""
        fields = [self.fields[name] for name in self.get_import_id_fields()]
        return {field.attribute: field.clean(row) for field in fields}

    def get_instance(self, instance_loader: object, row: Row) -> models.Model | None:
        """The stored row; none for a new one, or for a key whose mistakes `import_instance` will report."""
        try:
            stored = self._with_references(self.get_queryset()).filter(**self.key_of(row))
        except (KeyError, ValueError):
            return None
        found: models.Model | None = stored.first()
        return found

    def import_instance(self, instance: models.Model, row: Row, **kwargs: Any) -> None:
        """Fills the instance from the row; lists of references are only checked before it is saved."""
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            error.update_error_dict(errors)
        for field in self.get_import_fields():
            if isinstance(field.widget, ManyToManyWidget) and field.column_name in row:
                try:
                    field.clean(row)
                except ValueError as error:
                    errors[field.attribute] = [ValidationError(str(error))]
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self, instance: models.Model, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """As the model's forms do, with errors told by the file's columns."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            columns = {field.attribute: field.column_name for field in self.fields.values()}
            raise ValidationError(
                {columns.get(name, name): problems for name, problems in error.error_dict.items()}
            ) from error
