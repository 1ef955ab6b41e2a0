"""Quality of figures: tables of figures in, findings out, no database.

docs/data-quality.md states every rule, its tolerance and its reason.
"""

import pandas as pd

from indicators.quality.codes import Check
from indicators.quality.figures import of_figures
from indicators.quality.inputs import FINDINGS, Figures, together, typed
from indicators.quality.sources import of_sources
from indicators.quality.sums import of_sums

__all__ = ["FINDINGS", "Check", "Figures", "check_figures"]


def check_figures(inputs: Figures) -> pd.DataFrame:
    """Everything that is found of figures, with the columns `FINDINGS`. No input raises."""
    known = typed(inputs)
    return together(each(known) for each in (of_figures, of_sums, of_sources))
