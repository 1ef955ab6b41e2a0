"""The programmes app's tables."""

from programmes.models.documents import Document, Goal, LegalAct, LoadedPackage, Programme, Qualifier
from programmes.models.evidence import Citation, Discrepancy, DiscrepancyStatement
from programmes.models.kpis import Kpi, Target
from programmes.models.measures import Benchmark, Funding, Measure
from programmes.models.progress import Progress, ProgressRun, Standing
from programmes.models.rules import Inquiry, Question, Rule, RuleParameter

__all__ = [
    "Benchmark",
    "Citation",
    "Discrepancy",
    "DiscrepancyStatement",
    "Document",
    "Funding",
    "Goal",
    "Inquiry",
    "Kpi",
    "LegalAct",
    "LoadedPackage",
    "Measure",
    "Programme",
    "Progress",
    "ProgressRun",
    "Qualifier",
    "Question",
    "Rule",
    "RuleParameter",
    "Standing",
    "Target",
]
