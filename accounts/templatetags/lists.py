"""What every list has: its pages by number, what can be chosen, and in words what its filters are set to."""

import datetime as dt
from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.db.models import Model
from django.template import Context
from django.utils.formats import date_format
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def page_numbers(page: "Page[Any]") -> list[int | str]:
    """The first page, those around this one and the last, with an ellipsis for what lies between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def page_address(context: Context, name: str, number: int) -> str:
    """The query of the address with the page of that number; `name` is what the list calls its pages."""
    asked = context["request"].GET.copy()
    asked[name] = str(number)
    return f"?{asked.urlencode()}"


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> SafeString:
    """The options of a list to choose from: the value and the words of each, and which one is chosen.

    Escaped by Python: with `format_html` six hundred of them took 13 ms, and so they take one.
    """
    written = []
    for value, words in choices:
        selected = " selected" if value == chosen else ""
        written.append(f'<option value="{escape(str(value))}"{selected}>{escape(str(words))}</option>')
    return SafeString("".join(written))


@register.filter
def chosen(form: forms.Form) -> list[tuple[str, str]]:
    """Each filter that is set, with the name of the choice."""
    if not form.is_bound:
        return []
    form.is_valid()
    return [
        (str(form[name].label), _in_words(form.fields[name], value))
        for name, value in form.cleaned_data.items()
        if value not in (None, "", [], False)
    ]


def _in_words(field: forms.Field, value: object) -> str:
    if isinstance(value, dt.date):
        return date_format(value)
    if isinstance(field, forms.ModelChoiceField) and isinstance(value, Model):
        return str(field.label_from_instance(value))
    if isinstance(field, forms.ChoiceField):
        wanted = {str(each) for each in value} if isinstance(value, (list, tuple)) else {str(value)}
        return ", ".join(str(label) for key, label in _flat(field.choices) if str(key) in wanted)
    return str(value)


def _flat(choices: Any) -> Iterable[tuple[object, object]]:
    """A field's choices without their groups."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label
