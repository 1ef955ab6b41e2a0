"""Quality of what is published: tables of figures and promises in, findings out, no database.

docs/data-quality.md states every rule, its tolerance and its reason.
"""

from programmes.quality.codes import Check
from programmes.quality.inputs import FINDINGS, Inputs

__all__ = ["FINDINGS", "Check", "Inputs"]
