"""The folder `data/`: territories, the catalogue, figures and programmes as files, and their way in."""

from programmes.packages.loading import load
from programmes.packages.problems import PackageError
from programmes.packages.storing import Counts, Summary

__all__ = ["Counts", "PackageError", "Summary", "load"]
