"""Uploads when things die: workers, the broker, the database. Each step is finished exactly once.

A step is held in its middle by a lock on a table that it writes to, and is killed there.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

import psycopg2
import pytest
from celery import Celery

from deploy.embedded import paths
from deploy.embedded.servers import Servers
from portal.backups.database import programs
from tests.conftest import MIGRATED
from tests.connections import WAITING
from tests.deploy.conftest import ROOT
from tests.deploy.instances import url_of
from tests.deploy.test_servers import connect, query
from tests.patience import eventually

Process: TypeAlias = "subprocess.Popen[str]"
TABLE = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n"

HAND = """
import json, sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.db import connection, transaction
from accounts.models import Mandate, Organisation, User
from cities.models import Territory
from indicators.models import Breakdown, Indicator, Source, Unit, Upload
from indicators.services.reverting import revert_upload
from indicators.services.uploading import confirm_upload, receive_upload, unfinished_uploads
from indicators.tasks import process

def names(text):
    return {f"name_{code}": text for code in ("kk", "ru", "en")}

def set_up():
    country = Territory.objects.create(code="kazakhstan", level="country", **names("Kazakhstan"))
    unit = Unit.objects.create(code="PT", **names("per cent"))
    Indicator.objects.create(code="neet-share", unit=unit, frequency="A", aggregation="none", **names("NEET"))
    Source.objects.create(code="bureau", kind="bureau", **names("Bureau"))
    Breakdown.objects.get_or_create(code="")
    office = Organisation.objects.create(code="office", kind="statistics", **names("Office"))
    user = User.objects.create_user("analyst@bagdar.example")
    Mandate.objects.create(user=user, role="analyst", organisation=office, territory=country)

def sent(decide):
    with transaction.atomic():
        upload = decide()
        transaction.on_commit(lambda: process(upload))
    return upload.pk

def receive(text):
    file = ContentFile(text.encode(), name="table.csv")
    source = Source.objects.get(code="bureau")
    return sent(lambda: receive_upload(file=file, user=User.objects.get(), source=source))

def confirm(pk):
    return sent(lambda: confirm_upload(upload=Upload.objects.get(pk=pk), by=User.objects.get(), reason="x"))

def revert(pk):
    return sent(lambda: revert_upload(upload=Upload.objects.get(pk=pk), by=User.objects.get(), reason="x"))

def standing_still():
    return [upload.pk for upload in unfinished_uploads()]

for line in sys.stdin:
    name, *arguments = json.loads(line)
    connection.close()
    print(json.dumps(globals()[name](*arguments)), flush=True)
