"""The jobs that people wait for: what is under way, and what has failed lately."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.models import ObservationRevision, Upload
from indicators.services.uploading import GIVEN_UP
from papers.models import Paper
from portal.models import Hook
from portal.services.snapshots import NAME, snapshots
from programmes.models import ProgressRun

LATELY = dt.timedelta(days=7)


@dataclass(frozen=True)
class Work:
    """Jobs of a kind: how many are under way, how many failed in a week, and when one last succeeded."""

    label: str | Promise
    under_way: int
    failed: int
    last_done: dt.datetime | None


def work() -> list[Work]:
    """Of each kind, also where there is none."""
    since = timezone.now() - LATELY
    kinds = [
        (_("Uploads"), Upload.objects.all(), Q(state__in=list(GIVEN_UP)), "changed_at", "applied_at"),
        (
            _("Recomputations of everything"), ProgressRun.objects.all(), Q(state="running"), "finished_at",
            "finished_at",
        ),
        (_("Papers"), Paper.objects.all(), Q(state__in=["queued", "working"]), "changed_at", "finished_at"),
    ]  # fmt: skip
    found = []
    for label, rows, under_way, failed_at, done_at in kinds:
        done = Max(done_at, filter=~Q(state="failed"))
        failed = Count("pk", filter=Q(state="failed", **{f"{failed_at}__gte": since}))
        facts = rows.order_by().aggregate(
            under_way=Count("pk", filter=under_way), failed=failed, last_done=done
        )
        found.append(Work(label, **facts))
    hooks = Hook.objects.aggregate(
        under_way=Count("pk", filter=Q(failures__gt=0, disabled_at=None)),
        failed=Count("pk", filter=Q(disabled_at__isnull=False)),
    )
    return [*found, Work(_("Webhooks that fail; disabled ones"), **hooks, last_done=None)]


@dataclass(frozen=True)
class Snapshot:
    """The newest bulk snapshot, and how many are kept."""

    made_at: dt.datetime
    bytes: int
    kept: int


def newest_snapshot() -> Snapshot | None:
    """None before the first night."""
    folders = snapshots()
    if not folders:
        return None
    made_at = dt.datetime.strptime(folders[0].name, NAME).replace(tzinfo=dt.UTC)
    return Snapshot(made_at, _size(folders[0]), len(folders))


def last_publication() -> dt.datetime | None:
    """When a figure was last published; None where there is none."""
    newest = ObservationRevision.objects.order_by("-pk").values_list("recorded_at", flat=True)
    return newest.first()


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
