"""Quality of what is published: tables of figures and promises in, findings out, no database.

docs/data-quality.md states every rule, its tolerance and its reason.
"""

import pandas as pd

from indicators.quality import FINDINGS, check_figures
from indicators.quality.inputs import together, typed
from programmes.quality.codes import Check
from programmes.quality.inputs import Inputs
from programmes.quality.promises import of_promises, of_single_points

__all__ = ["FINDINGS", "Check", "Inputs", "check"]


def check(inputs: Inputs) -> pd.DataFrame:
    """Everything that is found, with the columns `FINDINGS`. No input raises."""
    known = typed(inputs)
    return together(each(known) for each in (check_figures, of_single_points, of_promises))
