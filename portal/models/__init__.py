"""What the portal keeps for its readers."""

from portal.models.changes import NotedStanding, StandingChange
from portal.models.public import PublicChange
from portal.models.search import SearchBuild, SearchEntry, SearchWord
from portal.models.subscriptions import Subscription

__all__ = [
    "NotedStanding", "PublicChange", "SearchBuild", "SearchEntry", "SearchWord", "StandingChange",
    "Subscription",
]  # fmt: skip
