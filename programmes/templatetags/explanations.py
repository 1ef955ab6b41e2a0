"""Formulas for pages, with figures that link to where each comes from."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from programmes.explaining import sentences
from programmes.explaining.formulas import Formula, Piece, pieces
from programmes.explaining.origins import register_page
from programmes.models import Citation, Kpi

register = template.Library()


@register.filter
def by_name(formula: Formula) -> str:
    """The formula in words: (actual − baseline) ÷ (expected − baseline)."""
    return sentences.by_name(formula)


@register.filter
def with_figures(formula: Formula) -> SafeString:
    """The formula with its figures, each a link to its line below."""
    return format_html_join("", "{}", ((_shown(piece),) for piece in pieces(formula, filled=True)))


def _shown(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    shown = number(piece.value)
    if piece.value is None:
        unknown = _("%(name)s: not known") % {"name": piece.name}
        shown = format_html('<span title="{0}">?<span class="visually-hidden"> ({0})</span></span>', unknown)
    if not piece.code:
        return shown
    return format_html('<a href="#figure-{}" title="{}">{}</a>', piece.code, piece.name, shown)


@register.filter
def number(value: float | None) -> str:
    """A figure precisely enough to follow the arithmetic by hand."""
    return sentences.exact(value)


@register.filter
def in_register(citation: Citation, kpi: Kpi) -> str:
    """The page of the register of figures that lists what the place prints."""
    return register_page(citation, kpi)


@register.simple_tag
def printed_in(citation: Citation) -> SafeString:
    """The place in words, without space around it, so that a link ends with the last of them."""
    context = {"citation": citation, "planned": ""}
    return mark_safe(render_to_string("programmes/place.html", context).strip())  # noqa: S308 - our template
