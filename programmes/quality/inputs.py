"""What the quality of promises is judged by, besides figures."""

from dataclasses import dataclass

import pandas as pd

from indicators.quality.inputs import Figures


@dataclass(frozen=True)
class Inputs(Figures):
    """Published figures and promises.

    series also: serves (whether figures of years can be made of its).
    kpis: kpi, territory (its own, or its programme's), indicator, breakdown, comparator, form, path,
        baseline, baseline_start, baseline_end (first and last month), baseline_frequency, is_known (an
        actual of the baseline's year exists), minimum, maximum.
    places: kpi, territory: where a KPI is judged.
    targets: kpi, start, end (first and last month), frequency, value, value_max, is_additional, as
        the KPI's form expresses them.
    """

    kpis: pd.DataFrame
    places: pd.DataFrame
    targets: pd.DataFrame
