"""Recomputes everything in parts, by any number of workers, and swaps the results in when all are done."""

import datetime as dt
import logging
import time
from collections.abc import Iterator

from django.db import OperationalError, connection, transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.changes import note_change
from common.clock import database_now
from programmes.models import RESULTS, Kpi, ProgressChunk, ProgressRun
from programmes.services import swapping
from programmes.services.alarming import tell_administrators
from programmes.services.recomputing import lock, write_results

logger = logging.getLogger(__name__)

TABLES = [model._meta.db_table for model in RESULTS]
PLACES_IN_A_CHUNK = 5_000
"""Pairs of KPI and territory: with twenty years each, the arithmetic's own block."""
ATTEMPTS = 3
SILENCE = dt.timedelta(seconds=8)
"""After so long without a step, the sweep sets a run going again."""
State = ProgressRun.State

PLACES = """
SELECT kpi.id, count(member.id) FROM programmes_kpi kpi
LEFT JOIN cities_groupmembership member ON member.group_id = kpi.group_id GROUP BY kpi.id ORDER BY kpi.id
"""

# Whatever was recomputed by itself since its part of the run was computed is newer, and is kept.
NEWER = """
SELECT DISTINCT live.kpi_id FROM programmes_standing live
LEFT JOIN programmes_standing_next staged USING (kpi_id, territory_id)
WHERE live.computed_at > coalesce(staged.computed_at, %s)
"""


DELETED = """
SELECT DISTINCT kpi_id FROM programmes_standing_next WHERE kpi_id NOT IN (SELECT id FROM programmes_kpi)
"""


class RunInProgressError(Exception):
    """Everything is being recomputed already."""


DIFFERENT = """
SELECT kpi_id FROM programmes_progressdigest live
FULL JOIN programmes_progressdigest_next staged USING (kpi_id)
WHERE live.digest IS DISTINCT FROM staged.digest
"""