"""


class Portal:
    """The servers, and whoever works on them: a person's hand, workers, and a look at the tables."""

    def __init__(self, both: Servers, started: ExitStack) -> None:
        self.both, self.started = both, started
        self.env = both.environment() | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUTF8": "1"}
        self.url = self.env["DATABASE_URL"]
        self.hand = self.begin_hand()

    def run(self, *words: str, **kwargs: Any) -> Process:
        """A process of the portal; what is left of it at the end is killed."""
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.env, text=True, stderr=subprocess.DEVNULL, **kwargs
        )
        self.started.callback(_kill, process)
        return process

    def begin_hand(self) -> Process:
        """A process that does what it is told on its input."""
        return self.run("-c", HAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def do(self, *what: object) -> Any:
        """Has the hand do something, and waits for it."""
        _tell(self.hand, *what)
        assert self.hand.stdout is not None
        answer = self.hand.stdout.readline()
        assert answer, "the hand has died"
        return json.loads(answer)

    def begin_worker(self) -> Process:
        """A Celery worker with one process."""
        options = ["--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.run("-m", "celery", "-A", "config", "worker", *options, stdout=subprocess.DEVNULL)

    def sweep(self) -> None:
        """What beat does every few seconds, for work that has waited long enough."""
        self.ask("UPDATE indicators_upload SET changed_at = changed_at - interval '1 minute' RETURNING id")
        redis = self.env["REDIS_URL"].replace("unix://", "redis+socket://", 1)
        with Celery(broker=redis.replace("?db=", "?virtual_host="), set_as_current=False) as broker:
            broker.send_task("indicators.resume_uploads", queue="interactive", ignore_result=True)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        with query(self.url) as opened:
            opened.execute(question)
            return opened.fetchall()

    def state(self, pk: int) -> str:
        """The upload's state."""
        return str(self.ask(f"SELECT state FROM indicators_upload WHERE id = {pk}")[0][0])

    def wait_for(self, state: str, pk: int) -> None:
        """Waits until the upload is in the state."""
        eventually(lambda: self.state(pk) == state)

    def figures(self, year: int) -> tuple[list[tuple[Any, ...]], int]:
        """What is published for the year, and how many revisions there are of it."""
        where = f"WHERE period_start = '{year}-01-01'"
        values = self.ask(f"SELECT value::text, status FROM indicators_observation {where}")
        return values, self.ask(f"SELECT count(*) FROM indicators_observationrevision {where}")[0][0]

    @contextmanager
    def held(self, table: str) -> Iterator[Callable[[], bool]]:
        """Nobody writes to the table meanwhile; yields whether somebody waits to."""
        holder = connect(self.url)
        with holder.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield lambda: bool(self.ask(WAITING))
        with suppress(psycopg2.Error):  # the server was stopped under it
            holder.rollback()
        holder.close()

    def kill_in_the_middle(self, worker: Process, table: str, begin: Callable[[], Any]) -> None:
        """Begins something that writes to the table, and kills the worker when it is about to."""
        with self.held(table) as somebody_waits:
            begin()
            eventually(somebody_waits)
            _kill(worker)
        busy = "SELECT FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
        eventually(lambda: not self.ask(busy))


def _tell(hand: Process, *what: object) -> None:
    assert hand.stdin is not None
    hand.stdin.write(json.dumps(what) + "\n")
    hand.stdin.flush()


def _kill(process: Process) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _copy_tables(origin: str, to: str) -> None:
    """What the migrations made of the one database, in the other, which is empty."""
    opened = connect(to)
    folder = programs(opened.server_version // 10_000)
    opened.close()
    dump = [str(folder / "pg_dump"), "--no-owner", "--no-comments", origin]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
        load = [str(folder / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", to]
        subprocess.run(load, stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=True)
    assert dumping.returncode == 0


@pytest.fixture(scope="module")
def portal(django_db_setup: None) -> Iterator[Portal]:
    """Servers with an empty portal, one indicator and one analyst."""
    with ExitStack() as started:
        given = started.enter_context(pytest.MonkeyPatch.context())
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BAGDAR_VAR"):
            given.delenv(name, raising=False)
        var = Path(started.enter_context(tempfile.TemporaryDirectory(prefix="bagdar-test-", dir="/tmp")))
        var.chmod(0o711)
        paths.prepare(var)
        started.enter_context(paths.instance_lock(var))
        both = Servers(var, throwaway=True)
        started.callback(both.tidy)
        both.initialise()
        for child in both.children:
            started.callback(child.stop)
            child.start()
        both.wait()
        found = Portal(both, started)
        _copy_tables(url_of(MIGRATED), found.url)
        found.do("set_up")
        yield found


def test_a_sender_who_dies_while_sending_leaves_no_upload(portal: Portal) -> None:
    before = portal.ask("SELECT count(*) FROM indicators_upload")
    sender = portal.begin_hand()
    row = TABLE + "neet-share,kazakhstan,2010,1\n"
    portal.kill_in_the_middle(sender, "indicators_upload", lambda: _tell(sender, "receive", row))
    assert portal.ask("SELECT count(*) FROM indicators_upload") == before


def test_every_step_that_is_killed_in_its_middle_is_finished_once(portal: Portal) -> None:
    upload = portal.do("receive", TABLE + "neet-share,kazakhstan,2011,5.4\n")
    worker = portal.begin_worker()
    portal.kill_in_the_middle(worker, "indicators_stagedfigure", lambda: None)
    assert portal.state(upload) == "received"
    assert portal.ask(f"SELECT FROM indicators_stagedfigure WHERE upload_id = {upload}") == []

    worker = portal.begin_worker()
    portal.sweep()
    portal.wait_for("previewed", upload)
    decider = portal.begin_hand()
    portal.kill_in_the_middle(decider, "indicators_upload", lambda: _tell(decider, "confirm", upload))
    assert portal.state(upload) == "previewed"

    portal.kill_in_the_middle(worker, "indicators_observation", lambda: portal.do("confirm", upload))
    assert (portal.state(upload), portal.figures(2011)) == ("confirmed", ([], 0))

    worker = portal.begin_worker()
    portal.sweep()
    portal.wait_for("applied", upload)
    assert portal.figures(2011) == ([("5.4", "A")], 1)

    portal.kill_in_the_middle(worker, "indicators_observation", lambda: portal.do("revert", upload))
    assert (portal.state(upload), portal.figures(2011)) == ("reverting", ([("5.4", "A")], 1))

    worker = portal.begin_worker()
    portal.sweep()
    portal.wait_for("reverted", upload)
    assert portal.figures(2011) == ([(None, "O")], 2)
    portal.sweep()
    row = portal.do("receive", TABLE + "neet-share,kazakhstan,2012,1\n")
    portal.wait_for("previewed", row)  # so the sweep before it is through
    assert portal.figures(2011) == ([(None, "O")], 2)
    _kill(worker)


def test_a_worker_that_dies_is_noticed_at_once_and_one_that_works_is_left_alone(portal: Portal) -> None:
    worker = portal.begin_worker()
    with portal.held("indicators_stagedfigure") as somebody_waits:
        upload = portal.do("receive", TABLE + "neet-share,kazakhstan,2015,5.4\n")
        eventually(somebody_waits)
        time.sleep(1.5)  # longer than one that was begun may stand still
        assert portal.do("standing_still") == []
        _kill(worker)
    eventually(lambda: portal.do("standing_still") == [upload])
    worker = portal.begin_worker()
    portal.sweep()
    portal.wait_for("previewed", upload)
    _kill(worker)


def test_a_file_that_comes_while_the_broker_is_away_is_found_by_the_sweep(portal: Portal) -> None:
    valkey = portal.both.children[1]
    valkey.stop()
    upload = portal.do("receive", TABLE + "neet-share,kazakhstan,2013,5.4\n")
    assert portal.state(upload) == "received"
    valkey.start()
    portal.both.wait()
    worker = portal.begin_worker()
    portal.sweep()
    portal.wait_for("previewed", upload)
    _kill(worker)


def test_a_worker_outlives_a_restart_of_the_database_in_the_middle_of_publishing(portal: Portal) -> None:
    worker = portal.begin_worker()
    upload = portal.do("receive", TABLE + "neet-share,kazakhstan,2014,5.4\n")
    portal.wait_for("previewed", upload)
    with portal.held("indicators_observation") as somebody_waits:
        portal.do("confirm", upload)
        eventually(somebody_waits)
        postgres = portal.both.children[0]
        postgres.stop()
        postgres.start()
        portal.both.wait()
    assert (portal.state(upload), portal.figures(2014)) == ("confirmed", ([], 0))
    portal.sweep()
    portal.wait_for("applied", upload)
    assert portal.figures(2014) == ([("5.4", "A")], 1)
    assert worker.poll() is None
