"""What is kept how long, under one roof (docs/retention.md): each rule forgets what has outlived its days."""

import datetime as dt
import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import KeptAnswer
from accounts.services.guessing import forget_failures
from accounts.services.repeating import KEPT_FOR
from common.changes import prune_changes
from indicators.models import Notice, StagedFigure, Upload
from portal.services.hooking import prune_log
from portal.services.snapshots import remove_old_snapshots
from portal.services.subscribing import forget_unconfirmed

logger = logging.getLogger(__name__)

OVER = (Upload.State.APPLIED, Upload.State.REVERTED, Upload.State.FAILED)
Rule = Callable[[dt.datetime], int]
"""Forgets what is older than the moment; returns how many rows or files."""


class PruningError(Exception):
    """Some rules could not be followed; the others were. Names them."""


def prune(now: dt.datetime) -> dict[str, int]:
    """Follows every rule, each by itself; returns how much each forgot. Raises `PruningError`.

    What is to be kept 0 days is kept for ever.
    """
    forgotten, failed = {}, []
    for name, rule in RULES.items():
        days = settings.KEPT_DAYS.get(name)
        if days == 0:
            continue
        try:
            forgotten[name] = rule(now - dt.timedelta(days=days or 0))
        except Exception:
            logger.exception("What is kept too long of %s could not be forgotten", name)
            failed.append(name)
    logger.info("Forgotten: %s", forgotten)
    if failed:
        raise PruningError(", ".join(failed))
    return forgotten


def _staged_figures(before: dt.datetime) -> int:
    """The cells of uploads that are over, an upload at a time; the files stay, and what was published."""
    cells = StagedFigure.objects.filter(upload=OuterRef("pk"))
    old = Upload.objects.filter(Exists(cells), state__in=OVER, changed_at__lt=before)
    return sum(
        StagedFigure.objects.filter(upload=pk)._raw_delete("default")
        for pk in old.order_by("pk").values_list("pk", flat=True)
    )


def _notices(before: dt.datetime) -> int:
    """Those that nobody has to be sent any more."""
    sent = Q(by_letter=False) | Q(mailed_at__isnull=False)
    return Notice.objects.filter(sent, created_at__lt=before).delete()[0]


def _sessions(_before: dt.datetime) -> int:
    """Those that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0


def _answers(before: dt.datetime) -> int:
    """Answers to requests with an idempotency key, which nobody may repeat any more."""
    return KeptAnswer.objects.filter(kept_at__lte=before - KEPT_FOR).delete()[0]


def _letters(before: dt.datetime) -> int:
    """Letters that lie in a folder because no mail server is set."""
    folder = Path(settings.EMAIL_FILE_PATH)
    old = [each for each in folder.glob("*.log") if each.stat().st_mtime < before.timestamp()]
    for letter in old:
        letter.unlink(missing_ok=True)
    return len(old)


def _changes(before: dt.datetime) -> int:
    with transaction.atomic():
        return prune_changes(before)


RULES: dict[str, Rule] = {
    "changes": _changes,
    "deliveries": prune_log,
    "idempotency_keys": _answers,
    "letters": _letters,
    "login_failures": lambda _before: forget_failures(),
    "notices": _notices,
    "sessions": _sessions,
    "snapshots": remove_old_snapshots,
    "staged_figures": _staged_figures,
    "unconfirmed_subscriptions": lambda _before: forget_unconfirmed(),
}
