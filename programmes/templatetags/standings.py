"""Standings for the eye: a word, a shape and a colour each, and the strip that counts them.

Pages show many of them, the same ones again and again: a process draws each once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.names import language
from indicators.templatetags.figures import missing
from programmes.labels import WORDS, reason_in_words
from programmes.models import Progress

register = template.Library()
T = TypeVar("T")

CIRCLE = "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13Z"


class Look(NamedTuple):
    """The colour class and the outline of a mark in a square of 16."""

    tone: str
    outline: str
    fill: str = ""


# In the order in which strips show them, from kept to unknown.
LOOKS = {
    "met": Look("is-good", CIRCLE + "M5 8.3l2.2 2.1 3.9-4.3"),
    "on_track": Look("is-good", "M2.5 8h10.5M9 4l4 4-4 4", "is-half"),
    "at_risk": Look("is-risk", "M8 2.2 14.4 13.5H1.6ZM8 6.6v3M8 11.4v.1"),
    "off_track": Look("is-bad", "M3 3l9.5 9.5M12.5 6v6.5H6", "is-half"),
    "reversed": Look("is-bad", "M13.5 8H3M7 4 3 8l4 4", "is-half"),
    "missed": Look("is-bad", CIRCLE + "M5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6"),
    "stale": Look("is-none", CIRCLE + "M8 4.5V8l2.4 1.7", "is-half"),
    "not_computable": Look("is-none", CIRCLE + "M3.6 12.4l8.8-8.8", "is-hollow"),
    "no_data": Look("is-none", CIRCLE, "is-hollow"),
    "not_due": Look("is-none", "M3 8h.1M8 8h.1M13 8h.1", "is-hollow"),
}


@register.simple_tag
def status(code: str) -> SafeString:
    """The mark and the word of a standing, course or verdict."""
    return _drawn_status(code, language())


@lru_cache(maxsize=64)
def _drawn_status(code: str, _language: str) -> SafeString:
    context = {"word": WORDS[code], "look": LOOKS[code]}
    return mark_safe(render_to_string("programmes/status.html", context).strip())  # noqa: S308 - our template


@register.filter
def from_kept(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many stand how, from kept to unknown, without those of which there are none."""
    return [(code, counts[code]) for code in LOOKS if counts.get(code)]


@register.simple_tag
def strip(counts: Mapping[str, int]) -> SafeString:
    """A bar in proportion and the counts in words, from kept to unknown."""
    return _drawn_strip(tuple(counts.get(code, 0) for code in LOOKS), language())


@lru_cache(maxsize=1024)
def _drawn_strip(counts: tuple[int, ...], _language: str) -> SafeString:
    total, offset, parts = sum(counts), 0.0, []
    for (code, look), count in zip(LOOKS.items(), counts, strict=True):
        if count:
            share = 100 * count / total
            width = max(share - 0.4, share / 2)  # a gap to the next one, but nothing vanishes
            parts.append({"code": code, "look": look, "count": count, "x": offset, "width": width})
            offset += share
    return mark_safe(render_to_string("programmes/strip.html", {"parts": parts}).strip())  # noqa: S308 - our template


@register.simple_tag
def because(code: str, row: Progress) -> SafeString:
    """Why a cell is empty: a dash where an empty cell beside it says so already, else the reason in words."""
    is_plain = code == "no_target" or (code == "no_observation" and row.actual is None)
    return missing(reason(code)) if is_plain else format_html('<span class="reason">{}</span>', reason(code))


@register.filter
def reason(code: str) -> str:
    """Why a fact could not be computed, in words."""
    return reason_in_words(code)


@register.filter
def at(items: Sequence[T], index: int) -> T:
    """The item at the index, counted from 0: what a column of a table is about."""
    return items[index]
