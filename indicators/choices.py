"""What may be chosen where a name is explained or a table corrected: everything of a kind, by its name."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.models import Territory
from common.names import in_order
from indicators.models import Category, Dimension, Indicator, LearntName, Unit

Kind = LearntName.Kind
BETWEEN = " · "


class Choices:
    """Names by code, for each kind: gathered when first asked for, once a page."""

    @cached_property
    def territories(self) -> dict[str, str]:
        """With the name of the territory of which each is part."""
        rows = Territory.objects.select_related("parent").order_by(in_order())
        return {row.code: f"{row.name} ({row.parent.name})" if row.parent else row.name for row in rows}

    @cached_property
    def categories(self) -> dict[str, str]:
        """By `DIMENSION=CATEGORY`, with the dimension's name."""
        rows = Category.objects.select_related("dimension").order_by("dimension__code", in_order())
        return {f"{row.dimension.code}={row.code}": f"{row.name} ({row.dimension.name})" for row in rows}

    @cached_property
    def indicators(self) -> dict[str, str]:
        """All of the catalogue."""
        return {row.code: row.name for row in Indicator.objects.order_by(in_order())}

    @cached_property
    def units(self) -> dict[str, str]:
        """All of the catalogue."""
        return {row.code: row.name for row in Unit.objects.order_by(in_order())}

    @cached_property
    def dimensions(self) -> dict[str, str]:
        """All of the catalogue."""
        return {row.code: row.name for row in Dimension.objects.order_by(in_order())}

    def of(self, kind: str) -> Mapping[str, str]:
        """Names by code of a kind of `LearntName`."""
        return {
            Kind.TERRITORY.value: lambda: self.territories,
            Kind.CATEGORY.value: lambda: self.categories,
            Kind.INDICATOR.value: lambda: self.indicators,
            Kind.UNIT.value: lambda: self.units,
        }[kind]()

    def written(self, kind: str, code: str) -> str:
        """A choice as its list and its input write it; what is no code stays as it is."""
        name = self.of(kind).get(code)
        return code if name is None else f"{name}{BETWEEN}{code}"


class PickField(forms.CharField):
    """One of a long list, typed or picked from the suggestions of a `<datalist>`; cleaned to its code.

    What stood there already is left as it is.
    """

    def __init__(self, choices: Choices, kind: str, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 600, **kwargs})
        self.choices, self.kind = choices, kind
        self.widget.attrs |= {"list": f"all-{kind}", "autocomplete": "off", "class": "input"}

    def prepare_value(self, value: Any) -> Any:
        """The name with its code."""
        return self.choices.written(self.kind, value) if isinstance(value, str) and value else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was picked."""
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> str:
        """The code, by the code itself, the whole choice or an unmistakable name."""
        text = str(super().clean(value))
        known = self.choices.of(self.kind)
        code = text.rpartition(BETWEEN)[2]
        if not text or code in known or text == self.initial:
            return code if code in known else text
        named = [
            code for code, name in known.items() if text.casefold() in {name.casefold(), code.casefold()}
        ]
        if len(named) != 1:
            message = _("“%(text)s” is not in the list: choose one of it.")
            raise forms.ValidationError(message, params={"text": text})
        return named[0]
