"""The programmes app's tables."""

from programmes.models.documents import Document, Goal, LegalAct, LoadedPackage, Programme, Qualifier
from programmes.models.evidence import Citation, Discrepancy, DiscrepancyStatement
from programmes.models.inquiries import FrozenFigure, Inquiry, Question
from programmes.models.jobs import ProgressChunk, ProgressRun, TouchedIndicator, TouchedKpi
from programmes.models.kpis import Kpi, Target
from programmes.models.measures import ALONE, APART, Benchmark, Funding, Measure
from programmes.models.progress import (
    RESULTS,
    Forecast,
    GroupProgress,
    GroupStanding,
    KpiRollup,
    Progress,
    ProgressDigest,
    Standing,
)
from programmes.models.quality import QualityFinding
from programmes.models.rules import Rule, RuleParameter

__all__ = [
    "ALONE",
    "APART",
    "RESULTS",
    "Benchmark",
    "Citation",
    "Discrepancy",
    "DiscrepancyStatement",
    "Document",
    "Forecast",
    "FrozenFigure",
    "Funding",
    "Goal",
    "GroupProgress",
    "GroupStanding",
    "Inquiry",
    "Kpi",
    "KpiRollup",
    "LegalAct",
    "LoadedPackage",
    "Measure",
    "Programme",
    "Progress",
    "ProgressChunk",
    "ProgressDigest",
    "ProgressRun",
    "Qualifier",
    "QualityFinding",
    "Question",
    "Rule",
    "RuleParameter",
    "Standing",
    "Target",
    "TouchedIndicator",
    "TouchedKpi",
]
