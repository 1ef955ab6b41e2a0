"""What people do in the demonstration, and what is counted afterwards; each in a process on a host.

python -m deploy.demonstration.hand kpis ROWS | table PATH ROWS FIRST_YEAR
    python -m deploy.demonstration.hand work PATH | from_scratch | facts
"""

import csv
import hashlib
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.files import File  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.services.verifying import verify_audit  # noqa: E402
from benchmarks.progress import fill  # noqa: E402
from cities.models import Territory  # noqa: E402
from indicators.models import Indicator, Observation, ObservationRevision, Source, Upload  # noqa: E402
from indicators.services.uploading import receive_upload  # noqa: E402
from indicators.tasks import process  # noqa: E402
from programmes.models import ProgressDigest, ProgressRun  # noqa: E402
from programmes.services import running  # noqa: E402
from programmes.tasks import set_going  # noqa: E402

YEARS = 20


def kpis(rows: str) -> None:
    """Makes up KPIs with so many rows of progress, and computes them once."""
    fill(int(rows))
    running.recompute_everything()


def table(path: str, rows: str, first_year: str) -> None:
    """Writes a table of made-up figures, each key once: as many as an oblast sends."""
    codes = Indicator.objects.filter(kpis=None, bureau_where={}, minimum=0, maximum=None)
    years = range(int(first_year), int(first_year) + YEARS)
    places = Territory.objects.order_by("pk").values_list("code", flat=True)
    keys = itertools.product(codes.order_by("pk").values_list("code", flat=True), places, years)
    with Path(path).open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"])
        for number, key in enumerate(itertools.islice(keys, int(rows))):
            writer.writerow([*key, f"{number % 997}.{number % 10}"])


def work(path: str) -> None:
    """An analyst sends the file in, to be published without another look; as soon as it is being published,
    an administrator has everything recomputed."""
    user, source = User.objects.get(email="analyst@bagdar.example"), Source.objects.get(code="bureau")
    with Path(path).open("rb") as file, transaction.atomic():
        sent = File(file, Path(path).name)
        upload = receive_upload(file=sent, user=user, source=source, confirms_itself=True)
        transaction.on_commit(lambda: process(upload))
    while upload.state != Upload.State.CONFIRMED:
        time.sleep(0.1)
        upload.refresh_from_db()
    run = running.start_run()
    set_going(run.pk)
    say([upload.pk, run.pk])


def from_scratch() -> None:
    """Everything once more, here and alone."""
    running.recompute_everything()
    say(digest())


def facts() -> None:
    """What must be neither lost nor doubled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM indicators_observationrevision "
            "GROUP BY series_id, period_start, upload_id, value HAVING count(*) > 1) doubled"
        )
        [doubled] = cursor.fetchone()
    say(
        {
            "observations": Observation.objects.count(),
            "revisions": ObservationRevision.objects.count(),
            "doubled": doubled,
            "uploads": dict(Upload.objects.order_by("pk").values_list("pk", "state")),
            "published": sum(sum(u.counts.get("published", {}).values()) for u in Upload.objects.all()),
            "runs": dict(ProgressRun.objects.order_by("pk").values_list("pk", "state")),
            "progress": digest(),
            "audit": verify_audit().fault is None,
        }
    )


def digest() -> str:
    """Of the progress of all KPIs, which is the same for equal progress."""
    rows = sorted(ProgressDigest.objects.values_list("kpi_id", "digest"))
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def say(found: object) -> None:
    """One line for the demonstration."""
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    acts: dict[str, Callable[..., None]] = {
        "kpis": kpis, "table": table, "work": work, "from_scratch": from_scratch,
        "facts": facts,
    }  # fmt: skip
    acts[sys.argv[1]](*sys.argv[2:])
