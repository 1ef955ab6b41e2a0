"""A KPI's chart: figures in, coordinates out (docs/decisions/0006-charts.md).

Pure geometry without Django. The template `programmes/chart.svg` draws what is computed here; texts come in
as the reader's language writes them.
"""

from programmes.charts.figures import Benchmark, Figures, Mark
from programmes.charts.geometry import NARROW, WIDE, Chart, Size, Words, draw

__all__ = ["NARROW", "WIDE", "Benchmark", "Chart", "Figures", "Mark", "Size", "Words", "draw"]
