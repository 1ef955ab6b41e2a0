"""What the portal keeps for its readers."""

from portal.models.search import SearchBuild, SearchEntry, SearchWord

__all__ = ["SearchBuild", "SearchEntry", "SearchWord"]
