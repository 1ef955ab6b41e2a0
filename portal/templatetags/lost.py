"""A search for what was not found."""

from django import template

from portal.lost import words_of_address

register = template.Library()


@register.filter
def address_words(path: str) -> str:
    """The words of an address."""
    return words_of_address(path)