def start_run(user: User | None = None, today: dt.date | None = None) -> ProgressRun:
    """Begins a recomputation: its parts wait to be worked on. Raises `RunInProgressError`."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # two who start at once: the second finds the first's run
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('programmes.start_run'))")
        if ProgressRun.objects.filter(state=State.RUNNING).exists():
            raise RunInProgressError
        swapping.stage(TABLES)
        run = ProgressRun.objects.create(started_by=user, today=today or timezone.localdate())
        run.started_at = run.moved_at = database_now()
        chunks = [ProgressChunk(run=run, kpis=kpis) for kpis in _chunks()]
        ProgressChunk.objects.bulk_create(chunks)
        run.kpis = sum(len(chunk.kpis) for chunk in chunks)
        run.save()
    return run


def _chunks() -> Iterator[list[int]]:
    """All KPIs in parts, the last ones smaller, so that no worker is long alone at the end."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES)
        rows = [(kpi, max(members, 1)) for kpi, members in cursor.fetchall()]
    left = sum(places for _kpi, places in rows)
    kpis: list[int] = []
    filled = 0
    for kpi, places in rows:
        if kpis and filled + places > min(PLACES_IN_A_CHUNK, max(PLACES_IN_A_CHUNK, left) // 2):
            yield kpis
            left -= filled
            kpis, filled = [], 0
        kpis.append(kpi)
        filled += places
    if kpis:
        yield kpis


def work_on(run_id: int) -> bool:
    """Computes one waiting part of the run, or finishes it; returns whether the caller should come again."""
    chunk = _claim(run_id)
    if chunk is None:
        return _finish(run_id)
    began = time.monotonic()
    try:
        with transaction.atomic():
            # Locked while it is computed: nobody else takes it, and a worker that dies leaves it free.
            held = ProgressChunk.objects.filter(pk=chunk.pk, state=ProgressChunk.State.WAITING)
            if held.select_for_update(skip_locked=True).first() is None:
                return True
            chunk.rows = write_results(lock(chunk.kpis), chunk.run.today, swapping.SUFFIX)
            chunk.state, chunk.seconds = ProgressChunk.State.DONE, time.monotonic() - began
            chunk.save()
    except Exception as error:
        _note_failure(chunk, error)
    ProgressRun.objects.filter(pk=run_id).update(moved_at=Now())
    return True


def _claim(run_id: int) -> ProgressChunk | None:
    """A waiting part of the run that nobody works on, with one more attempt counted."""
    with transaction.atomic():
        waiting = ProgressChunk.objects.filter(
            run=run_id, run__state=State.RUNNING, state=ProgressChunk.State.WAITING
        )
        chunk = (
            waiting.select_related("run")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("attempts", "pk")
            .first()
        )
        if chunk is not None:
            chunk.attempts += 1
            chunk.save(update_fields=["attempts"])
    return chunk


def _note_failure(chunk: ProgressChunk, error: Exception) -> None:
    """Keeps the error; after the last attempt the run has failed, and administrators are told."""
    if not ProgressRun.objects.filter(pk=chunk.run_id, state=State.RUNNING).exists():
        return  # cancelled meanwhile: its tables are gone
    logger.exception("Part %s of recomputation %s failed", chunk.pk, chunk.run_id)
    ProgressChunk.objects.filter(pk=chunk.pk).update(error=repr(error))
    if chunk.attempts >= ATTEMPTS:
        ProgressChunk.objects.filter(pk=chunk.pk).update(state=ProgressChunk.State.FAILED)
        if _stop(chunk.run_id, State.FAILED, repr(error)):
            tell_administrators(_("everything"), repr(error))


def cancel_run(run_id: int) -> bool:
    """Stops the run; what readers see stays as it was. Returns whether it was running."""
    return _stop(run_id, State.CANCELLED)


def _stop(run_id: int, state: ProgressRun.State, error: str = "") -> bool:
    running = ProgressRun.objects.filter(pk=run_id, state=State.RUNNING)
    if not running.update(state=state, finished_at=timezone.now(), error=error):
        return False
    swapping.discard(TABLES)
    return True


def _finish(run_id: int) -> bool:
    """Swaps the results in once all parts are done; returns whether that should be tried again."""
    try:
        with transaction.atomic():
            if _all_done(run_id) is None:
                return False
            swapping.build_indexes(TABLES)
        with transaction.atomic():
            if (run := _all_done(run_id)) is None:
                return False
            swapping.lock_all(TABLES)
            _keep_what_is_newer(run)
            _note_exchange()
            swapping.swap(TABLES)
            run.rows = run.chunks.aggregate(rows=Sum("rows"))["rows"] or 0
            run.state, run.finished_at = State.DONE, timezone.now()
            run.save()
    except OperationalError:  # readers held the tables for too long
        logger.warning("The results of recomputation %s could not be swapped in yet", run_id)
        return True
    swapping.analyse(TABLES)
    return False


def _all_done(run_id: int) -> ProgressRun | None:
    """The run, locked, if it runs and no part of it is waiting."""
    run = ProgressRun.objects.select_for_update().filter(pk=run_id, state=State.RUNNING).first()
    if run is None or run.chunks.filter(state=ProgressChunk.State.WAITING).exists():
        return None
    return run


def _keep_what_is_newer(run: ProgressRun) -> None:
    """Takes into the staged tables what was recomputed by itself meanwhile, and out what has been deleted."""
    with connection.cursor() as cursor:
        cursor.execute(NEWER, [run.started_at])
        newer = [row[0] for row in cursor.fetchall()]
        cursor.execute(DELETED)
        deleted = [row[0] for row in cursor.fetchall()]
        for table in TABLES:
            staged = f"{table}{swapping.SUFFIX}"
            removing = f"DELETE FROM {staged} WHERE kpi_id = ANY(%s)"  # noqa: S608 - our own tables
            if newer or deleted:
                cursor.execute(removing, [newer + deleted])
            taking = f"INSERT INTO {staged} SELECT * FROM {table} WHERE kpi_id = ANY(%s)"  # noqa: S608
            cursor.execute(taking, [newer])


def _note_exchange() -> None:
    """Tells clients that follow the results: of progress those that are others, of standings all, since each
    says when it was computed. Asked before the exchange."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT)
        note_change("progress", [row[0] for row in cursor.fetchall()])
    note_change("standings", list(Kpi.objects.values_list("pk", flat=True)))


def recompute_everything(today: dt.date | None = None) -> ProgressRun:
    """Recomputes all KPIs here and now; a run that was left unfinished is finished instead."""
    run = ProgressRun.objects.filter(state=State.RUNNING).first() or start_run(today=today)
    while work_on(run.pk):
        pass
    run.refresh_from_db()
    return run


def silent_runs() -> list[int]:
    """Runs that nobody has moved on for a while: their messages were lost or their workers died."""
    silent = ProgressRun.objects.filter(state=State.RUNNING, moved_at__lt=Now() - SILENCE)
    return list(silent.values_list("pk", flat=True))
