"""A figure as it is typed, beside the few that came before: what a person is asked about at once."""

FACTOR = 2.0
"""More than twice, or less than half, of the figure before is asked about."""

FEW = 8
"""From so many figures on the rules for whole series say what is unusual (see `figures.POINTS`)."""


def is_sudden(value: float, before: float, digit: float, known: int) -> bool:
    """Whether the figure differs suddenly from the one before, in a series of so many known figures.

    Figures of fewer than ten units of the last digit may double in earnest.
    """
    if known >= FEW or before == 0 or max(abs(value), abs(before)) < 10 * digit:
        return False
    ratio = value / before
    return ratio > FACTOR or ratio < 1 / FACTOR
