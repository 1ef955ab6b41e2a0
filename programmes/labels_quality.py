"""What the checks of quality are called in the reader's language, and what to do about what they find."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.quality import Check

Words = Mapping[str, Promise | str]

CHECKS: list[tuple[str, Promise | str]] = [
    (Check.ABSURD.value, _("a figure without use")),
    (Check.OUT_OF_RANGE.value, _("outside the possible")),
    (Check.UNIT_SLIP.value, _("another unit?")),
    (Check.OUTLIER.value, _("far from the others")),
    (Check.JUMP.value, _("a jump")),
    (Check.SINGLE_POINT.value, _("a single figure")),
    (Check.PARTS_OF_WHOLE.value, _("parts do not make the whole")),
    (Check.CATEGORIES_OF_TOTAL.value, _("categories do not make the total")),
    (Check.SOURCES_DIFFER.value, _("sources differ")),
    (Check.NO_TARGETS.value, _("no target in force")),
    (Check.BASELINE_MISSING.value, _("a baseline is needed")),
    (Check.ZERO_OR_NEGATIVE_BASELINE.value, _("a baseline without shares")),
    (Check.BASELINE_AFTER_TARGETS.value, _("the baseline is not before the targets")),
    (Check.TARGET_BEFORE_BASELINE.value, _("a target before the baseline")),
    (Check.TARGET_EQUALS_BASELINE.value, _("the target is the baseline")),
    (Check.TARGETS_AGAINST_COMPARATOR.value, _("targets lead the wrong way")),
]

ADVICE: Words = {
    Check.ABSURD: _("Correct the figure, or state that it is missing."),
    Check.OUT_OF_RANGE: _("Correct the figure, or the limits of the indicator in the catalogue."),
    Check.UNIT_SLIP: _("Compare it with the original table, and correct the figure or its unit."),
    Check.OUTLIER: _("Compare it with the original table; if it is right, acknowledge it and say why."),
    Check.JUMP: _(
        "Compare it with the original table. Where the method or the borders changed, declare a break in the "
        "series."
    ),
    Check.SINGLE_POINT: _("Upload the figures of other years."),
    Check.PARTS_OF_WHOLE: _("Find the figure that is wrong, or say which one counts somebody twice."),
    Check.CATEGORIES_OF_TOTAL: _("Find the category that is wrong or lacking."),
    Check.SOURCES_DIFFER: _("Ask both sources how they measure; say which figure is meant."),
    Check.NO_TARGETS: _("State the targets, or the act that withdrew them."),
    Check.BASELINE_MISSING: _("State the baseline and its year, or the targets as levels."),
    Check.ZERO_OR_NEGATIVE_BASELINE: _("State the targets as levels."),
    Check.BASELINE_AFTER_TARGETS: _("Correct the year of the baseline or of the targets."),
    Check.TARGET_BEFORE_BASELINE: _("Correct the year of the baseline or of the target."),
    Check.TARGET_EQUALS_BASELINE: _("If holding the level is what is promised, acknowledge it."),
    Check.TARGETS_AGAINST_COMPARATOR: _(
        "Correct the condition or the targets; if a limited decline is what is promised, acknowledge it."
    ),
}
