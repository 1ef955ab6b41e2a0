"""Findings of data quality as sentences in the reader's language."""

import math
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from indicators.models import Dimension
from indicators.quality.inputs import HUGE, TINY, YEAR
from indicators.writing import NO_BREAK_SPACE, as_power, ended, written
from programmes.labels_quality import ADVICE
from programmes.models import QualityFinding
from programmes.quality import Check

DIGITS, FEW_DIGITS = 6, 3
"""Published figures are written with no more digits than the first, usual ranges than the second, unless
they are whole."""


def subject_of(finding: QualityFinding) -> str:
    """What the finding is about: place, indicator with its breakdown, period; or programme and promise."""
    period = str(finding.period or "")
    if finding.kpi is not None:
        programme = finding.kpi.programme.short_name
        return ", ".join(part for part in (programme, f"{finding.kpi.code} {finding.kpi.name}") if part)
    series = finding.series
    if series is None:
        return ""
    label = series.breakdown.label if series.breakdown.code else ""
    if finding.rule == Check.CATEGORIES_OF_TOTAL:
        label = ""
    parts = (finding.territory.name, series.indicator.name, label, period)
    return ", ".join(part for part in parts if part)


def sentence(finding: QualityFinding, dimensions: Mapping[str, Dimension]) -> str:
    """What is doubtful, with its figures. Dimensions are given by code."""
    say = SENTENCES[Check(finding.rule)]
    symbol = finding.series.indicator.unit.symbol if finding.series else _symbol(finding)
    numbers = {name: _plain(getattr(finding, name)) for name in ("value", "compared")}
    ranges = {name: _plain(getattr(finding, name), FEW_DIGITS) for name in ("low", "high", "number")}
    dimension = dimensions.get(finding.subject)
    said = say(finding) % {
        **numbers,
        **ranges,
        "unit": f"{NO_BREAK_SPACE}{symbol}" if symbol else "",
        "source": finding.series.source.name if finding.series else "",
        "other": finding.other.source.name if finding.other else "",
        "dimension": dimension.name if dimension else finding.subject,
        "what": _what(finding),
        "period": str(finding.period or ""),
        "year": int(finding.number // YEAR) if finding.number else "",
        "neighbours": _neighbours(finding),
    }
    return ended(said)


def advice(finding: QualityFinding) -> str:
    """What to do about it."""
    return str(ADVICE[Check(finding.rule)])


def _symbol(finding: QualityFinding) -> str:
    """The unit of a promise; none where its targets are not expressed in it."""
    kpi = finding.kpi
    return kpi.indicator.unit.symbol if kpi is not None and kpi.form == kpi.Form.LEVEL else ""


def _plain(value: float | None, digits: int = DIGITS) -> str:
    """The number with at most so many digits; the absurd as a power of ten."""
    if value is None:
        return ""
    size = abs(value)
    if size and (size > HUGE or size < TINY):
        return as_power(value, digits)
    whole = math.floor(math.log10(size)) + 1 if size else 1
    return written(value, max(0, digits - whole))


def _what(finding: QualityFinding) -> str:
    """The figure of a promise that is meant."""
    return {
        "baseline": _("the baseline"),
        "target": _("the target of %(period)s") % {"period": finding.period},
    }.get(finding.subject, _("the figure"))


def _neighbours(finding: QualityFinding) -> str:
    """The figures before and after, as far as they are there."""
    known = [_plain(each) for each in (finding.low, finding.high) if each is not None]
    return _(" and ").join(known)


def _slip(finding: QualityFinding) -> str:
    is_high = (finding.value or 0) > (finding.compared or 0)
    if finding.number != 10:
        if is_high:
            return _(
                "%(value)s%(unit)s is about %(number)s times the neighbouring %(neighbours)s: another unit?"
            )
        return _("The neighbouring %(neighbours)s is about %(number)s times %(value)s%(unit)s: another unit?")
    if is_high:
        return _(
            "%(value)s%(unit)s is about 10 times the neighbouring %(neighbours)s: a slip of the decimal "
            "point?"
        )
    return _(
        "%(value)s%(unit)s is about a tenth of the neighbouring %(neighbours)s: a slip of the decimal point?"
    )


def _against(finding: QualityFinding) -> str:
    is_from_baseline = finding.subject == "baseline"
    if (finding.value or 0) < (finding.compared or 0):
        if is_from_baseline:
            return _(
                "The figure must be at least its target, but the last one, %(value)s%(unit)s, is below the "
                "baseline of %(compared)s."
            )
        return _(
            "The figure must be at least its target, but the targets fall from %(compared)s to "
            "%(value)s%(unit)s"
        )
    if is_from_baseline:
        return _(
            "The figure must be at most its target, but the last one, %(value)s%(unit)s, is above the "
            "baseline of %(compared)s."
        )
    return _(
        "The figure must be at most its target, but the targets rise from %(compared)s to %(value)s%(unit)s"
    )


def _range(finding: QualityFinding) -> str:
    if finding.kpi is None:
        return _("%(value)s%(unit)s cannot be: the limit is %(compared)s.")
    return _("%(what)s, %(value)s%(unit)s, cannot be: the limit is %(compared)s.")


SENTENCES: Mapping[Check, Callable[[QualityFinding], str]] = {
    Check.ABSURD: lambda _finding: _("%(what)s is %(value)s: no quantity in use is so large or so small."),
    Check.OUT_OF_RANGE: _range,
    Check.UNIT_SLIP: _slip,
    Check.OUTLIER: lambda _finding: _(
        "%(value)s%(unit)s stands alone: the other figures lie about %(compared)s, between %(low)s and "
        "%(high)s."
    ),
    Check.JUMP: lambda _finding: _(
        "%(value)s%(unit)s after %(compared)s a year before; it usually changes by about %(number)s."
    ),
    Check.SINGLE_POINT: lambda _finding: _(
        "%(value)s%(unit)s is the only figure (%(source)s): no change can be seen."
    ),
    Check.PARTS_OF_WHOLE: lambda _finding: _(
        "%(value)s%(unit)s for the whole, but its %(number)s parts add up to %(compared)s (%(source)s)."
    ),
    Check.CATEGORIES_OF_TOTAL: lambda _finding: _(
        "The %(number)s categories of “%(dimension)s” add up to %(compared)s, not to %(value)s%(unit)s "
        "(%(source)s)."
    ),
    Check.SOURCES_DIFFER: lambda _finding: _("%(source)s: %(value)s%(unit)s; %(other)s: %(compared)s."),
    Check.NO_TARGETS: lambda _finding: _("No target is in force."),
    Check.BASELINE_MISSING: lambda _finding: _(
        "The targets count from a baseline, but it or its year is not stated."
    ),
    Check.ZERO_OR_NEGATIVE_BASELINE: lambda _finding: _(
        "The targets are shares of the baseline, or the path grows by a rate, but the baseline is "
        "%(value)s%(unit)s"
    ),
    Check.BASELINE_AFTER_TARGETS: lambda _finding: _(
        "The baseline is of %(period)s, the last target of %(year)s."
    ),
    Check.TARGET_BEFORE_BASELINE: lambda _finding: _(
        "A target is due in %(year)s, before the baseline of %(period)s."
    ),
    Check.TARGET_EQUALS_BASELINE: lambda _finding: _(
        "The last target equals the baseline, %(compared)s%(unit)s: there is no way to go."
    ),
    Check.TARGETS_AGAINST_COMPARATOR: _against,
}
"""What each check says."""
