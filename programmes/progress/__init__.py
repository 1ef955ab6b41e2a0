"""The arithmetic of progress: values in, results out, no database (docs/progress.md explains the method)."""

from programmes.progress.computing import Results, compute
from programmes.progress.inputs import METHOD, Inputs

__all__ = ["METHOD", "Inputs", "Results", "compute"]
