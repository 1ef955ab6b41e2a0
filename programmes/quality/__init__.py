"""Quality of what is published: tables of figures and promises in, findings out, no database.

docs/data-quality.md states every rule, its tolerance and its reason.
"""

import pandas as pd

from programmes.quality.codes import Check
from programmes.quality.figures import of_figures
from programmes.quality.inputs import FINDINGS, Inputs, together, typed
from programmes.quality.promises import of_promises, of_single_points
from programmes.quality.sources import of_sources
from programmes.quality.sums import of_sums

__all__ = ["FINDINGS", "Check", "Inputs", "check"]


def check(inputs: Inputs) -> pd.DataFrame:
    """Everything that is found, with the columns `FINDINGS`. No input raises."""
    checks = (of_figures, of_sums, of_sources, of_single_points, of_promises)
    known = typed(inputs)
    return together(each(known) for each in checks)
