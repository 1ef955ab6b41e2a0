"""Marks in a text the words that were searched for."""

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from common.folding import words_of


def marked(text: str, terms: Sequence[str]) -> SafeString:
    """The text, escaped, with `<mark>` around the words that begin with one of the folded terms."""
    parts, done = [], 0
    for start, end, word in words_of(text):
        if any(piece.startswith(term) for piece in word.split() for term in terms):
            parts += [escape(text[done:start]), format_html("<mark>{}</mark>", text[start:end])]
            done = end
    return mark_safe("".join([*parts, escape(text[done:])]))  # noqa: S308 - each part is escaped above
