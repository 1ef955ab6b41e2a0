"""What would have to be known or done, for every reason why a fact cannot be computed."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programmes.codes import Reason

CURES: Mapping[Reason, Promise | str] = {
    Reason.BASELINE_MISSING: _("The baseline, stated by a document or an act, or a figure of its year."),
    Reason.BASELINE_SATISFIES_TARGET: _(
        "Nothing: the promise is not to lose what has been reached; verdict and course say enough."
    ),
    Reason.TARGET_EQUALS_BASELINE: _("Nothing: there is no way to cover; verdict and course say enough."),
    Reason.ZERO_DENOMINATOR: _("Nothing: by zero nothing can be divided; the verdict says enough."),
    Reason.NEGATIVE_FIGURE: _("A target as a level: shares of negative figures have no meaning."),
    Reason.NO_OBSERVATION: _("The figure of %(year)s, published."),
    Reason.NO_TARGET: _("A target to compare with, set by an act."),
    Reason.NOT_DUE: _("The end of %(year)s: a target falls due when its year has ended."),
    Reason.AT_BASELINE: _("A figure of a year after %(baseline_year)s, the baseline's own."),
    Reason.BEFORE_BASELINE: _(
        "A figure of a year after %(baseline_year)s: this one is older than the promise."
    ),
    Reason.AFTER_LAST_TARGET: _("A new target, for %(year)s or later."),
    Reason.NO_PATH: _("The baseline's year, or another path: a geometric one cannot pass through zero."),
    Reason.NOT_A_QUANTITY: _(
        "Nothing: a corridor, or a yes or no, has no parts of a way; the verdict says enough once it is due."
    ),
    Reason.OUT_OF_RANGE: _("Figures in a sensible unit."),
    Reason.STALE: _("A newer figure: the KPI allows for %(tolerance)s months."),
    Reason.PART_OF_YEAR: _("The rest of the year: %(months)s of 12 months are known."),
    Reason.INCOMPARABLE_SERIES: _("A figure or a baseline from the same side of the break in the series."),
    Reason.TOO_FEW_OBSERVATIONS: _("Figures of more years: at least four whole ones that can be compared."),
    Reason.INCOMPLETE_GROUP: _("Figures of more members: %(members)s of %(members_total)s have one."),
    Reason.NOT_ADDITIVE: _("A figure published for the group as a whole."),
}


def cure_of(reason: str, figures: Mapping[str, object]) -> str:
    """The cure in words, with the row's own figures; empty where there is no reason."""
    return str(CURES[Reason(reason)]) % figures if reason else ""
