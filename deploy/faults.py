"""The fault matrix: each part of the portal is killed in the middle of each thing that people do.

`python -m deploy.faults [--victims web,worker] [--steps "a figure is typed"]` runs a portal of its own, does
each thing, kills a part with SIGKILL when the thing is under way (or keeps it silent for ten seconds, as a
cut network would, or its disk full or slow: root only), lets the person try again as people do, and compares
the database: what was asked for must be there once. It prints a table for docs/reliability.md; all of it
takes ten to twenty-five minutes.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2

from deploy.faulty_disk import SlowDisk, fill_up
from deploy.faulty_steps import STEPS, Step
from deploy.instance import Instance, Person

FULL, SLOW = "full disk", "slow disk"
VICTIMS = {
    "web": ("gunicorn", signal.SIGKILL),
    "worker": (" worker ", signal.SIGKILL),
    "beat": (" beat ", signal.SIGKILL),
    "Valkey": ("valkey-server", signal.SIGKILL),
    "PostgreSQL": ("postgres -D", signal.SIGKILL),
    "Valkey silent": ("valkey-server", signal.SIGSTOP),
    "PostgreSQL silent": ("postgres -D", signal.SIGSTOP),
    SLOW: ("", 0),
    FULL: ("", 0),
}
"""What is struck: how its command line is known, and by what; the full disk is that of the files sent in, the
slow one everybody's."""
HEAD = "| while | struck | who did it saw | readers saw | no error after | done after | lost or twice |"
SILENCE_SECONDS = 10
UNDER_WAY_SECONDS = 20
PATIENCE_SECONDS = 150


class Reader(threading.Thread):
    """Somebody who opens a public page ten times a second: what came back, when the last bad answer."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(daemon=True)
        self.person = Person(instance.port)
        self.seen: Counter[str] = Counter()
        self.last_bad = 0.0
        self.slowest = 0.0
        self.goes_on = True

    def said(self) -> str:
        """What was seen that was no page, and the longest wait."""
        bad = ", ".join(
            f"{count} x {status}" for status, count in sorted(self.seen.items()) if status != "200"
        )
        return f"{bad or 'no error'}; slowest {self.slowest:.1f} s"

    def run(self) -> None:
        while self.goes_on:
            began = time.monotonic()
            status = self.person.get("/en/programmes/").status
            self.seen[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if status != "200":
                self.last_bad = time.monotonic()
            time.sleep(0.1)


@contextlib.contextmanager
def held(instance: Instance, table: str) -> Iterator[Callable[[], bool]]:
    """Nobody writes to the table meanwhile; yields whether somebody waits to."""
    holder = psycopg2.connect(instance.url)
    try:
        holder.cursor().execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield lambda: bool(instance.ask("SELECT FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"))
    finally:
        with contextlib.suppress(psycopg2.Error):
            holder.close()


def strike(instance: Instance, victim: str) -> None:
    """Kills the part with all that it has started, or takes it away for a while."""
    pattern, number = VICTIMS[victim]
    if victim == FULL:
        return fill_up(instance.var / "media", SILENCE_SECONDS)
    is_silenced = number == signal.SIGSTOP
    pids = instance.processes(pattern, deep=is_silenced or victim in {"web", SLOW})
    if victim == SLOW:
        return SlowDisk(instance.var).slow_down([instance.launcher.pid, *pids], SILENCE_SECONDS)
    _signal(pids, number)
    if is_silenced:
        threading.Timer(SILENCE_SECONDS, _signal, [pids, signal.SIGCONT]).start()
    return None


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def wait(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it came about in time; a database that is away says nothing."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.Error):
            if holds():
                return True
        time.sleep(0.1)
    return False


def try_cell(instance: Instance, victim: str, step: Step) -> str:
    """One row of the table."""
    step.prepare()
    reader = Reader(instance)
    answers: list[str] = []
    person = threading.Thread(target=lambda: answers.append(step.act()), daemon=True)
    struck, is_in_the_middle = begin_and_strike(instance, victim, step, person, reader)
    person.join(PATIENCE_SECONDS)
    while answers and not step.is_content(answers[-1]) and time.monotonic() - struck < PATIENCE_SECONDS:
        time.sleep(0.5)
        answers.append(step.act())
    done = wait(step.is_done, PATIENCE_SECONDS)
    seconds = time.monotonic() - struck
    over = 1 if VICTIMS[victim][1] == signal.SIGKILL else SILENCE_SECONDS + 2
    time.sleep(max(1.0, struck + over - time.monotonic()))
    reader.goes_on = False
    reader.join()
    instance.wait_until_whole()
    fault = step.fault() if done else "not finished"
    away = max(0.0, reader.last_bad - struck)
    title = f"{step.name} | {victim}{'' if is_in_the_middle else ' (not in the middle)'}"
    said = " then ".join(answers[:1] + answers[-1:] if len(answers) > 1 else answers)
    return f"| {title} | {said} | {reader.said()} | {away:.1f} s | {seconds:.1f} s | {fault or 'nothing'} |"


def begin_and_strike(
    instance: Instance, victim: str, step: Step, person: threading.Thread, reader: Reader
) -> tuple[float, bool]:
    """When it was struck, and whether in the middle of the step; a disk is full before it begins."""
    with contextlib.ExitStack() as ending:
        if victim == FULL:
            strike(instance, victim)
        elif step.table:
            is_there = ending.enter_context(held(instance, step.table))
        else:
            is_there = step.is_under_way
        person.start()
        is_in_the_middle = victim == FULL or wait(is_there, UNDER_WAY_SECONDS)
        reader.start()
        struck = time.monotonic()
        if victim != FULL:
            strike(instance, victim)
        if VICTIMS[victim][1] == signal.SIGSTOP:
            time.sleep(1)
    return struck, is_in_the_middle


def main() -> int:
    """Exit code 1 where anything was lost or done twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--victims", default=",".join(VICTIMS), help="separated by commas")
    names = ",".join(each.name for each in STEPS)
    parser.add_argument("--steps", default=names, help="separated by commas")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bagdar-faults-", dir="/tmp"))
    folder.chmod(0o711)
    rows = []
    try:
        with Instance(folder).running() as instance:
            say(HEAD)
            say("|---|---|---|---|---|---|---|")
            for kind in STEPS:
                for victim in options.victims.split(","):
                    if kind.name in options.steps.split(",") and (victim != FULL or kind.writes_files):
                        rows.append(try_cell(instance, victim, kind(instance)))
                        say(rows[-1])
    finally:
        with contextlib.suppress(OSError):  # it was not slowed down
            SlowDisk(folder).close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(row.endswith("| nothing |") for row in rows) else 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
