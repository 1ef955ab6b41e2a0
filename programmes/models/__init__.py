"""The programmes app's tables."""

from programmes.models.documents import Document, Goal, LegalAct, LoadedPackage, Programme
from programmes.models.evidence import Citation, Discrepancy, DiscrepancyStatement
from programmes.models.kpis import Kpi, Target
from programmes.models.measures import Benchmark, Funding, Measure
from programmes.models.progress import Progress, ProgressRun, Standing

__all__ = [
    "Benchmark",
    "Citation",
    "Discrepancy",
    "DiscrepancyStatement",
    "Document",
    "Funding",
    "Goal",
    "Kpi",
    "LegalAct",
    "LoadedPackage",
    "Measure",
    "Programme",
    "Progress",
    "ProgressRun",
    "Standing",
    "Target",
]
