"""What the portal keeps for its readers."""

from portal.models.changes import NotedStanding, StandingChange
from portal.models.hooks import Delivery, Hook, UntoldChange
from portal.models.jobs import JobTally
from portal.models.public import PublicChange
from portal.models.search import SearchBuild, SearchEntry, SearchWord
from portal.models.subscriptions import Subscription

__all__ = [
    "Delivery", "Hook", "JobTally", "NotedStanding", "PublicChange", "SearchBuild", "SearchEntry",
    "SearchWord", "StandingChange", "Subscription", "UntoldChange",
]  # fmt: skip
