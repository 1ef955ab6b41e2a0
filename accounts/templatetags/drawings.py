"""Drawings within a page."""

from django import template
from django.utils.safestring import SafeString

from common.drawings import svg

register = template.Library()


@register.simple_tag
def drawing(path: str, **context: object) -> SafeString:
    """What a template of `drawings/` makes of these values."""
    return svg(path, context)
