"""What a deputy has to know of a place or a body: what slipped since a day, what is late, who answers."""

from programmes.briefing.sheets import (
    Answerer,
    Briefing,
    LateMeasure,
    LateReport,
    Listing,
    Move,
    Scope,
    Shown,
)
from programmes.briefing.writing import briefing

__all__ = [
    "Answerer",
    "Briefing",
    "LateMeasure",
    "LateReport",
    "Listing",
    "Move",
    "Scope",
    "Shown",
    "briefing",
]
