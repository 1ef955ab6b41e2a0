"""A long reporting day: does anything grow?

    python -m deploy.embedded run --throwaway -- python -m benchmarks.soak
        [--minutes 30] [--rows 300000] [--kpis 2000] [--scale 0.05]

Lets the crowd of `benchmarks.reporting_day` work, with a recomputation of everything every five minutes, and
notes every minute the memory of each kind of process (proportional set size: what is shared counts once),
the connections of PostgreSQL and Valkey, and Valkey's own count of its memory. Prints every fifth note. The
middle notes of the second and the last third of the time are compared (the first third warms up): exit code 1
where anything has grown by more than a tenth and by more than a busy moment moves it, or an error was seen.
"""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import redis
from django.conf import settings
from django.db import connection

from benchmarks.reporting_day import (
    Someone,
    Told,
    crowd,
    make_ready,
    portal,
    recomputer,
    report,
    run,
    session_of,
)
from deploy.ports import free_port

NOTED_EVERY, PRINTED_EVERY, RECOMPUTED_EVERY = 60, 5, 300
MAY_GROW = 1.1
MOVES = {"MB": 30, "connections": 5}
"""By so much a quantity may differ between two moments of the same portal."""
CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
Note = dict[str, float]


class Watcher(threading.Thread):
    """Takes a note every minute: megabytes by kind of process, connections by server."""

    def __init__(self, processes: list[psutil.Process]) -> None:
        super().__init__(daemon=True)
        web, worker, beat = processes
        launcher = psutil.Process(int((settings.VAR_DIR / "run" / "lock").read_text()))
        servers = {each.name(): each for each in launcher.children()}
        self.kinds = {"web": web, "worker": worker, "beat": beat} | {
            name: servers[program]
            for name, program in (("PostgreSQL", "postgres"), ("Valkey", "valkey-server"))
            if program in servers
        }
        self.notes: list[Note] = []
        self.over = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        while True:
            note = self._note()
            if len(self.notes) % PRINTED_EVERY == 0:
                tell(time.monotonic() - began, note)
            self.notes.append(note)
            if self.over.wait(NOTED_EVERY):
                return tell(time.monotonic() - began, note)

    def _note(self) -> Note:
        note: Note = {f"{name}, MB": _weight(process) for name, process in self.kinds.items()}
        with connection.cursor() as cursor:
            cursor.execute(CONNECTIONS)
            note["PostgreSQL, connections"] = cursor.fetchone()[0]
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            note["Valkey, connections"] = client.info("clients")["connected_clients"] - 1
            note["Valkey says, MB"] = client.info("memory")["used_memory"] / 1e6
        return note


def _weight(process: psutil.Process) -> float:
    """Megabytes of the process and what it has started."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


def tell(seconds: float, note: Note) -> None:
    """One line."""
    print(
        f"{seconds / 60:5.1f} min  " + "; ".join(f"{name} {value:.0f}" for name, value in note.items()),
        flush=True,
    )


def again(me: Someone) -> Iterator[float]:
    """Has everything recomputed, again and again."""
    while True:
        for pause in recomputer(me):
            if pause > RECOMPUTED_EVERY:  # it is done, and has nothing more to do
                break
            yield pause
        yield RECOMPUTED_EVERY


def judge(notes: list[Note]) -> list[str]:
    """What has grown between the second and the last third, in words; nothing of fewer than six notes."""
    third = len(notes) // 3
    if third < 2:
        return []
    found = []
    for name in notes[0]:
        before, after = (
            statistics.median(note[name] for note in part) for part in (notes[third:-third], notes[-third:])
        )
        if after > MAY_GROW * before and after - before > MOVES[name.rpartition(", ")[2]]:
            found.append(f"{name}: {before:.0f}, then {after:.0f}")
    return found


def main() -> int:
    """Builds, lets the day pass, judges."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--kpis", type=int, default=2_000)
    parser.add_argument("--scale", type=float, default=0.05)
    options = parser.parse_args()
    make_ready(options.rows, options.kpis, options.scale)
    port, told = free_port(), Told()
    with TemporaryDirectory() as folder, portal(Path(folder), port) as processes:
        server = f"127.0.0.1:{port}"
        people = crowd(told, server, options.scale)
        administrator = Someone(told, server, "recomputation", session_of("administrator@bagdar.example"))
        watcher = Watcher(processes)
        watcher.start()
        run([*people[:-2], people[-1], again(administrator)], 60 * options.minutes)
        watcher.over.set()
        watcher.join()
    report(told, 60 * options.minutes, print)
    grown = judge(watcher.notes)
    print(f"grown: {'; '.join(grown) or 'nothing'} ({len(watcher.notes)} notes)")
    return 1 if grown or any(told.errors.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
