"""What is asked of a typist whose figure is doubtful, in the reader's language."""

import math
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from indicators.quality import Check
from indicators.services.warning import Warning
from indicators.writing import NO_BREAK_SPACE, written

DIGITS = 6
"""Figures in questions have no more digits than these, unless they are whole."""

TEXTS: Mapping[Check, Promise | str] = {
    Check.ABSURD: _("No figure in use has this size. Look at it once more."),
    Check.OUT_OF_RANGE: _("Outside the possible range."),
    Check.UNIT_SLIP: _(
        "About %(number)s times more, or less, than the figures beside it (%(compared)s). Is the unit right?"
    ),
    Check.OUTLIER: _("Far from its other figures, which lie between %(low)s and %(high)s. Is it right?"),
    Check.JUMP: _("A sudden change: before it was %(compared)s. What happened?"),
    Check.PARTS_OF_WHOLE: _("The parts make %(compared)s together, not %(value)s."),
    Check.CATEGORIES_OF_TOTAL: _("The categories make %(compared)s together, not %(value)s."),
    Check.SOURCES_DIFFER: _("A more official source says %(compared)s. Why does yours differ?"),
}


def warning_text(warning: Warning, indicator: Indicator) -> str:
    """The question, with figures in the indicator's unit."""
    params = {
        name: _plain(float(value)) for name, value in warning.params.items() if isinstance(value, float)
    }
    symbol = indicator.unit.symbol
    with_unit = {
        name: f"{text}{NO_BREAK_SPACE}{symbol}" if symbol and name != "number" else text
        for name, text in params.items()
    }
    return str(TEXTS[warning.check]) % with_unit


def _plain(value: float) -> str:
    if not math.isfinite(value):
        return "—"
    whole = math.floor(math.log10(abs(value))) + 1 if value else 1
    return written(value, max(0, DIGITS - whole))
