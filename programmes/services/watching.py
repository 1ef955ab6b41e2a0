"""How far a recomputation has come, how fast it goes and how long it will still take."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from programmes.models import ProgressChunk, ProgressRun


@dataclass(frozen=True)
class Watched:
    """A recomputation at this moment: parts and rows done, rows a second, and the time left at this rate."""

    run: ProgressRun
    parts: int
    parts_done: int
    rows: int
    took: dt.timedelta

    @property
    def share(self) -> float:
        """The part of the work that is done, 0 to 1."""
        return self.parts_done / self.parts if self.parts else 1.0

    @property
    def rate(self) -> float:
        """Rows a second."""
        seconds = self.took.total_seconds()
        return self.rows / seconds if seconds else 0.0

    @property
    def left(self) -> dt.timedelta | None:
        """The time that is left; unknown before the first part is done, none once the run has ended."""
        if self.run.state != ProgressRun.State.RUNNING or not self.parts_done:
            return None
        return self.took * (1 - self.share) / self.share


def watch(run: ProgressRun) -> Watched:
    """The run as it stands."""
    done = run.chunks.filter(state=ProgressChunk.State.DONE)
    return Watched(
        run,
        parts=run.chunks.count(),
        parts_done=done.count(),
        rows=done.aggregate(rows=Sum("rows"))["rows"] or 0,
        took=(run.finished_at or timezone.now()) - run.started_at,
    )
