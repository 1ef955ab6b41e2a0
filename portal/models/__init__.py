"""What the portal keeps for its readers."""

from portal.models.changes import NotedStanding, StandingChange
from portal.models.search import SearchBuild, SearchEntry, SearchWord

__all__ = ["NotedStanding", "SearchBuild", "SearchEntry", "SearchWord", "StandingChange"]
