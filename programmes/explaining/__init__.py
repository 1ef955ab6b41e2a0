"""A KPI's progress for readers: a plain sentence, and every number with its formula, figures and origins."""

from programmes.explaining.explanations import Explanation, explain, row_of
from programmes.explaining.facts import Row
from programmes.explaining.sentences import Place, stated

__all__ = ["Explanation", "Place", "Row", "explain", "row_of", "stated"]
