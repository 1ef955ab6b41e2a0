"""What progress' codes are called in the reader's language: choices for models, words for pages."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.codes import Course, Finder, Outlook, Reason, StandingCode, Verdict

Choices = list[tuple[str, Promise | str]]


def _choices(enum: type[StrEnum], labels: Mapping[str, Promise | str]) -> Choices:
    """Every member with its label; a member without one is an error at start."""
    return [(member.value, labels[member.value]) for member in enum]


COURSES = _choices(
    Course,
    {
        "on_track": _("on track"),
        "at_risk": _("at risk"),
        "off_track": _("off track"),
        "reversed": _("moving backwards"),
        "not_computable": _("cannot be computed"),
    },
)

VERDICTS = _choices(Verdict, {"met": _("met"), "missed": _("missed"), "not_due": _("not due yet")})

STANDINGS = _choices(
    StandingCode,
    {
        **dict(COURSES),
        **dict(VERDICTS),
        "stale": _("figures too old"),
        "no_data": _("no data"),
    },
)

OUTLOOKS = _choices(Outlook, {"likely": _("likely"), "uncertain": _("uncertain"), "unlikely": _("unlikely")})

REASONS = _choices(
    Reason,
    {
        "baseline_missing": _("no baseline is stated"),
        "baseline_satisfies_target": _("the baseline already satisfies the target"),
        "target_equals_baseline": _("the target equals the baseline"),
        "zero_denominator": _("the figure to divide by is zero"),
        "negative_figure": _("a ratio needs figures that are not negative"),
        "no_observation": _("no figure for this period"),
        "no_target": _("no target for this period"),
        "not_due": _("the target is not due yet"),
        "at_baseline": _("nothing is expected yet in the period of the baseline"),
        "before_baseline": _("before the period of the baseline"),
        "after_last_target": _("after the last target"),
        "no_path": _("no path leads from the baseline to the target"),
        "not_a_quantity": _("does not apply to a corridor"),
        "out_of_range": _("the figures are too large or too small to divide"),
        "stale": _("the latest figure is older than the KPI allows"),
        "part_of_year": _("figures of a part of the year only"),
        "incomparable_series": _("the series before and after a change of method cannot be compared"),
        "too_few_observations": _("a trend needs figures of at least four years"),
        "incomplete_group": _("too few of the group's members have figures"),
        "not_additive": _("members' figures cannot be put together to one of the group"),
    },
)

WORDS: dict[str, Promise | str] = {**dict(STANDINGS), **dict(COURSES), **dict(VERDICTS)}
_REASON_WORDS: dict[str, Promise | str] = dict(REASONS)


def reason_in_words(code: str) -> str:
    """Why a fact could not be computed; empty where it could."""
    return str(_REASON_WORDS.get(code, ""))


FINDERS = _choices(
    Finder,
    {
        "repeated": _("the same figure is printed with different values"),
        "parts": _("parts do not add up to the whole"),
        "rows": _("rows of the plan do not add up to the printed total"),
        "areas": _("figures of the areas do not add up to the whole"),
        "baseline": _("the baseline differs from the document's own figure"),
        "backwards": _("the target is worse than the baseline"),
    },
)
